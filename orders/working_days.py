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


def add_working_days(day: date, count: int) -> date:
    """Return the working day that comes `count` working days after a day."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        count -= is_working_day(found)
    return found


def after_working_days(start: datetime, days: int) -> datetime:
    """Return the same hour of the day, `days` working days later; `start` itself isn't counted."""
    local = start.astimezone(PARIS)
    later = datetime.combine(add_working_days(local.date(), days), local.timetz())
    return later.astimezone(start.tzinfo)
