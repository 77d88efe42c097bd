"""What a desk has to give, what it gave, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from evaluations import policies, questionnaire
from evaluations.axes import Direction, label_of
from evaluations.models import Answer, Campaign, CampaignSeat, Evaluation, Voice, VoiceReport
from evaluations.quarters import Quarter
from evaluations.states import EVALUATION, SHOWN, EvaluationState
from evaluations.wording import mark_text
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Organisation
from orders.models import Order
from orders.selectors.history import HistoryEntry, house_history
from orders.selectors.status import Status

SHOWN_AT_MOST = 30
_SINCE = (
    "evaluation.revealed",
    "evaluation.replied",
    "evaluation.contested",
    "evaluation.kept",
    "evaluation.withdrawn",
)
"""What both sides may read of an evaluation: none of it tells who answered, or when."""
CAMPAIGNS_AT_MOST = 100
_LOOK = {
    EvaluationState.INVITED: ("warning", "pencil"),
    EvaluationState.ANSWERED: ("info", "eye-off"),
    EvaluationState.EXPIRED: ("neutral", "clock"),
    EvaluationState.REVEALED: ("success", "eye"),
    EvaluationState.REPLIED: ("info", "message"),
    EvaluationState.CONTESTED: ("warning", "flag"),
    EvaluationState.KEPT: ("neutral", "gavel"),
    EvaluationState.WITHDRAWN: ("neutral", "gavel"),
}


@dataclass(frozen=True)
class Card:
    """One evaluation in a list or on its page. decision: the platform's, of a contested one."""

    evaluation: Evaluation
    title: str
    status: Status
    marks: list[tuple[str, str]]
    text: str
    decision: str
    is_open: bool
    shows: bool
    can_reply: bool
    can_contest: bool
    until: datetime | None


@dataclass(frozen=True)
class Asked:
    """A campaign that asks the actor's house. mine: it waits for his own answer.

    asked, answered: how many of his own house; never of the other one.
    """

    campaign: Campaign
    other: Organisation
    quarter: str
    asked: int
    answered: int
    mine: bool


@dataclass(frozen=True)
class Word:
    """What a tenant wrote, as the reader's house reads it. report: what came of it, if reported."""

    voice: Voice
    report: VoiceReport | None
    by: str
    can_report: bool


@dataclass(frozen=True)
class DeskPage:
    """The page. can_give: whether the actor's role gives evaluations.

    is_cut: older ones are left out.
    """

    campaigns: list[Asked]
    questions: list[Card]
    received: list[Card]
    given: list[Card]
    voices: list[Word]
    can_give: bool
    is_cut: bool

    @property
    def waiting(self) -> list[Asked]:
        """The campaigns that wait for the actor's own answer."""
        return [asked for asked in self.campaigns if asked.mine]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show at all."""
        parts = (self.campaigns, self.questions, self.received, self.given, self.voices)
        return not any(parts)


def desk_page(actor: Actor) -> DeskPage:
    """Return what waits for the actor, what his side said, what is said of his house.

    Seven queries.

    received: of a company, what was said of it; of a landlord, what tenants who want to be called
    back said. given: what a landlord's side said, with the company's reply.
    """
    now = clock.now()
    can_give = policies.desk(actor)
    own = policies.direction_of(actor)
    shared = _cards(actor, _shared(), now)
    said_by_us = [card for card in shared if card.evaluation.direction == own]
    return DeskPage(
        campaigns=_campaigns(actor, now) if can_give else [],
        questions=_cards(actor, _questions(actor, now), now) if can_give else [],
        received=[card for card in shared if card.evaluation.direction != own],
        given=[card for card in said_by_us if card.shows],
        voices=_words_of_tenants(can_report=can_give),
        can_give=can_give,
        is_cut=len(shared) == SHOWN_AT_MOST,
    )


def to_give(actor: Actor) -> int:
    """Return how many evaluations wait for the actor's own answer. Two queries at most."""
    if not policies.desk(actor):
        return 0
    now = clock.now()
    campaigns = sum(asked.mine for asked in _campaigns(actor, now))
    return len(_questions(actor, now)) + campaigns


def card_of(actor: Actor, evaluation: Evaluation) -> Card:
    """Return one evaluation as the actor reads it."""
    return _cards(actor, [evaluation], clock.now())[0]


def history_of(actor: Actor, card: Card) -> list[HistoryEntry]:
    """Return what happened to an evaluation since it was shown: reply, contest, decision."""
    if not card.shows:
        return []
    about = card.evaluation
    return house_history(actor, (about.landlord, about.contractor), [about.pk], kinds=_SINCE)


