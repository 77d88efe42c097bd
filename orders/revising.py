"""A revision formula worked out: indexes as they were read, and the coefficient. Pure.

Coefficients are fractions until they are rounded, once, as the contract says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from orders.models import CoefficientRounding


@dataclass(frozen=True)
class Reading:
    """What an index is worth in a month. value: None when nobody has entered it."""

    month: date
    value: Decimal | None = None
    provisional: bool = False
    source: str = ""


@dataclass(frozen=True)
class Part:
    """One index of a formula, read in the reference month and in the month of the revision."""

    code: str
    label: str
    share: Decimal
    reference: Reading
    current: Reading

    @property
    def readings(self) -> tuple[Reading, Reading]:
        """The two months."""
        return self.reference, self.current


def exact_of(fixed_part: Decimal, parts: Iterable[Part]) -> Fraction:
    """Return the coefficient before it is rounded. Every value of the parts is known."""
    total = Fraction(fixed_part)
    for part in parts:
        assert part.current.value is not None
        assert part.reference.value is not None
        total += (
            Fraction(part.share) * Fraction(part.current.value) / Fraction(part.reference.value)
        )
    return total


def rounded(exact: Fraction, rounding: str) -> Decimal:
    """Return the coefficient as the contract rounds it (CoefficientRounding)."""
    if rounding == CoefficientRounding.UP_3:
        return Decimal(-(-exact.numerator * 1000 // exact.denominator)).scaleb(-3)
    return to_places(exact, 3 if rounding == CoefficientRounding.NEAREST_3 else 4)


def to_places(value: Fraction, places: int) -> Decimal:
    """Round a fraction that isn't negative, half up."""
    whole = (2 * value.numerator * 10**places + value.denominator) // (2 * value.denominator)
    return Decimal(whole).scaleb(-places)


def stored(part: Part) -> dict[str, Any]:
    """Return a part as it is kept with a version, as JSON."""

    def of(reading: Reading) -> dict[str, Any]:
        return {
            "month": reading.month.isoformat(),
            "value": str(reading.value),
            "provisional": reading.provisional,
            "source": reading.source,
        }

    return {
        "code": part.code,
        "label": part.label,
        "share": str(part.share),
        "reference": of(part.reference),
        "current": of(part.current),
    }


def part_from(data: Mapping[str, Any]) -> Part:
    """Return a part that was kept (`stored`)."""

    def of(reading: Mapping[str, Any]) -> Reading:
        return Reading(
            date.fromisoformat(reading["month"]),
            Decimal(reading["value"]),
            reading["provisional"],
            reading["source"],
        )

    return Part(
        data["code"],
        data["label"],
        Decimal(data["share"]),
        of(data["reference"]),
        of(data["current"]),
    )
