"""The demo world's statements: the newest ones are made shortly before today, on any day of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evaluations.bonus_terms import CONTEST_DAYS, MAKING_DAYS
from nexxio.demo import bonuses


@pytest.mark.parametrize("today", [date(2026, 12, 1) + timedelta(days=n) for n in range(0, 62, 3)])
def test_one_statement_is_made_so_late_that_it_can_still_be_contested(today):
    """The first evening on which the clock doesn't stand still makes the newest one."""
    days = [today - timedelta(days=ago) for ago in range(60, 0, -1)]
    dues = [day for day in days if day.day == 1 + MAKING_DAYS]
    made = [
        next(one for one in days if one >= due and not bonuses.is_held(one, today)) for due in dues
    ]
    assert made[:-1] == dues[:-1]
    assert today - bonuses.LEFT_OPEN <= made[-1]
    assert made[-1] + timedelta(days=CONTEST_DAYS) > today + timedelta(days=9)
