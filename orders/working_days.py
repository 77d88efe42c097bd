"""Working days in France: not Saturdays, Sundays or public holidays, in the residence's time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from nexxio.core.clock import PARIS

SATURDAY = 5


SUNDAY = 6
OFFICE_OPENS = time(9)
OFFICE_CLOSES = time(18)
VISITS_FROM = time(7)
VISITS_UNTIL = time(20)


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


def off_hours_because(start: datetime, end: datetime) -> str:
    """Return why nobody is sent to a dwelling then without need; "" when somebody is."""
    first, last = (at.astimezone(PARIS) for at in (start, end))
    closed = closed_because(first.date())
    if closed:
        return closed
    if first.time() < VISITS_FROM:
        return f"Avant {VISITS_FROM.hour} h"
    if last.date() > first.date() or last.time() > VISITS_UNTIL:
        return f"Après {VISITS_UNTIL.hour} h"
    return ""


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


def office_moment(at: datetime) -> datetime:
    """Return the first instant from `at` on at which offices are open: nobody is chased before."""
    local = at.astimezone(PARIS)
    if is_working_day(local.date()) and local.time() < OFFICE_CLOSES:
        opens = datetime.combine(local.date(), OFFICE_OPENS, PARIS)
        return max(local, opens).astimezone(at.tzinfo)
    day = add_working_days(local.date(), 1)
    return datetime.combine(day, OFFICE_OPENS, PARIS).astimezone(at.tzinfo)
