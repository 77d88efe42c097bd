"""When a landlord's next payment run is, from the days that it has said. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from orders.working_days import is_working_day

WEEK = 7


def next_run(weekdays: Iterable[int], days: Iterable[date], on: date) -> date | None:
    """Return the first run on a day or after it; None where no run is known.

    weekdays: 0 is Monday. A run that falls on a public holiday is on the next working day; days
    that were typed are as they were typed.
    """
    wanted = set(weekdays)
    around = [on + timedelta(days=n) for n in range(-WEEK, 2 * WEEK)]
    weekly = [_worked(day) for day in around if day.weekday() in wanted]
    return min((day for day in (*weekly, *days) if day >= on), default=None)


def _worked(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
