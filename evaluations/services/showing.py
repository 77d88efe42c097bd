"""What a company gave of its landlord: kept for itself, shown and withdrawn (docs/adr/0062)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction

from evaluations import policies, showing_events
from evaluations.axes import Axis, Direction
from evaluations.lattice import ANONYMOUS, Cell, stays_hidden
from evaluations.models import (
    AnswerStanding,
    Ballot,
    Dimension,
    GivenAnswers,
    Level,
    Result,
)
from evaluations.quarters import Quarter
from evaluations.scoring import TENTH
from evaluations.services.votes import asked_of_company, vote_of
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Organisation
from nexxio.core.outbox import Subject, of_house, record

_C2L = Direction.CONTRACTOR_LANDLORD
STANDING_AMONG = 6
"""Among fewer companies not even a third is said: it would tell who answered."""


def keep_given(rows: Iterable[Result], ballots: Sequence[Ballot]) -> None:
    """Keep for each company what it gave and where it stands, beside what is published now.

    Inside the block that publishes. Of an axis only where all companies together are told, or where
    not even a number is said: elsewhere the number of its answers would tell that of the others.
    """
    axes = [
        row.subject
        for row in rows
        if row.direction == _C2L
        and row.dimension == Dimension.OVERALL
        and row.subject in Axis.values
        and (row.level != Level.FEW or row.n == 0)
    ]
    of_company: dict[UUID, list[Ballot]] = {}
    for one in ballots:
        if one.direction == _C2L:
            of_company.setdefault(one.contractor_id, []).append(one)
    rates = {
        key: Fraction(sum(bool(one.marks) for one in own), len(own))
        for key, own in of_company.items()
    }
    given, standings = [], []
    for key, own in of_company.items():
        of = {
            "landlord_id": own[0].landlord_id,
            "contractor_id": key,
            "quarter": own[0].quarter,
        }
        third = _third(rates[key], list(rates.values()))
        standings.append(AnswerStanding(**of, companies=len(rates), third=third))
        if lines := _lines(own, axes):
            given.append(GivenAnswers(**of, lines=lines))
    AnswerStanding.objects.bulk_create(standings)
    GivenAnswers.objects.bulk_create(given)


@transaction.atomic
def keep_given_later(*, actor: Actor, landlord_id: UUID, quarter: Quarter) -> bool:
    """Keep what companies gave of a quarter that was published before this was kept (ADR 62).

    As the system; raises Refused for anybody else. Locks the landlord. False where nothing of
    companies is published, where it is kept already, or where the ballots are no more those that
    were counted then. No event: that the quarter is published was told.
    """
    if actor.side is not Side.SYSTEM:
        raise Refused("Les réponses d’un trimestre se gardent d’elles-mêmes.", code="role")
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=landlord_id)
    of = {"landlord_id": landlord_id, "quarter": quarter.first}
    rows = list(Result.objects.filter(**of, direction=_C2L, dimension=Dimension.OVERALL))
    ballots = list(Ballot.objects.filter(**of, direction=_C2L))
    told = {row.asked for row in rows if row.level != Level.FEW}
    if not rows or told - {len(ballots)} or AnswerStanding.objects.filter(**of).exists():
        return False
    keep_given(rows, ballots)
    return True


@transaction.atomic
def show_answers(*, actor: Actor, given_id: UUID, consents: bool) -> GivenAnswers:
    """Wish to show the company's own answers of a quarter to their landlord. Locks them.

    The clock looks first whether the others stay hidden (`settle_showing`); what was shown before
    is shown again at once, since it tells nothing new. Raises Refused for another role, Invalid
    without consent, Conflict where they are shown, looked at or were refused.
    """
    given = _locked(actor, given_id)
    if not consents:
        raise Invalid({"consents": ["Cochez votre accord pour montrer vos réponses."]})
    if given.is_shown or given.is_looked_at:
        raise Conflict("C’est déjà demandé.")
    if given.refused_at is not None:
        raise Conflict("Ces réponses ne peuvent pas être montrées sans dévoiler les autres.")
    if given.shown_at is not None:
        given.withdrawn_at = None
        given.save(update_fields=["withdrawn_at"])
        _tell(showing_events.AnswersShown(quarter=str(Quarter(given.quarter))), given, actor)
        return given
    given.asked_at, given.asked_by_id = clock.now(), actor.user_id
    given.save(update_fields=["asked_at", "asked_by"])
    _tell_house(showing_events.AnswersAsked(quarter=str(Quarter(given.quarter))), given, actor)
    return given


@transaction.atomic
def withdraw_answers(*, actor: Actor, given_id: UUID) -> GivenAnswers:
    """Show the company's own answers no more, at any time. Locks them.

    Raises Refused for another role, Conflict where they are neither shown nor looked at.
    """
    given = _locked(actor, given_id)
    withdrawn = showing_events.AnswersWithdrawn(quarter=str(Quarter(given.quarter)))
    if given.is_shown:
        given.withdrawn_at = clock.now()
        given.save(update_fields=["withdrawn_at"])
        _tell(withdrawn, given, actor)
    elif given.is_looked_at:
        given.asked_at, given.asked_by_id = None, None
        given.save(update_fields=["asked_at", "asked_by"])
        _tell_house(withdrawn, given, actor)
    else:
        raise Conflict("Ces réponses ne sont pas montrées.")
    return given


@transaction.atomic
def settle_showing(*, actor: Actor, given_id: UUID) -> bool:
    """Show what a company wishes to show, or refuse it; return whether it is shown.

    As the system; raises Refused for anybody else. Locks the landlord, so that two companies are
    looked at one after the other, then the row. Whoever ever showed his answers of the quarter
    counts as known, withdrawn or not.
    """
    if actor.side is not Side.SYSTEM:
        raise Refused("La vérification se fait d’elle-même.", code="role")
    landlord_id = GivenAnswers.objects.values_list("landlord_id", flat=True).get(pk=given_id)
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=landlord_id)
    given: GivenAnswers = GivenAnswers.objects.select_for_update(of=("self",)).get(pk=given_id)
    if not given.is_looked_at:
        return given.is_shown
    quarter = str(Quarter(given.quarter))
    of = {"landlord_id": landlord_id, "quarter": given.quarter}
    shown = GivenAnswers.objects.filter(**of, shown_at__isnull=False)
    if not _others_stay_hidden(
        list(Ballot.objects.filter(**of, direction=_C2L)),
        Result.objects.filter(**of, direction=_C2L).exclude(level=Level.FEW),
        {given.contractor_id, *shown.values_list("contractor_id", flat=True)},
    ):
        given.refused_at = clock.now()
        given.save(update_fields=["refused_at"])
        _tell_house(showing_events.AnswersRefused(quarter=quarter), given, actor)
        return False
    given.shown_at = clock.now()
    given.save(update_fields=["shown_at"])
    _tell(showing_events.AnswersShown(quarter=quarter), given, actor)
    return True


# --- inside -----------------------------------------------------------------------------------


def _lines(own: Sequence[Ballot], axes: Iterable[str]) -> list[dict[str, Any]]:
    found = []
    for subject in axes:
        marks = [mark for one in own if (mark := one.marks.get(subject))]
        if marks:
            mean = (Decimal(sum(marks)) / len(marks)).quantize(TENTH, ROUND_HALF_UP)
            found.append({"subject": subject, "n": len(marks), "mean": str(mean)})
    return found


def _third(rate: Fraction, rates: Sequence[Fraction]) -> int | None:
    """Return 1 to 3, equals in the better one; who gave nothing at all is in the last."""
    if len(rates) < STANDING_AMONG:
        return None
    if not rate:
        return 3
    return 1 + 3 * sum(other > rate for other in rates) // len(rates)


def _others_stay_hidden(
    ballots: Sequence[Ballot], results: Iterable[Result], known: Collection[UUID]
) -> bool:
    """Tell whether nobody but the known companies is found by results that have a mean.

    Nobody's marks on an axis; and not whether somebody answered at all, whatever the axis.
    """
    told: dict[str, list[Cell]] = {}
    for row in results:
        told.setdefault(row.subject, []).append((row.dimension, row.key))
    views = sorted({cell for cells in told.values() for cell in cells})
    everybody = [asked_of_company(one) for one in ballots]
    return stays_hidden(everybody, views, known, ANONYMOUS) and all(
        stays_hidden(
            [vote_of(one, _C2L, mark) for one in ballots if (mark := one.marks.get(subject))],
            cells,
            known,
            ANONYMOUS,
        )
        for subject, cells in told.items()
        if subject in Axis.values
    )


def _locked(actor: Actor, given_id: UUID) -> GivenAnswers:
    given: GivenAnswers = GivenAnswers.objects.select_for_update(of=("self",)).get(pk=given_id)
    if not policies.shows_answers(actor) or given.contractor_id != actor.organisation_id:
        raise Refused("Seule la direction de l’entreprise montre ses réponses.", code="role")
    return given


def _tell(event: EventType, given: GivenAnswers, actor: Actor) -> None:
    record(event, actor=actor, subject=_both(given), subject_type="given_answers")


def _both(given: GivenAnswers) -> Subject:
    return Subject(pk=given.pk, landlord_id=given.landlord_id, contractor_id=given.contractor_id)


def _tell_house(event: EventType, given: GivenAnswers, actor: Actor) -> None:
    """Record what is the company's own business: its landlord never reads that it was asked."""
    subject = of_house(pk=given.pk, organisation_id=given.contractor_id, side=Side.CONTRACTOR)
    record(event, actor=actor, subject=subject, subject_type="given_answers")
