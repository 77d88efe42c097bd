"""Working days skip week-ends and French public holidays."""

from datetime import date, datetime

import pytest

from nexxio.core.clock import PARIS
from orders.working_days import after_working_days, closed_because


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ((2026, 11, 24, 9), 1, (2026, 11, 25, 9)),
        ((2026, 11, 27, 9), 1, (2026, 11, 30, 9)),
        ((2026, 12, 24, 9), 1, (2026, 12, 28, 9)),
        ((2026, 4, 3, 16), 1, (2026, 4, 7, 16)),
        ((2026, 3, 27, 16), 1, (2026, 3, 30, 16)),
        ((2026, 11, 28, 9), 0, (2026, 11, 28, 9)),
    ],
)
def test_the_same_hour_so_many_working_days_later(start, days, end):
    found = after_working_days(datetime(*start, tzinfo=PARIS), days)
    assert found == datetime(*end, tzinfo=PARIS)


def test_days_on_which_nobody_is_sent_without_need_say_why():
    assert closed_because(date(2026, 12, 25)) == "Jour férié (Noël)"
    assert closed_because(date(2026, 12, 27)) == "Dimanche"
    assert closed_because(date(2026, 12, 26)) == ""
