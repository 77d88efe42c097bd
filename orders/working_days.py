"""Working days in France: not Saturdays, Sundays or public holidays, in the residence's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from nexxio.core.clock import PARIS

SATURDAY = 5


SUNDAY = 6


@lru_cache(maxsize=16)
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("FR", years=year, language="fr"))


def holiday_name(day: date) -> str:
    """Return the name of a public holiday; "" for any other day."""
    return _holidays(day.year).get(day, "")


def closed_because(day: date) -> str:
    """Return why nobody is sent to a dwelling on that day without need; "" when somebody is."""
    name = holiday_name(day)
    if name:
        return f"Jour férié ({name})"
    return "Dimanche" if day.weekday() == SUNDAY else ""


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
