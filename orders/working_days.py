"""Working days in France: not Saturdays, Sundays or public holidays.

One calendar for appointments, delays, reminders and chasing: that of the place of the order.
where: the department of a place, which has holidays of its own in Alsace-Moselle (Code du travail,
L. 3134-13) and overseas (L. 3422-2: the abolition of slavery); "" holds to the national ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from nexxio.core.clock import PARIS

SATURDAY = 5


SUNDAY = 6
MOST_AHEAD = timedelta(days=366)
"""What an order waits for comes within a year: a day further off is a slip of the pen, and nobody
would be reminded any more."""
OFFICE_OPENS = time(9)
OFFICE_CLOSES = time(18)
VISITS_FROM = time(7)
VISITS_UNTIL = time(20)


# The library's names of parts of the country, by department.
_ALSACE_MOSELLE = {"57": "57", "67": "6AE", "68": "6AE"}
_OVERSEAS = {name: name for name in ("971", "972", "973", "974", "976")}
_OWN_HOLIDAYS = _ALSACE_MOSELLE | _OVERSEAS
# Days off by custom, which no law makes holidays of overseas departments.
_CUSTOMS = frozenset({"Vendredi saint", "Mi-Carême", "Fête de Victor Schoelcher"})
_POSTCODE = re.compile(r"\s*(97\d|98[4-8]|\d\d)\d{2,3}\b")
# Where the clock isn't that of Paris. Two communes of the old 971 have departments of their own,
# and the same hour; the Marquesas' half hour has no postcode of its own.
_ZONES = {
    "971": ZoneInfo("America/Guadeloupe"),
    "972": ZoneInfo("America/Martinique"),
    "973": ZoneInfo("America/Cayenne"),
    "974": ZoneInfo("Indian/Reunion"),
    "975": ZoneInfo("America/Miquelon"),
    "976": ZoneInfo("Indian/Mayotte"),
    "977": ZoneInfo("America/St_Barthelemy"),
    "978": ZoneInfo("America/Marigot"),
    "986": ZoneInfo("Pacific/Wallis"),
    "987": ZoneInfo("Pacific/Tahiti"),
    "988": ZoneInfo("Pacific/Noumea"),
}


@lru_cache(maxsize=64)
def _holidays(year: int, part: str) -> dict[date, str]:
    found = dict(holidays.country_holidays("FR", years=year, language="fr"))
    if part:
        own = holidays.country_holidays("FR", subdiv=part, years=year, language="fr")
        custom = _CUSTOMS if part in _OVERSEAS else frozenset()
        found = {day: name for day, name in own.items() if name not in custom} | found
    return found


def _holidays_of(day: date, where: str) -> dict[date, str]:
    return _holidays(day.year, _OWN_HOLIDAYS.get(where, ""))


def department_of(place: str) -> str:
    """Return the department of a postcode, or of a text that begins with one; "" without."""
    found = _POSTCODE.match(place)
    return found[1] if found else ""


def zone_of(where: str) -> ZoneInfo:
    """Return the time zone of a department; that of Paris for "" and all of the mainland."""
    return _ZONES.get(where, PARIS)


def zone_name(where: str) -> str:
    """Return what a row keeps of its place's zone; "" where it is that of Paris."""
    zone = zone_of(where)
    return "" if zone is PARIS else zone.key


def holiday_name(day: date, where: str = "") -> str:
    """Return the name of a public holiday; "" for any other day."""
    return _holidays_of(day, where).get(day, "")


@dataclass(frozen=True)
class Shut:
    """Days on which a house is closed, both included, and how that is told."""

    first: date
    last: date
    words: str


def closed_because(day: date, where: str = "", shut: Iterable[Shut] = ()) -> str:
    """Return why nobody is sent to a dwelling on that day without need; "" when somebody is.

    shut: closed days of the houses that it takes (orders/closed_days.py).
    """
    name = holiday_name(day, where)
    if name:
        return f"Jour férié ({name})"
    if day.weekday() == SUNDAY:
        return "Dimanche"
    return next((one.words for one in shut if one.first <= day <= one.last), "")


def off_hours_because(
    start: datetime, end: datetime, where: str = "", shut: Iterable[Shut] = ()
) -> str:
    """Return why nobody is sent to a dwelling then without need; "" when somebody is.

    shut: as for `closed_because`.
    """
    zone = zone_of(where)
    first, last = (at.astimezone(zone) for at in (start, end))
    closed = closed_because(first.date(), where, shut)
    if closed:
        return closed
    if first.time() < VISITS_FROM:
        return f"Avant {VISITS_FROM.hour} h"
    if last.date() > first.date() or last.time() > VISITS_UNTIL:
        return f"Après {VISITS_UNTIL.hour} h"
    return ""


def is_working_day(day: date, where: str = "") -> bool:
    """Tell whether offices are open on that day."""
    return day.weekday() < SATURDAY and day not in _holidays_of(day, where)


def add_working_days(day: date, count: int, where: str = "") -> date:
    """Return the working day that comes `count` working days after a day."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        count -= is_working_day(found, where)
    return found


def after_working_days(start: datetime, days: int, where: str = "") -> datetime:
    """Return the same hour of the day, `days` working days later; `start` itself isn't counted."""
    local = start.astimezone(zone_of(where))
    later = datetime.combine(add_working_days(local.date(), days, where), local.timetz())
    return later.astimezone(start.tzinfo)


def office_moment(at: datetime, where: str = "") -> datetime:
    """Return the first instant from `at` on at which offices are open: nobody is chased before."""
    zone = zone_of(where)
    local = at.astimezone(zone)
    if is_working_day(local.date(), where) and local.time() < OFFICE_CLOSES:
        opens = datetime.combine(local.date(), OFFICE_OPENS, zone)
        return max(local, opens).astimezone(at.tzinfo)
    day = add_working_days(local.date(), 1, where)
    return datetime.combine(day, OFFICE_OPENS, zone).astimezone(at.tzinfo)