def sentences_of(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Return the (subject, sentence) pairs that an evaluation asks."""
    return questionnaire.sentences(evaluation.direction, evaluation.version, evaluation.subjects)


def sentences_of_campaign(actor: Actor, campaign: Campaign) -> list[tuple[str, str]]:
    """Return the (subject, sentence) pairs of a campaign, for the actor's side."""
    direction = policies.direction_of(actor)
    version = questionnaire.version_on(direction, clock.day_of(campaign.opened_at))
    own = questionnaire.own_of(campaign.landlord_id, direction, campaign.quarter)
    subjects = questionnaire.of_a_campaign(direction, version, own)
    return questionnaire.sentences(direction, version, subjects)


def has_answered(actor: Actor, campaign: Campaign) -> bool:
    """Tell whether the actor himself has given a campaign's evaluation."""
    return Answer.objects.filter(campaign=campaign, user=actor.user_id).exists()


def panel_of(actor: Actor, order: Order) -> list[Card]:
    """Return an order's evaluations as the actor reads them: asked of him, or shared."""
    rows = Evaluation.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    rows = rows.exclude(state=EvaluationState.EXPIRED)
    return _cards(actor, list(rows.select_related("landlord", "contractor", "order")), clock.now())


# --- inside -----------------------------------------------------------------------------------


def _words_of_tenants(*, can_report: bool) -> list[Word]:
    """Return the newest comments, with what was reported of each."""
    rows = Voice.objects.select_related("contractor", "landlord").order_by("-month", "id")
    voices = rows.prefetch_related("reports")[:SHOWN_AT_MOST]
    found = []
    for voice in voices:
        report = next(iter(voice.reports.all()), None)
        by = ""
        if report is not None:
            house = voice.landlord if report.side == Side.LANDLORD else voice.contractor
            by = house.name
        found.append(Word(voice, report, by, can_report and report is None))
    return found


def _questions(actor: Actor, now: datetime) -> list[Evaluation]:
    rows = Evaluation.objects.filter(
        direction=policies.direction_of(actor),
        order__isnull=False,
        state=EvaluationState.INVITED,
        closes_at__gt=now,
    )
    found = rows.select_related("landlord", "contractor", "order").order_by("closes_at")
    return list(found[:SHOWN_AT_MOST])


def _shared() -> list[Evaluation]:
    decided = (*SHOWN, EvaluationState.WITHDRAWN)
    rows = Evaluation.objects.filter(is_shared=True, state__in=decided)
    found = rows.select_related("landlord", "contractor", "order").order_by("-revealed_at", "id")
    return list(found[:SHOWN_AT_MOST])


def _campaigns(actor: Actor, now: datetime) -> list[Asked]:
    """Return the running campaigns with a seat in the actor's house, his own first. One query.

    Seats and evaluations of the other house are in nobody's scope here.
    """
    own = {"campaign": OuterRef("pk"), "direction": policies.direction_of(actor)}
    seats = CampaignSeat.objects.filter(**own)
    given = Answer.objects.filter(campaign=OuterRef("pk"), user=actor.user_id)
    rows: QuerySet[Campaign, Any] = (
        Campaign.objects.filter(Exists(seats), closed_at__isnull=True, closes_at__gt=now)
        .annotate(
            asked=_count(seats),
            answered=_count(Evaluation.objects.filter(**own)),
            mine=Exists(seats.filter(user=actor.user_id)) & ~Exists(given),
        )
        .select_related("landlord", "contractor")
        .order_by("-mine", "closes_at", "id")
    )
    return [
        Asked(
            campaign=row,
            other=other_of(actor, row),
            quarter=quarter_text(row),
            asked=row.asked,
            answered=row.answered,
            mine=row.mine,
        )
        for row in rows[:CAMPAIGNS_AT_MOST]
    ]


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("campaign").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def other_of(actor: Actor, row: Campaign | Evaluation) -> Organisation:
    """Return the other house of a campaign or an evaluation."""
    found: Organisation = row.contractor if actor.side is Side.LANDLORD else row.landlord
    return found


def quarter_text(row: Campaign | Evaluation) -> str:
    """Return the quarter in words."""
    return str(Quarter(row.quarter))


def _cards(actor: Actor, rows: Sequence[Evaluation], now: datetime) -> list[Card]:
    answers = _answers(actor, rows, now)
    own = questionnaire.own_sentences(subject for row in rows for subject in row.subjects)
    return [_card(actor, row, answers.get(row.pk), now, own) for row in rows]


def _answers(actor: Actor, rows: Iterable[Evaluation], now: datetime) -> dict[UUID, Answer]:
    keys = [
        row.pk
        for row in rows
        if row.state != EvaluationState.WITHDRAWN and policies.shows_reveal(actor, row, now)
    ]
    if not keys:
        return {}
    return {one.evaluation_id: one for one in Answer.objects.filter(evaluation__in=keys)}


def _card(
    actor: Actor,
    row: Evaluation,
    answer: Answer | None,
    now: datetime,
    own: Mapping[str, str],
) -> Card:
    shows = policies.shows_reveal(actor, row, now)
    state = EvaluationState(row.state)
    if row.is_shared and not shows:
        state = EvaluationState.ANSWERED
    tone, icon = _LOOK[state]
    subjects = row.subjects if answer is not None else []
    return Card(
        evaluation=row,
        title=_title(actor, row),
        status=Status(state.value, EVALUATION.label(state, actor.side), tone, icon),
        marks=[(label_of(name, own), mark_text(answer.marks.get(name))) for name in subjects]
        if answer
        else [],
        text=answer.text if answer else "",
        decision=_decision(actor, row),
        is_open=policies.gives(actor, row) and policies.is_open(row, now),
        shows=shows,
        can_reply=policies.may_react("reply", actor, row, now),
        can_contest=policies.may_react("contest", actor, row, now),
        until=policies.reply_until(row),
    )


def _decision(actor: Actor, row: Evaluation) -> str:
    """Return what the platform decided, in words; a reply to what was kept doesn't change it."""
    if row.decided_at is None:
        return ""
    is_withdrawn = row.state == EvaluationState.WITHDRAWN
    decided = EvaluationState.WITHDRAWN if is_withdrawn else EvaluationState.KEPT
    return str(EVALUATION.label(decided, actor.side))


def _title(actor: Actor, row: Evaluation) -> str:
    """Return who speaks of whom, and of which quarter where it is about no order."""
    if row.direction == Direction.TENANT_REPAIR:
        return _("L’avis du locataire")
    is_received = row.direction == Direction.LANDLORD_CONTRACTOR and actor.side is Side.CONTRACTOR
    words = _("%s vous évalue") if is_received else _("Votre avis sur %s")
    title = words % other_of(actor, row).name
    return title if row.order_id is not None else f"{title}, {quarter_text(row)}"
