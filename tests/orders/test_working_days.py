"""Working days skip week-ends and French public holidays."""

from datetime import date, datetime

import pytest

from nexxio.core import clock
from nexxio.core.clock import PARIS
from nexxio.core.scoping import system_scope
from orders import ball, services, silence
from orders.models import Order
from orders.services.reserves import reminded_from
from orders.working_days import (
    after_working_days,
    closed_because,
    department_of,
    holiday_name,
    is_working_day,
    office_moment,
)
from tests.factories.acting import act


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ((2026, 11, 24, 9), 1, (2026, 11, 25, 9)),
        ((2026, 11, 27, 9), 1, (2026, 11, 30, 9)),
        ((2026, 12, 24, 9), 1, (2026, 12, 28, 9)),
        ((2026, 4, 3, 16), 1, (2026, 4, 7, 16)),
        ((2026, 3, 27, 16), 1, (2026, 3, 30, 16)),
        ((2026, 11, 28, 9), 0, (2026, 11, 28, 9)),
    ],
)
def test_the_same_hour_so_many_working_days_later(start, days, end):
    found = after_working_days(datetime(*start, tzinfo=PARIS), days)
    assert found == datetime(*end, tzinfo=PARIS)


def test_days_on_which_nobody_is_sent_without_need_say_why():
    assert closed_because(date(2026, 12, 25)) == "Jour férié (Noël)"
    assert closed_because(date(2026, 12, 27)) == "Dimanche"
    assert closed_because(date(2026, 12, 26)) == ""


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("67000 Strasbourg", "67"),
        ("57000", "57"),
        ("97400 Saint-Denis", "974"),
        ("01000 Bourg-en-Bresse", "01"),
        ("Strasbourg", ""),
        ("", ""),
    ],
)
def test_a_postcode_says_the_department(place, where):
    assert department_of(place) == where


@pytest.mark.parametrize(
    ("day", "where"),
    [
        (date(2026, 4, 3), "57"),  # Vendredi saint
        (date(2026, 4, 3), "67"),
        (date(2025, 12, 26), "68"),
        (date(2026, 5, 27), "971"),
        (date(2026, 5, 22), "972"),
        (date(2026, 6, 10), "973"),
        (date(2027, 12, 20), "974"),
        (date(2026, 4, 27), "976"),
    ],
)
def test_departments_have_holidays_of_their_own(day, where):
    assert holiday_name(day, where)
    assert not is_working_day(day, where)
    assert not holiday_name(day)
    assert not holiday_name(day, "75")


def test_a_custom_of_the_antilles_is_no_public_holiday():
    assert not holiday_name(date(2026, 4, 3), "971")
    assert not holiday_name(date(2026, 7, 21), "972")
    assert holiday_name(date(2026, 12, 25), "971") == "Noël"


def test_a_delay_follows_the_place():
    thursday = datetime(2026, 4, 2, 9, tzinfo=PARIS)
    assert after_working_days(thursday, 1).day == 3
    assert after_working_days(thursday, 1, "67").day == 7
    assert closed_because(date(2026, 4, 3), "67") == "Jour férié (Vendredi saint)"
    assert office_moment(datetime(2026, 4, 3, 10, tzinfo=PARIS)).day == 3
    assert office_moment(datetime(2026, 4, 3, 10, tzinfo=PARIS), "67").day == 7


def _moved_to(party, city: str) -> None:
    with system_scope("tests: a place elsewhere"):
        Order.objects.filter(pk=party.order.pk).update(place_city=city)
    party.order.place_city = city


@pytest.mark.parametrize(("city", "day"), [("75011 Paris", 3), ("67000 Strasbourg", 7)])
def test_who_waits_or_is_chased_has_the_holidays_of_the_place(world, city, day):
    """Vendredi saint (3 April 2026) is a holiday in Strasbourg, and Monday the 6th everywhere."""
    party = world.first
    _moved_to(party, city)
    with clock.moved_to(datetime(2026, 4, 2, 9, tzinfo=PARIS)):
        key = {"order_id": party.order.pk}
        act(party, "desk", services.accept_order, **key)
        until = {"reason": "material", "expected_on": date(2026, 4, 2)}
        hold = act(party, "desk", services.hold_order, **key, **until)
        assert clock.day_of(hold.remind_at).day == day
        act(party, "desk", services.lift_hold, **key)
        assert clock.day_of(reminded_from(date(2026, 4, 2), party.order)).day == day
        news = ball.Memory(state="issued")
        silent = silence.silent_at(news, clock.now(), urgent=True, where=party.order.where)
        assert clock.day_of(silent).day == day
    with system_scope("tests: order"):
        kept = Order.objects.get(pk=party.order.pk)
    # What its events have written: accepted and lifted on Thursday, five working days on.
    assert clock.day_of(kept.silent_at).day == {3: 10, 7: 13}[day]
    with clock.moved_to(datetime(2026, 4, 3, 10, tzinfo=PARIS)):
        assert (office_moment(clock.now(), kept.where) == clock.now()) is (day == 3)
