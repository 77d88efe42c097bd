"""When whoever holds a block is told again: by its age, and before the due date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from contractors import alert_days
from contractors.ladder import Ladder, Level, last_steps, next_step, steps
from nexxio.core import clock
from nexxio.core.ids import new_id
from nexxio.core.models import Rate
from nexxio.core.scoping import system_scope

OPENED = datetime(2026, 3, 27, 23, 30, tzinfo=clock.PARIS)
LADDER = Ladder(((5, Level.DESK), (10, Level.HEAD), (20, Level.DIRECTION)), (10, 3))


def at(day: int, month: int = 4) -> datetime:
    return datetime(2026, month, day, 8, tzinfo=clock.PARIS)


def due_steps(due_on: date) -> list[tuple[datetime, int]]:
    return [
        (step.at, step.days) for step in steps(OPENED, due_on, LADDER) if step.level == Level.DUE
    ]


def test_desk_head_and_direction_by_days_of_the_calendar():
    """Summer time begins in between, and the tenth day is Easter Monday: told on the morrow."""
    found = [(step.at, step.level, step.days) for step in steps(OPENED, None, LADDER)]
    assert found == [
        (at(1), Level.DESK, 5),
        (at(7), Level.HEAD, 10),
        (at(16), Level.DIRECTION, 20),
    ]


def test_the_due_date_is_told_ten_and_three_days_before():
    assert due_steps(date(2026, 4, 20)) == [(at(10), 10), (at(17), 3)]


def test_a_due_date_that_is_too_near_is_told_from_the_next_step_on():
    assert due_steps(date(2026, 4, 2)) == [(datetime(2026, 3, 30, 8, tzinfo=clock.PARIS), 3)]


def test_a_figure_that_nobody_knows_is_no_alert():
    found = steps(OPENED, date(2026, 4, 20), Ladder(((5, Level.DESK),), (3,)))
    assert [(step.level, step.days) for step in found] == [(Level.DESK, 5), (Level.DUE, 3)]


def test_a_clock_that_stood_still_tells_of_the_last_step_only():
    told = last_steps(OPENED, None, LADDER, now=OPENED + timedelta(days=300))
    assert [step.level for step in told] == [Level.DIRECTION]
    assert next_step(OPENED, None, LADDER, after=told[0].at) is None
    both = last_steps(OPENED, date(2026, 4, 17), LADDER, now=at(7))
    assert {step.level for step in both} == {Level.HEAD, Level.DUE}
    assert last_steps(OPENED, None, LADDER, now=OPENED) == []


# --- The dated rows -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_rows_are_those_of_the_design(django_assert_num_queries):
    with django_assert_num_queries(1):
        days = alert_days.load()
        assert days.ladder(OPENED.date()) == LADDER
        assert (days.sign_off_wait(), days.of_papers()) == (timedelta(hours=72), (30, 7))


@pytest.mark.django_db
def test_a_new_figure_is_of_what_is_opened_from_its_day_on():
    with system_scope("tests: a new row"):
        row = Rate.objects.get(code="ladder-head")
        Rate.objects.filter(pk=row.pk).update(ends_on=date(2026, 4, 30))
        row.pk, row.starts_on, row.value = new_id(), date(2026, 5, 1), 15
        row.save(force_insert=True)
    days = alert_days.load()
    assert (10, Level.HEAD) in days.ladder(date(2026, 4, 30)).levels
    assert (15, Level.HEAD) in days.ladder(date(2026, 5, 1)).levels


@pytest.mark.django_db
def test_a_row_that_is_missing_is_said_and_stops_nothing(caplog):
    with system_scope("tests: no rows"):
        Rate.objects.filter(code__in=["sign-off-wait", "ladder-desk", "paper-first"]).delete()
    days = alert_days.load()
    assert (days.sign_off_wait(), days.of_papers()) == (None, (7,))
    assert [level for _days, level in days.ladder(OPENED.date()).levels] == [
        Level.HEAD,
        Level.DIRECTION,
    ]
    assert "ladder-desk" in caplog.text
