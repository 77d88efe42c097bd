"""Lines of bonus and malus in words: what was measured, against what, and why it costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.bonus_spans import Span
from evaluations.bonus_sums import Line, waived
from evaluations.bonus_terms import (
    LATEST_ARRIVAL_HOURS,
    TIMED,
    WAIVED,
    BonusFact,
    Neutral,
    Outcome,
)
from evaluations.models import BonusContest, BonusLine
from nexxio.core.templatetags.ui import NBSP, number
from orders.models import Order
from orders.selectors.status import Status

_LOOK = {
    Outcome.MET: ("success", "circle-check"),
    Outcome.MISSED: ("warning", "alert-triangle"),
    Outcome.UNKNOWN: ("neutral", "help-circle"),
}


@dataclass(frozen=True)
class Row:
    """One line as people read it. pk: of a statement's line, None in a preview.

    amount: what it comes to now; full: what it would come to if nothing made it neutral.
    """

    pk: UUID | None
    order_id: UUID | None
    order: str
    on: date
    fact: str
    measured: str
    threshold: str
    status: Status | None
    amount: Decimal
    full: Decimal
    neutral: str
    contest: BonusContest | None = None

    @classmethod
    def sum_line(cls, on: date, label: str, euros: Decimal) -> Row:
        """Return what a file shows below the lines."""
        return cls(None, None, "", on, label, "", "", None, euros, euros, "")

    @property
    def is_spared(self) -> bool:
        """Whether it would have cost something."""
        return self.amount != self.full


def of_lines(lines: Iterable[Line]) -> list[Row]:
    """Return lines that aren't kept yet. One query."""
    found = list(lines)
    names = _references(line.unit.order_id for line in found)
    return [
        Row(
            pk=None,
            order_id=line.unit.order_id,
            order=names.get(line.unit.order_id, ""),
            on=line.unit.on,
            fact=str(BonusFact(line.unit.fact).label),
            measured=measured(
                line.unit.fact, line.unit.value, failed=line.unit.failed, outcome=line.outcome
            ),
            threshold=threshold(line.unit.fact, line.limit),
            status=_status(line.outcome),
            amount=line.amount,
            full=line.full,
            neutral=_why(line.neutral),
        )
        for line in found
    ]


def of_statement(lines: Iterable[BonusLine], contests: Mapping[UUID, BonusContest]) -> list[Row]:
    """Return lines of a statement, their order loaded, with what was contested of them."""
    return [_kept(line, contests.get(line.pk)) for line in lines]


def measured(fact: str, value: Decimal | None, *, failed: bool, outcome: str) -> str:
    """Return what was measured, in words; also why a value proves nothing."""
    if failed:
        return _("personne n’est venu")
    if value is None:
        return _("arrivée non notée") if fact == BonusFact.APPOINTMENT else _("aucun statut")
    told = _told(BonusFact(fact), int(value))
    if outcome == Outcome.UNKNOWN:
        words = _("%(told)s, mais annoncé plus de %(hours)s h après")
        return words % {"told": told, "hours": LATEST_ARRIVAL_HOURS}
    return told


def threshold(fact: str, limit: int) -> str:
    """Return what the value is held against, in words."""
    if fact in TIMED:
        return _("%(n)s min au plus") % {"n": number(limit)} if limit else _("sans retard")
    return _("complet") if fact == BonusFact.PACK else _("sans reprise")


def of_back(back: Iterable[tuple[BonusLine, str, Decimal]]) -> list[Row]:
    """Return what earlier statements give back: lines, their statement and order loaded, the reason
    and what comes back of each."""
    return [_given_back(*each) for each in back]


# --- inside -----------------------------------------------------------------------------------


def _told(fact: BonusFact, n: int) -> str:
    if fact == BonusFact.APPOINTMENT:
        return _("%(n)s min après le créneau") % {"n": number(n)} if n else _("à l’heure")
    if fact == BonusFact.STATUS:
        return f"{number(n)}{NBSP}min"
    if fact == BonusFact.PACK:
        words = ngettext("%(n)d pièce manquante", "%(n)d pièces manquantes", n) % {"n": n}
        return words if n else _("complet")
    return ngettext("%(n)d reprise", "%(n)d reprises", n) % {"n": n} if n else _("sans reprise")


def _kept(line: BonusLine, contest: BonusContest | None) -> Row:
    is_waived = contest is not None and contest.outcome in WAIVED
    neutral = _why(line.neutral)
    if contest is not None and is_waived:
        neutral = str(contest.get_outcome_display())
    return Row(
        pk=line.pk,
        order_id=line.order_id,
        order=line.order.reference,
        on=line.on,
        fact=line.get_fact_display(),
        measured=measured(line.fact, line.value, failed=line.failed, outcome=line.outcome),
        threshold=threshold(line.fact, line.limit),
        status=_status(Outcome(line.outcome)),
        amount=waived(line.amount) if is_waived else line.amount,
        full=line.full,
        neutral=neutral,
        contest=contest,
    )


def _given_back(line: BonusLine, neutral: str, amount: Decimal) -> Row:
    first, last = line.statement.first, line.statement.last
    period = Span(first, last.month - first.month + 1)
    value = measured(line.fact, line.value, failed=line.failed, outcome=line.outcome)
    return Row(
        pk=None,
        order_id=line.order_id,
        order=line.order.reference,
        on=line.on,
        fact=_("Régularisation de %(period)s : %(fact)s")
        % {"period": period, "fact": line.get_fact_display()},
        measured=value,
        threshold=threshold(line.fact, line.limit),
        status=Status("given_back", _("Malus rendu"), "success", "arrow-back-up"),
        amount=amount,
        full=amount,
        neutral=_why(neutral),
    )


def _status(outcome: Outcome) -> Status:
    tone, icon = _LOOK[outcome]
    return Status(outcome.value, str(outcome.label), tone, icon)


def _why(code: str) -> str:
    return str(Neutral(code).label) if code else ""


def _references(keys: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Order.objects.filter(pk__in=set(keys)).values_list("pk", "reference"))
