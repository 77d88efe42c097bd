"""A change and its event commit together; delivery tries again, gives up visibly, is replayed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from nexxio.core import clock, live, relay, subscriptions
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
        told = sorted(done.values_list("subscriber", flat=True))
        assert told == ["blocks", "notifications", "order_pdf"]


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


@pytest.fixture
def batch(monkeypatch):
    """A batch subscriber of all events, which fails on those in `bad`."""
    seen: list = []
    bad: set = set()

    def handler(events):
        for event in events:
            if event.pk in bad:
                raise ValueError("bad event")
        seen.extend(event.pk for event in events)

    found = dict(subscriptions._subscribers)
    monkeypatch.setattr(subscriptions, "_subscribers", found)
    subscriptions.subscribe_batch("crowd", "*")(handler)
    return seen, bad


def deliveries(name: str):
    with system_scope("tests"):
        return list(Delivery.objects.filter(subscriber=name).order_by("id"))


def test_a_bad_event_fails_alone(world, batch):
    seen, bad = batch
    accept(world.first)
    accept(world.second)
    first, second = (row.event_id for row in deliveries("crowd"))
    bad.add(first)
    relay.drain_batches()
    assert seen == [second]
    failed, done = deliveries("crowd")
    assert (failed.attempts, failed.error, failed.done_at) == (1, "ValueError: bad event", None)
    assert (done.attempts, done.error) == (0, "")
    assert done.done_at is not None


def test_batches_go_on_behind_a_bad_event(world, batch, monkeypatch):
    seen, bad = batch
    monkeypatch.setattr(relay, "BATCH", 2)
    for party in (world.first, world.second):
        accept(party)
        desk = party.actor("desk")
        with scope_of(desk):
            services.return_order(actor=desk, order_id=party.order.pk, items=["phone"])
    bad.add(deliveries("crowd")[0].event_id)
    relay.drain_batches()
    assert len(seen) == 3


def test_what_is_away_blames_no_event(world, batch, monkeypatch):
    calls = []

    def away(_messages):
        calls.append(1)
        raise live.PushUnavailable("broker away")

    monkeypatch.setattr("nexxio.core.live.publish", away)
    accept(world.first)
    accept(world.second)
    relay.drain_batches()
    assert len(calls) == 1  # not once more for each event
    rows = deliveries("push")
    assert {row.attempts for row in rows} == {0}
    assert {row.error for row in rows} == {"PushUnavailable: broker away"}
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with clock.moved_to(clock.now() + relay.PAUSE + timedelta(seconds=1)):
        relay.drain_batches()
    assert all(row.done_at for row in deliveries("push"))


def test_deliveries_of_a_removed_subscriber_end_as_dead_letters(world, failing, monkeypatch):
    accept(world.first)
    subscriptions._subscribers.pop("fragile")
    relay.deliver_one_by_one()
    (row,) = deliveries("fragile")
    assert row.dead_at is None  # its version may only be on the way
    with clock.moved_to(clock.now() + relay.ORPHAN_AGE + timedelta(seconds=1)):
        relay.deliver_one_by_one()
    (row,) = deliveries("fragile")
    assert row.dead_at is not None
    assert row.error == "no subscriber named fragile"


def test_a_delivery_that_has_just_failed_is_left_to_its_time(world, failing):
    accept(world.first)
    (row,) = deliveries("fragile")
    with system_scope("tests"):
        relay._deliver(row.pk)
        relay._deliver(row.pk)  # another worker, whose list is older than the failure
    assert deliveries("fragile")[0].attempts == 1


def test_a_replayed_position_leaves_no_hole_and_moves_nothing(world):
    accept(world.first)
    relay.drain_batches()
    with system_scope("tests"):
        Delivery.objects.filter(subscriber="positions").update(done_at=None)
        before = list(EventPosition.objects.values_list("event_id", "position").order_by("id"))
    accept(world.second)
    relay.drain_batches()
    with system_scope("tests"):
        after = EventPosition.objects.values_list("event_id", "position").order_by("id")
        assert list(after)[: len(before)] == before
        rows = EventPosition.objects.filter(landlord=world.second.landlord).order_by("position")
        assert list(rows.values_list("position", flat=True)) == [1, 2, 3]


def test_a_position_given_twice_is_no_secret(world):
    accept(world.first)
    with system_scope("tests"):
        event = Event.objects.get(kind="order.accepted")
        with pytest.raises(IntegrityError), transaction.atomic():
            relay.give_positions([event, event])
