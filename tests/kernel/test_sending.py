"""Messages leave once, however slow their provider is."""

from __future__ import annotations

from datetime import timedelta

from nexxio.core import clock
from nexxio.core.models import Event, Message
from nexxio.core.notifications import sending
from nexxio.core.scoping import system_scope


def queue(world, count: int) -> None:
    with system_scope("tests"):
        event = Event.objects.filter(landlord=world.first.landlord).first()
        now = clock.now()
        Message.objects.bulk_create(
            Message(
                landlord=world.first.landlord,
                event=event,
                kind="tests",
                channel="sms",
                address=f"+336000000{n:02d}",
                text="Bonjour",
                next_attempt_at=now - timedelta(seconds=count - n),
            )
            for n in range(count)
        )


def test_a_provider_at_its_time_out_lets_no_second_worker_send_again(world, monkeypatch):
    queue(world, 23)
    sent = []
    moment = [clock.now()]

    def slow(*, address, **_words):
        sent.append(address)
        if len(sent) == 23:  # the last of this worker; the other one looks at that very moment
            sending.send_due()
        moment[0] += timedelta(seconds=10)

    monkeypatch.setitem(sending.SENDERS, "sms", slow)
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    assert sending.send_due() == 23
    assert len(sent) == len(set(sent)) == 23


def test_a_worker_takes_no_more_than_it_was_asked_to(world, monkeypatch):
    queue(world, 12)
    monkeypatch.setitem(sending.SENDERS, "sms", lambda **_words: None)
    assert [sending.send_due(limit=7), sending.send_due(limit=7)] == [7, 5]


def test_messages_that_fail_are_tried_once_in_a_round(world, monkeypatch):
    queue(world, 12)
    tried = []

    def refuse(*, address, **_words):
        tried.append(address)
        raise ConnectionError

    monkeypatch.setitem(sending.SENDERS, "sms", refuse)
    assert sending.send_due() == 0
    assert len(tried) == 12
