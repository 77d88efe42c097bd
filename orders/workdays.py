"""Working days in France: Monday to Friday, without public holidays. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5


def add_working_days(day: date, count: int) -> date:
    """Return the working day that comes `count` working days after a day."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        if is_working_day(found):
            count -= 1
    return found


def is_working_day(day: date) -> bool:
    """Tell whether people work on a day."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


@lru_cache(maxsize=20)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))
