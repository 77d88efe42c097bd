"""When whoever holds a block is told again: by its age, and before the due date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contractors.ladder import Level, last_steps, next_step, steps
from nexxio.core import clock

OPENED = datetime(2026, 3, 27, 23, 30, tzinfo=clock.PARIS)


def at(day: int, month: int = 4) -> datetime:
    return datetime(2026, month, day, 8, tzinfo=clock.PARIS)


def due_steps(due_on: date) -> list[tuple[datetime, int]]:
    return [(step.at, step.days) for step in steps(OPENED, due_on) if step.level == Level.DUE]


def test_desk_head_and_direction_by_days_of_the_calendar():
    """Summer time begins in between, and the tenth day is Easter Monday: told on the morrow."""
    found = [(step.at, step.level, step.days) for step in steps(OPENED, None)]
    assert found == [
        (at(1), Level.DESK, 5),
        (at(7), Level.HEAD, 10),
        (at(16), Level.DIRECTION, 20),
    ]


def test_the_due_date_is_told_ten_and_three_days_before():
    assert due_steps(date(2026, 4, 20)) == [(at(10), 10), (at(17), 3)]


def test_a_due_date_that_is_too_near_is_told_from_the_next_step_on():
    assert due_steps(date(2026, 4, 2)) == [(datetime(2026, 3, 30, 8, tzinfo=clock.PARIS), 3)]


def test_a_clock_that_stood_still_tells_of_the_last_step_only():
    told = last_steps(OPENED, None, OPENED + timedelta(days=300))
    assert [step.level for step in told] == [Level.DIRECTION]
    assert next_step(OPENED, None, told[0].at) is None
    both = last_steps(OPENED, date(2026, 4, 17), at(7))
    assert {step.level for step in both} == {Level.HEAD, Level.DUE}
    assert last_steps(OPENED, None, OPENED) == []
