"""A period of a contract, counted: what statements keep, and what previews and simulations show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from evaluations.bonus_facts import (
    Opinion,
    invoiced,
    opinion_for,
    opinions,
    units_of,
)
from evaluations.bonus_regularising import GivenBack, sum_of
from evaluations.bonus_rules import terms_of
from evaluations.bonus_spans import Span
from evaluations.bonus_sums import NOTHING, Line, Sums, Unit, lines_of, sums_of
from evaluations.models import BonusRules


@dataclass(frozen=True)
class Counted:
    """A period: its lines and what they come to. opinion: None where nothing was published.

    back: what closed statements of earlier periods give back in it.
    """

    span: Span
    lines: list[Line]
    sums: Sums
    opinion: Opinion | None
    back: tuple[GivenBack, ...] = ()

    @property
    def n(self) -> int:
        """How many orders were measured."""
        return len({line.unit.order_id for line in self.lines})

    @property
    def neutral(self) -> int:
        """How many orders can't cost anything, whatever was measured."""
        return len({line.unit.order_id for line in self.lines if line.neutral})

    def with_back(self, back: Sequence[GivenBack]) -> Counted:
        """Return the same with what earlier statements give back."""
        sums = replace(self.sums, regularised=sum_of(back))
        return replace(self, sums=sums, back=tuple(back))


def nothing_of(rules: BonusRules, span: Span) -> Counted:
    """Return a period after the contract's end, in which nothing is measured."""
    return Counted(span, [], sums_of(terms_of(rules), [], base=NOTHING, mean=None), None)


def count(rules: BonusRules, spans: Sequence[Span]) -> list[Counted]:
    """Return each of some periods that follow one another, as the rules count it.

    Five queries, and one for the terms where they aren't loaded; the contract is.
    """
    contract, terms = rules.contract, terms_of(rules)
    first, last = spans[0], spans[-1]
    units = units_of(contract, first, until=last, pieces=rules.pieces)
    bills = invoiced(contract, first, until=last)
    told = opinions(contract) if rules.perception_weight else []
    found = []
    for span in spans:
        lines = lines_of(terms, _within(units, span))
        opinion = opinion_for(told, span)
        sums = sums_of(
            terms,
            [line.amount for line in lines],
            base=_sum(bills, span),
            mean=opinion.mean if opinion else None,
        )
        found.append(Counted(span, lines, sums, opinion))
    return found


def _within(units: Sequence[Unit], span: Span) -> list[Unit]:
    return [unit for unit in units if span.first <= unit.on <= span.last]


def _sum(bills: Mapping[date, Decimal], span: Span) -> Decimal:
    days = (euros for day, euros in bills.items() if span.first <= day <= span.last)
    return sum(days, NOTHING)
