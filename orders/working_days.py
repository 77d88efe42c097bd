"""Working days in France: not Saturdays, Sundays or public holidays, in the residence's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from nexxio.core.clock import PARIS

SATURDAY = 5


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Tell whether offices are open on that day."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def after_working_days(start: datetime, days: int) -> datetime:
    """Return the same hour of the day, `days` working days later; `start` itself isn't counted."""
    local = start.astimezone(PARIS)
    left = days
    while left > 0:
        local += timedelta(days=1)
        left -= is_working_day(local.date())
    return local.astimezone(start.tzinfo)
