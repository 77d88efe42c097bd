"""What companies gave of their landlord, as they read it themselves, and as they show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.axes import Axis, label_of
from evaluations.models import AnswerStanding, Dimension, GivenAnswers
from evaluations.quarters import Quarter
from evaluations.services.showing import STANDING_AMONG
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.models import Organisation
from nexxio.core.notifications import bell
from nexxio.core.templatetags.ui import number

_MOST = 40
_THIRDS = {
    1: gettext_lazy("premier tiers"),
    2: gettext_lazy("deuxième tiers"),
    3: gettext_lazy("dernier tiers"),
}


@dataclass(frozen=True)
class GivenLine:
    """One axis of a company's own answers."""

    label: str
    mean: str
    n: int


@dataclass(frozen=True)
class Given:
    """A company's answers of a quarter. house: whom they are read with; alone: one person's."""

    row: GivenAnswers
    quarter: str
    house: str
    lines: list[GivenLine]
    alone: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a company stands by its answer rate at one landlord, or why that isn't said."""

    house: str
    quarter: str
    text: str


def given_answers(actor: Actor) -> list[Given]:
    """Return what the actor's own company gave, the newest quarter first. Two queries."""
    rows = GivenAnswers.objects.filter(contractor_id=actor.own_id).select_related("landlord")
    found = list(rows.order_by("-quarter", "landlord__name")[:_MOST])
    one_desk = bool(found) and _desk_size(actor) == 1
    return [given_of(row, row.landlord, one_desk=one_desk) for row in found]


def given_of(row: GivenAnswers, house: Organisation, *, one_desk: bool = False) -> Given:
    """Return a company's answers in words. one_desk: nobody else could answer there."""
    lines = _lines(row)
    return Given(
        row=row,
        quarter=str(Quarter(row.quarter)),
        house=house.name,
        lines=lines,
        alone=one_desk or any(line.n == 1 for line in lines),
    )


def is_alone(actor: Actor, row: GivenAnswers) -> bool:
    """Tell whether the answers may be those of one person, who is recognised then. One query."""
    return given_of(row, row.landlord, one_desk=_desk_size(actor) == 1).alone


def shown_answers(actor: Actor, quarter: Quarter, dimension: str, key: str) -> list[Given]:
    """Return what companies show a landlord of a quarter, in its view of all or of a company.

    One query; none in another view, or for a company.
    """
    if actor.side is not Side.LANDLORD:
        return []
    rows = GivenAnswers.objects.filter(landlord_id=actor.own_id, quarter=quarter.first)
    if dimension == Dimension.CONTRACTOR:
        rows = rows.filter(contractor_id=UUID(key))
    elif dimension != Dimension.OVERALL:
        return []
    rows = rows.select_related("contractor").order_by("contractor__name")
    return [given_of(row, row.contractor) for row in rows]


def standings(company: Organisation, landlord: Organisation | None, until: date) -> list[Standing]:
    """Return where a company stands at each landlord, in the newest quarter before a day.

    landlord: None for all of them. One query, in the company's scope.
    """
    rows = AnswerStanding.objects.filter(contractor_id=company.pk, quarter__lt=until)
    if landlord is not None:
        rows = rows.filter(landlord_id=landlord.pk)
    rows = rows.select_related("landlord").order_by("landlord_id", "-quarter")
    newest = rows.distinct("landlord_id")
    found = [
        Standing(row.landlord.name, str(Quarter(row.quarter)), _standing_text(row))
        for row in newest
    ]
    return sorted(found, key=lambda one: one.house)


# --- inside -----------------------------------------------------------------------------------


def _standing_text(row: AnswerStanding) -> str:
    if row.third is None:
        return _("Pas encore assez d’entreprises (%(n)d sur %(needed)d)") % {
            "n": row.companies,
            "needed": STANDING_AMONG,
        }
    return _("%(third)s, parmi %(n)d entreprises") % {
        "third": _THIRDS[row.third],
        "n": row.companies,
    }


def _lines(row: GivenAnswers) -> list[GivenLine]:
    return [
        GivenLine(label_of(line["subject"]), number(Decimal(line["mean"]), 1), line["n"])
        for line in sorted(row.lines, key=lambda line: Axis.values.index(line["subject"]))
    ]


def _desk_size(actor: Actor) -> int:
    desk = bell.members_with(actor.own_id, Role.MANAGER, Role.CLERK)
    return len({member.user_id for member in desk})
