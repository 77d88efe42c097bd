"""Reminders of visits: when, once, by day, and never of what no longer stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from nexxio.core import clock, relay
from nexxio.core.clock import PARIS
from nexxio.core.errors import Refused
from nexxio.core.models import Message
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.models import VisitReminder
from orders.services.reminders import moments_of
from tests.factories.acting import act
from tests.factories.full import offered, slots_of

EVE, HOURS = "day_before", "hours_before"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "now", "expected"),
    [
        (at(10, 14), at(3, 9), {EVE: at(9, 10), HOURS: at(10, 12)}),
        (at(10, 8), at(3, 9), {EVE: at(9, 10), HOURS: at(10, 7, 30)}),
        (at(10, 14), at(9, 15), {HOURS: at(10, 12)}),
        (at(10, 14), at(10, 13), {}),
        (at(10, 7), at(9, 15), {}),
    ],
)
def test_reminders_are_planned_for_the_eve_and_the_day(start, now, expected):
    assert moments_of(start, now) == expected


@pytest.fixture
def first(world):
    """The first party with a visit that stands: the first of March windows, 10 h to 12 h."""
    party = world.first
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    visit = offered(party)
    act(party, "tenant", services.choose_slot, visit_id=visit.pk, slot_id=slots_of(visit)[0].pk)
    return party


def visit_of(party):
    with system_scope("tests"):
        return party.order.visits.get(state="confirmed")


def local(visit, *, days: int = 0, hour: int) -> datetime:
    day = visit.window_start.astimezone(PARIS).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, 1, tzinfo=PARIS)


def sent() -> int:
    relay.deliver_one_by_one()
    with system_scope("tests"):
        return Message.objects.filter(text__contains="rappel, rendez-vous").count()


def test_each_is_sent_once(first):
    visit = visit_of(first)
    assert tasks.remind_due() == 0
    for moment, count in ((local(visit, days=-1, hour=10), 1), (local(visit, hour=8), 2)):
        with clock.moved_to(moment):
            assert tasks.remind_due() == 1
            assert tasks.remind_due() == 0
            assert sent() == count
    with system_scope("tests"):
        assert VisitReminder.objects.filter(reminded_at__isnull=False).count() == 2


@pytest.mark.parametrize("what", ["cancelled", "moved", "order"])
def test_what_no_longer_stands_is_not_reminded_of(first, what):
    visit = visit_of(first)
    start = visit.window_start + timedelta(days=9)
    if what == "cancelled":
        act(first, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Empêché")
    elif what == "moved":
        window = {"start": start, "end": start + timedelta(hours=2), "reason": "Panne"}
        window["off_hours"] = True
        act(first, "desk", services.move_visit, visit_id=visit.pk, **window)
    else:
        act(first, "manager", services.cancel_order, order_id=first.order.pk, reason="duplicate")
    with clock.moved_to(local(visit, days=-1, hour=10)):
        assert tasks.remind_due() == 0
        assert sent() == 0
    with system_scope("tests"):
        row = VisitReminder.objects.get(visit=visit, moment=EVE)
    assert (row.remind_at, row.reminded_at) == (None, None)


def test_given_up_while_the_message_waits_it_is_not_sent(first):
    visit = visit_of(first)
    with clock.moved_to(local(visit, days=-1, hour=10)):
        assert tasks.remind_due() == 1
        act(first, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Empêché")
        assert sent() == 0


def test_at_night_it_waits_for_the_morning_or_falls_away(first):
    visit = visit_of(first)
    with clock.moved_to(local(visit, days=-1, hour=21)):  # the clock stood still since 10 h
        assert tasks.remind_due() == 0
        assert sent() == 0
    with system_scope("tests"):
        rows = VisitReminder.objects.filter(visit=visit)
        assert rows.get(moment=EVE).remind_at is None  # the eve is over in the morning
        assert rows.get(moment=HOURS).remind_at is not None
    with clock.moved_to(local(visit, hour=8)):
        assert tasks.remind_due() == 1
        assert sent() == 1


def test_the_tenant_moves_until_the_eve_and_gives_up_later_too(first):
    visit = visit_of(first)
    start = visit.window_start + timedelta(days=7)
    window = {"start": start, "end": start + timedelta(hours=2)}
    with clock.moved_to(local(visit, days=-1, hour=18)):
        with pytest.raises(Refused) as refusal:
            act(first, "tenant", services.move_visit, visit_id=visit.pk, **window)
        assert refusal.value.code == "cut_off"
        act(first, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Empêché")
