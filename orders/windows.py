"""Windows of appointments: the usual ones, and those that a tenant may take by himself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any

from django.db import connection

from nexxio.core import clock
from orders import policies
from orders.models import Order, Visit
from orders.working_days import closed_because

Window = tuple[datetime, datetime]
SLOTS = (
    ("8-10", "8 h – 10 h"),
    ("10-12", "10 h – 12 h"),
    ("12-14", "12 h – 14 h"),
    ("14-16", "14 h – 16 h"),
    ("16-18", "16 h – 18 h"),
    ("18-20", "18 h – 20 h"),
)
DAYS_AHEAD = 21
A_DAY = 2
MOST = 6
"""Few enough to be read on a phone: two a day at most, so that days differ."""
_FREE = "SELECT orders_free_hours(%s, %s, %s, %s, %s, %s)"


def window_of(day: date, slot: str, zone: tzinfo) -> Window:
    """Return a slot ("8-10") of a day, at a place, as aware instants."""
    first, last = (int(hour) for hour in slot.split("-"))
    return (
        datetime.combine(day, time(first), zone),
        datetime.combine(day, time(last), zone),
    )


def code_of(weekday: int, slot: str) -> str:
    """Return how a company's hours name a slot of a weekday (0: Monday)."""
    return f"{weekday} {slot}"


def free_windows(visit: Visit, order: Order, *, hold: bool = False) -> list[Window]:
    """Return all windows that the tenant of a visit may take instead, the earliest first.

    Those that its company opens to tenants, far enough ahead, on which its technician has nothing
    else, nobody is away and no house is closed that must be there. None while the company has
    opened none or nobody has been named to go: the calendar isn't known then. None either for works
    that press. hold: nobody else takes one of the same technician until the transaction ends.
    """
    if order.is_pressing or visit.technician_id is None:
        return []
    asked = _asked(visit, order)
    if not asked:
        return []
    codes, days, windows = zip(*asked, strict=True)
    starts, ends = zip(*windows, strict=True)
    params: list[Any] = [visit.pk, list(starts), list(ends), list(days), list(codes), hold]
    with connection.cursor() as cursor:
        cursor.execute(_FREE, params)
        return [windows[number - 1] for (number,) in cursor.fetchall()]


def some_of(windows: Collection[Window]) -> list[Window]:
    """Return the first windows, few on each day."""
    seen: dict[date, int] = {}

    def few(window: Window) -> bool:
        day = window[0].date()
        seen[day] = seen.get(day, 0) + 1
        return seen[day] <= A_DAY

    return list(islice(filter(few, windows), MOST))


def _asked(visit: Visit, order: Order) -> list[tuple[str, date, Window]]:
    """Return what may be asked for, of the next weeks: code, day and hours."""
    now, zone, today = clock.now(), order.zone, clock.today(order.zone)
    found = []
    for day in (today + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD + 1)):
        if closed_because(day, order.where):
            continue
        for slot, _label in SLOTS:
            start, end = window_of(day, slot, zone)
            is_other = end <= visit.window_start or start >= visit.window_end
            if is_other and now < policies.cut_off_before(start):
                found.append((code_of(day.weekday(), slot), day, (start, end)))
    return found
