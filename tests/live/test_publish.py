"""Publishing: what the broker gets, and what the caller learns when it is away."""

from __future__ import annotations

import time

import pytest
from redis import Redis

from nexxio.core import live


@pytest.fixture
def payloads(broker):
    """Read what arrives on the broker's channel."""
    with Redis.from_url(broker.url) as client, client.pubsub() as subscription:
        subscription.subscribe(live.BROKER_CHANNEL)
        subscription.get_message(timeout=2)

        def read():
            message = subscription.get_message(timeout=2)
            return None if message is None else message["data"]

        yield read


def test_messages_of_one_call_travel_in_one_payload_without_doubles(push, payloads):
    push(("user.1", "order.1"), ("user.2", "bell"), ("user.1", "order.1"))
    assert payloads() == b"user.1 order.1\nuser.2 bell"


def test_nothing_to_say_says_nothing(push, payloads):
    push()
    push(("user.1", "bell"))
    assert payloads() == b"user.1 bell"


def test_a_long_list_is_split_and_complete(push, payloads):
    messages = [("user.1", f"order.{number}") for number in range(1201)]
    push(*messages)
    found = [pair for _ in range(3) for pair in live.parse_payload(payloads())]
    assert found == messages


def test_broker_away_is_told_at_once(settings, own_broker):
    settings.REDIS_URL = own_broker.url
    live.publish([("user.1", "bell")])
    own_broker.kill()
    for act in (lambda: live.publish([("user.1", "bell")]), lambda: live.close_streams("alice")):
        begin = time.monotonic()
        with pytest.raises(live.PushUnavailable):
            act()
        assert time.monotonic() - begin < 1


def test_a_broker_that_hangs_does_not_hold_the_caller(settings, own_broker):
    settings.REDIS_URL = own_broker.url
    live.publish([("user.1", "bell")])
    own_broker.freeze()
    begin = time.monotonic()
    with pytest.raises(live.PushUnavailable):
        live.publish([("user.1", "bell")])
    assert time.monotonic() - begin < 1.5
    own_broker.thaw()


def test_publishing_works_at_once_after_a_restart_of_the_broker(settings, own_broker):
    settings.REDIS_URL = own_broker.url
    live.publish([("user.1", "bell")])
    own_broker.kill()
    own_broker.start()
    live.publish([("user.1", "bell")])
