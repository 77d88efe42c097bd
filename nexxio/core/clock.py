"""The only place that asks what time it is, and where.

Instants are UTC. One that is an hour of a residence overseas carries its zone, and is shown, and
counted in days, there; whatever carries none is shown in Paris (docs/adr/0048).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")

_moved: ContextVar[datetime | None] = ContextVar("nexxio_clock", default=None)


def now() -> datetime:
    """Return the present instant, UTC."""
    return _moved.get() or timezone.now()


def zone_at(instant: datetime) -> tzinfo:
    """Return the zone that an instant carries; Paris for one that is plain UTC."""
    return instant.tzinfo if instant.tzinfo and instant.utcoffset() else PARIS


def local(instant: datetime) -> datetime:
    """Return an instant in the zone that it carries, else in Paris."""
    return instant.astimezone(zone_at(instant))


def today(zone: tzinfo = PARIS) -> date:
    """Return the date in a residence's time zone."""
    return day_of(now(), zone)


def day_of(instant: datetime, zone: tzinfo | None = None) -> date:
    """Return the date of an instant in a zone; in the one that it carries unless said."""
    return instant.astimezone(zone or zone_at(instant)).date()


def start_of(day: date, zone: tzinfo = PARIS) -> datetime:
    """Return the instant at which a day begins in a residence's time zone."""
    return datetime.combine(day, time.min, zone)


def midnight(zone: tzinfo = PARIS) -> datetime:
    """Return the instant at which today began."""
    return start_of(today(zone), zone)


def months_from(day: date, months: int) -> date:
    """Return the same day some months on (or before), or the month's last where it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (after - first).days))


def in_days(length: timedelta) -> Decimal:
    """Return a length in days, to one decimal."""
    return (Decimal(length.total_seconds()) / 86400).quantize(Decimal("0.1"))


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Let the real services run as of another instant: the demo world's history."""
    token = _moved.set(instant)
    try:
        yield
    finally:
        _moved.reset(token)
