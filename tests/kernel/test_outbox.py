"""A change and its event commit together; delivery tries again, gives up visibly, is replayed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from nexxio.core import clock, relay, subscriptions
from nexxio.core.actors import scope_of
from nexxio.core.models import Delivery, Event, EventPosition
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order


@pytest.fixture(autouse=True)
def silent_push(monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)


@pytest.fixture
def failing(monkeypatch):
    """A subscriber of accepted orders that fails as long as the list is empty."""
    seen: list = []
    working: list = []

    def handler(event):
        if not working:
            raise ValueError("no")
        seen.append(event.pk)

    found = dict(subscriptions._subscribers)
    monkeypatch.setattr(subscriptions, "_subscribers", found)
    subscriptions.subscribe("fragile", "order.accepted")(handler)
    return seen, working


def accept(party):
    desk = party.actor("desk")
    with scope_of(desk):
        services.accept_order(actor=desk, order_id=party.order.pk)


def test_a_rollback_leaves_neither_event_nor_delivery(world):
    with system_scope("tests"):
        before = (Event.objects.count(), Delivery.objects.count())
    with transaction.atomic():
        accept(world.first)
        transaction.set_rollback(True)
    with system_scope("tests"):
        assert (Event.objects.count(), Delivery.objects.count()) == before
        assert Order.objects.get(pk=world.first.order.pk).state == "issued"


def test_a_failing_subscriber_backs_off_dies_and_is_replayed(world, failing):
    seen, working = failing
    accept(world.first)
    waits = []
    for _attempt in range(relay.MAX_ATTEMPTS):
        with system_scope("tests"):
            row = Delivery.objects.get(subscriber="fragile")
        with clock.moved_to(max(row.next_attempt_at, clock.now())):
            relay.deliver_one_by_one()
            with system_scope("tests"):
                row.refresh_from_db()
            waits.append((row.next_attempt_at - clock.now()).total_seconds())
            assert relay.deliver_one_by_one() == 0
    assert [round(wait) for wait in waits[:5]] == [1, 2, 4, 8, 16]
    assert max(waits) <= 600
    assert row.dead_at is not None
    assert row.error == "ValueError: no"
    working.append(True)
    with clock.moved_to(row.next_attempt_at + timedelta(hours=1)):
        relay.deliver_one_by_one()
        assert seen == []
        with system_scope("tests"):
            assert relay.replay([row.pk]) == 1
        relay.deliver_one_by_one()
        relay.deliver_one_by_one()
    with system_scope("tests"):
        row.refresh_from_db()
    assert (row.dead_at, row.error) == (None, "")
    assert seen == [row.event_id]


def test_a_failing_subscriber_stops_no_other(world, failing):
    accept(world.first)
    relay.deliver_one_by_one()
    with system_scope("tests"):
        done = Delivery.objects.filter(event__kind="order.accepted", done_at__isnull=False)
        assert list(done.values_list("subscriber", flat=True)) == ["notifications"]


def test_positions_follow_each_other_per_landlord(world):
    accept(world.first)
    relay.drain_batches()
    accept(world.second)
    relay.drain_batches()
    relay.drain_batches()
    with system_scope("tests"):
        for party in (world.first, world.second):
            rows = EventPosition.objects.filter(landlord=party.landlord).order_by("position")
            places = list(rows.values_list("position", "event__recorded_at"))
            assert [place for place, _at in places] == [1, 2, 3]
            assert [at for _place, at in places] == sorted(at for _place, at in places)
