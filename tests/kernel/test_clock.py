"""Arithmetic with days that several apps share."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from nexxio.core import clock


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
    ],
)
def test_months_end_on_a_day_that_exists(day, months, found):
    assert clock.months_from(day, months) == found


def test_a_length_in_days_has_one_decimal():
    assert clock.in_days(timedelta(days=2, hours=18)) == Decimal("2.8")
    assert str(clock.in_days(timedelta(minutes=1))) == "0.0"
