"""What the pages show of visits that found nobody, and what their reader may do about them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.templatetags.ui import day
from orders import access_policies, policies
from orders.access_states import ACCESS_CHECK, ATTEMPTS, AccessCheckState
from orders.models import AccessCheck, AccessLetter, DocumentState, Order, Visit
from orders.services.access_ends import closing_obstacle, is_writing, latest_letter
from orders.services.attempts import Attempt, attempts
from orders.states import VisitState


@dataclass(frozen=True)
class AttemptCard:
    """A visit that found nobody, as a desk reads it. answer: where its check stands, in words."""

    attempt: Attempt
    answer: str
    can_respond: bool
    can_decide: bool

    @property
    def check(self) -> AccessCheck | None:
        """The check itself."""
        return self.attempt.check

    @property
    def place(self) -> str:
        """Return "Passage 2 sur 2"; "" for a visit that doesn't count."""
        rank = self.attempt.rank
        return f"Passage {rank} sur {max(rank, ATTEMPTS)}" if rank else ""


@dataclass(frozen=True)
class AccessPart:
    """All of an order's visits that found nobody, and what the landlord decides after the last.

    place_of_next: of the visit that is open, "" without one before it. target: whether the next
    attempt falls inside the order's target date, "" where none is to come. obstacle: why the order
    can't be closed for no access.
    """

    cards: dict[UUID, AttemptCard]
    place_of_next: str
    target: str
    is_past_target: bool
    is_to_decide: bool
    is_retry_asked: bool
    obstacle: str
    letter: AccessLetter | None
    is_writing: bool
    has_letter_failed: bool
    can_write: bool

    @property
    def open_cards(self) -> list[AttemptCard]:
        """Those whose statements contradict each other, and nobody has settled it."""
        return [card for card in self.cards.values() if card.attempt.is_unsettled]

    @property
    def can_close(self) -> bool:
        """Tell whether the order may be closed for no access now."""
        return self.is_to_decide and not self.obstacle

    @property
    def shows_letters(self) -> bool:
        """Tell whether there is anything about letters to show."""
        return self.can_write or self.letter is not None


def access_part(actor: Actor, order: Order, visits: list[Visit]) -> AccessPart:
    """Return what the order page shows. visits: the order's, with their proof."""
    found = attempts(order, visits)
    counted = [attempt for attempt in found if attempt.rank]
    open_visit = next((visit for visit in visits if policies.is_open(visit)), None)
    decides = len(counted) >= ATTEMPTS and access_policies.decides(actor, order, open_visit)
    last = counted[-1].check if counted else None
    writes = bool(counted) and access_policies.writes_letters(actor, order)
    latest = latest_letter(order) if counted and actor.side is Side.LANDLORD else None
    under_way = is_writing(latest)
    asked = last is not None and last.retry_at is not None
    comes = open_visit is not None or asked or 0 < len(counted) < ATTEMPTS
    on = clock.day_of(open_visit.window_start) if open_visit else clock.today()
    past = order.target_date is not None and on > order.target_date
    ready = latest is not None and latest.state == DocumentState.READY
    return AccessPart(
        cards={attempt.visit.pk: _card(actor, attempt) for attempt in found},
        place_of_next=place_of_next(open_visit, len(counted)),
        target=_against_target(order, open_visit, past=past) if counted and comes else "",
        is_past_target=past,
        is_to_decide=decides,
        is_retry_asked=asked,
        obstacle=closing_obstacle(order, counted) if decides else "",
        letter=latest if ready or latest is None else latest_letter(order, ready=True),
        is_writing=under_way,
        has_letter_failed=latest is not None and not under_way and not ready,
        can_write=writes and not under_way,
    )


def _against_target(order: Order, visit: Visit | None, *, past: bool) -> str:
    """Return in words where the next attempt stands to the target date; "" without a date.

    visit: the open one. It is asked of orders that are with their company only.
    """
    if order.target_date is None or order.state not in policies.WITH_CONTRACTOR:
        return ""
    on = day(order.target_date)
    if visit is not None:
        return (
            f"Ce nouveau passage est après la date limite ({on})."
            if past
            else f"Ce nouveau passage est dans le délai (jusqu’au {on})."
        )
    if past:
        return f"La date limite ({on}) est passée : le nouveau passage sera hors délai."
    return f"Nouveau passage à prévoir avant la date limite ({on})."


def place_of_next(visit: Visit | None, missed: int) -> str:
    """Return "Passage 2 sur 2" for a visit that follows so many without access; "" else."""
    if visit is None or not missed:
        return ""
    rank = missed + 1
    return f"Passage {rank} sur {max(rank, ATTEMPTS)}"


def _card(actor: Actor, attempt: Attempt) -> AttemptCard:
    check, visit = attempt.check, attempt.visit
    told = check is not None and visit.reader_case_id is not None
    return AttemptCard(
        attempt=attempt,
        answer=ACCESS_CHECK.label(check.state, actor.side) if check is not None and told else "",
        can_respond=check is not None and access_policies.can_settle("contest", actor, check),
        can_decide=check is not None and access_policies.can_settle("uphold", actor, check),
    )


@dataclass(frozen=True)
class AnswerPart:
    """What the tenant reads of the last visit that found nobody, and which answers he may give."""

    visit: Visit
    check: AccessCheck
    said: str
    can_say_here: bool
    can_say_away: bool

    @property
    def is_open(self) -> bool:
        """Tell whether he hasn't answered yet."""
        return self.check.state == AccessCheckState.ASKED


def answer_part(actor: Actor, order: Order, visits: list[Visit]) -> AnswerPart | None:
    """Return the tenant's part of his last visit without access; None where there is none."""
    missed = [
        visit
        for visit in visits
        if visit.state in (VisitState.NO_ACCESS, VisitState.CONTRACTOR_NO_SHOW)
    ]
    if not missed or order.state not in policies.WITH_CONTRACTOR:
        return None
    visit = max(missed, key=lambda each: each.number)
    check = AccessCheck.objects.filter(reader_case_id=actor.case_id, visit_id=visit.pk).first()
    if check is None:
        return None
    here = "say_here" if check.proven else "say_here_unproven"
    return AnswerPart(
        visit=visit,
        check=check,
        said=""
        if check.state == AccessCheckState.ASKED
        else ACCESS_CHECK.label(check.state, Side.TENANT),
        can_say_here=access_policies.can_say(here, actor, order, visit, check),
        can_say_away=access_policies.can_say("say_away", actor, order, visit, check),
    )
