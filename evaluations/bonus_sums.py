"""Bonus and malus of a period: terms and measured units in, the statement's sums out. Pure.

Euros to the cent, halves up. Caps, and the share of perception, are rounded down: neither is ever
passed. What is neutral never costs anything. Nothing here knows who did the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from uuid import UUID

from evaluations.bonus_terms import BonusPer, Neutral, Outcome

CENT = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Term:
    """What a fact brings and costs. limit: what its value may come to at most.

    bonus, malus: euros a unit, or percent of the order's works, as `per` says; never negative.
    """

    fact: str
    limit: int
    per: str
    bonus: Decimal
    malus: Decimal


@dataclass(frozen=True)
class Terms:
    """All that two houses agreed on. Caps in percent of invoiced works.

    perception_weight: most of the bonus, in percent, that perception may be; perception_from: the
    mean from which on it brings something. onboarding_until: the last day without malus.
    """

    lines: tuple[Term, ...]
    cap_bonus: Decimal
    cap_malus: Decimal
    perception_weight: int = 0
    perception_from: Decimal | None = None
    onboarding_until: date | None = None


@dataclass(frozen=True)
class Unit:
    """One thing measured. value: minutes or a number, None where nothing was noted.

    failed: missed whatever its value (nobody came). unproven: its value was told too late to bring
    anything. works: of its order, euros excluding VAT. neutral: why it may cost nothing, ""
    otherwise.
    """

    fact: str
    order_id: UUID
    on: date
    value: Decimal | None
    works: Decimal = NOTHING
    failed: bool = False
    neutral: str = ""
    unproven: bool = False


@dataclass(frozen=True)
class Line:
    """A unit against its threshold. full: what it would come to if it weren't neutral."""

    unit: Unit
    limit: int
    outcome: Outcome
    full: Decimal
    amount: Decimal
    neutral: str


@dataclass(frozen=True)
class Sums:
    """What lines come to. cap: what the cap takes off (or gives back). malus is positive.

    regularised: what earlier statements give back, which no cap of this period takes off.
    """

    base: Decimal
    bonus: Decimal
    malus: Decimal
    perception: Decimal
    cap: Decimal
    regularised: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """The result, negative for a malus."""
        return self.bonus - self.malus + self.perception + self.cap + self.regularised


def lines_of(terms: Terms, units: Iterable[Unit]) -> list[Line]:
    """Return a line for each unit of a fact that the terms name, by day."""
    known = {term.fact: term for term in terms.lines}
    found = [_line(terms, known[unit.fact], unit) for unit in units if unit.fact in known]
    return sorted(found, key=lambda line: (line.unit.on, line.unit.fact))


def sums_of(
    terms: Terms, amounts: Sequence[Decimal], *, base: Decimal, mean: Decimal | None
) -> Sums:
    """Return what the amounts of lines come to.

    base: works invoiced in the period, euros excluding VAT. mean: what tenants think, as it was
    published; None where nothing was.
    """
    base = max(base, NOTHING)
    bonus = sum((each for each in amounts if each > 0), NOTHING)
    malus = -sum((each for each in amounts if each < 0), NOTHING)
    perception = _perception(terms, bonus, mean)
    raw = bonus - malus + perception
    most = _down(base * terms.cap_bonus / 100)
    least = -_down(base * terms.cap_malus / 100)
    return Sums(
        base=base,
        bonus=bonus,
        malus=malus,
        perception=perception,
        cap=min(max(raw, least), most) - raw,
    )


def waived(amount: Decimal) -> Decimal:
    """Return what is left of a line that is neutral: what it brings, never what it costs."""
    return max(amount, NOTHING)


# --- inside -----------------------------------------------------------------------------------


def _line(terms: Terms, term: Term, unit: Unit) -> Line:
    outcome = _outcome(term, unit)
    full = {
        Outcome.MET: _amount(term, term.bonus, unit),
        Outcome.MISSED: -_amount(term, term.malus, unit),
        Outcome.UNKNOWN: NOTHING,
    }[outcome]
    neutral = unit.neutral
    if terms.onboarding_until is not None and unit.on <= terms.onboarding_until:
        neutral = Neutral.ONBOARDING.value
    return Line(
        unit=unit,
        limit=term.limit,
        outcome=outcome,
        full=full,
        amount=waived(full) if neutral else full,
        neutral=neutral,
    )


def _outcome(term: Term, unit: Unit) -> Outcome:
    if unit.failed:
        return Outcome.MISSED
    if unit.value is None:
        return Outcome.UNKNOWN
    if unit.value > term.limit:
        return Outcome.MISSED
    return Outcome.UNKNOWN if unit.unproven else Outcome.MET


def _amount(term: Term, rate: Decimal, unit: Unit) -> Decimal:
    found = unit.works * rate / 100 if term.per == BonusPer.PERCENT else rate
    return found.quantize(CENT, ROUND_HALF_UP)


def _perception(terms: Terms, bonus: Decimal, mean: Decimal | None) -> Decimal:
    """Return what perception adds: with the facts' bonus it is the agreed share of the whole."""
    weight = terms.perception_weight
    if not weight or mean is None or terms.perception_from is None or mean < terms.perception_from:
        return NOTHING
    return _down(bonus * weight / (100 - weight))


def _down(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_DOWN)
