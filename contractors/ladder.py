"""When whoever holds a block is told again, and who above him. Pure; the figures are passed in.

Of law.md, Alerts: n days without movement, then the head of the service, then the direction; ten
and three days before the legal due date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from nexxio.core import clock
from orders.working_days import add_working_days, is_working_day


class Level(StrEnum):
    """Whom an alert reaches at whoever holds the block."""

    DESK = "desk"
    HEAD = "head"
    DIRECTION = "direction"
    DUE = "due"


TOLD_AT = time(8)


@dataclass(frozen=True)
class Ladder:
    """After how many days each level is told, and how many days before the due date."""

    levels: tuple[tuple[int, Level], ...]
    before_due: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """One alert: when (an instant), to whom, and the days that it speaks of."""

    at: datetime
    level: Level
    days: int


def steps(opened_at: datetime, due_on: date | None, ladder: Ladder) -> list[Step]:
    """Return all alerts of a block, the earliest first; none for a due date that is not known."""
    day = clock.day_of(opened_at)
    found = [
        Step(_morning(_working(day + timedelta(days=days))), level, days)
        for days, level in ladder.levels
    ]
    if due_on is not None:
        found += [
            Step(_morning(due_on - timedelta(days=days)), Level.DUE, days)
            for days in ladder.before_due
        ]
    return sorted(
        (step for step in found if step.at > opened_at), key=lambda step: (step.at, step.level)
    )


def next_step(
    opened_at: datetime, due_on: date | None, ladder: Ladder, *, after: datetime
) -> Step | None:
    """Return the first alert later than an instant."""
    return next((step for step in steps(opened_at, due_on, ladder) if step.at > after), None)


def last_steps(
    opened_at: datetime, due_on: date | None, ladder: Ladder, *, now: datetime
) -> list[Step]:
    """Return the latest alerts that are due: a clock that stood still tells once, not of each."""
    due = [step for step in steps(opened_at, due_on, ladder) if step.at <= now]
    return [step for step in due if step.at == due[-1].at]


def _working(day: date) -> date:
    """Nobody is chased on a day on which offices are closed (product.md: no escalation then)."""
    return day if is_working_day(day) else add_working_days(day, 1)


def _morning(day: date) -> datetime:
    return datetime.combine(day, TOLD_AT, clock.PARIS)
