"""The hub alone: who gets which bytes, with listeners that only note them."""

from __future__ import annotations

import asyncio
import time

import pytest

from nexxio.core import hub as hub_module
from nexxio.core import stream as stream_module
from nexxio.core.hub import END, PAUSE, RENEW, RESYNC, Hub
from nexxio.core.live import StreamGrant
from tests.live.conftest import run


class Note:
    """A listener that keeps what it is given."""

    def __init__(self, *channels, holder="h", age=0.0, left=600.0):
        self.holder = holder
        self.channels = channels
        self.issued_at = time.time() - age
        self.expires_at = time.time() + left
        self.frames = []
        self.beats = 0
        self.last = None

    def push(self, frame):
        self.frames.append(frame)

    def beat(self, _frame):
        self.beats += 1

    def finish(self, frame):
        self.last = frame

    @property
    def text(self):
        return b"".join(self.frames)


def clear(*notes):
    for note in notes:
        note.frames.clear()


@pytest.fixture
def hub():
    """A hub whose broker has long been there."""
    hub = Hub()
    hub._connected = True
    hub._complete_since = 0
    return hub


def test_a_key_reaches_those_on_its_channel_only(hub):
    alice, bob = Note("org.1", "user.1"), Note("org.2")
    hub.register(alice)
    hub.register(bob)
    clear(alice, bob)
    run(hub.dispatch("org.1", "order.7"))
    assert alice.frames == [b"data: order.7\n\n"]
    assert bob.frames == []


def test_who_left_gets_nothing_and_leaves_nothing_behind(hub):
    alice = Note("org.1")
    hub.register(alice)
    hub.unregister(alice)
    hub.unregister(alice)
    clear(alice)
    run(hub.dispatch("org.1", "order.7"))
    assert alice.frames == []
    assert len(hub) == 0
    assert not hub._by_channel
    assert not hub._by_holder
    assert not hub._expiries


def test_first_words_are_a_mark_and_how_long_to_wait(hub):
    alice = Note("org.1")
    hub.register(alice)
    (first,) = alice.frames
    assert first.startswith(b"retry: 3000\nevent: hello\ndata: ")


def test_what_was_said_after_the_page_was_made_is_said_again(hub):
    run(hub.dispatch("org.1", "order.7"))
    run(hub.dispatch("org.2", "order.8"))
    alice = Note("org.1", age=1)
    hub.register(alice)
    assert alice.text.count(b"data: order.7\n") == 1
    assert b"order.8" not in alice.text
    assert RESYNC not in alice.text


def test_what_the_page_has_heard_is_not_said_again(hub):
    run(hub.dispatch("org.1", "order.7"))
    alice = Note("org.1", age=30)
    hub.register(alice, since=int(time.time() * 1000) + 10_000)
    assert b"order.7" not in alice.text


def test_a_page_older_than_the_memory_fetches_everything(hub):
    hub._forget_before(int(time.time() * 1000) - 60_000)
    alice, bob = Note("org.1", age=300), Note("org.1", age=10)
    hub.register(alice)
    hub.register(bob)
    assert RESYNC in alice.text
    assert RESYNC not in bob.text


def test_a_new_hub_knows_nothing_of_the_time_before():
    alice = Note("org.1", age=5)
    Hub().register(alice)
    assert RESYNC in alice.text
    assert PAUSE in alice.text


def test_memory_is_bounded_and_honest(hub, monkeypatch):
    monkeypatch.setattr(hub_module, "MEMORY_KEYS", 10)

    async def flood():
        for number in range(11):
            await hub.dispatch("org.1", f"order.{number}")

    run(flood())
    assert hub._recent_count <= 10
    alice = Note("org.1", age=0)
    hub.register(alice)
    assert RESYNC in alice.text


def test_losing_and_finding_the_broker_is_told_once_each(hub):
    alice = Note("org.1")
    hub.register(alice)
    clear(alice)

    async def trouble():
        await hub.broker_lost()
        await hub.broker_lost()
        await hub.broker_found()

    run(trouble())
    assert alice.frames == [PAUSE, RESYNC]


def test_closing_a_holder_ends_his_streams_and_refuses_his_old_tokens(hub):
    alice, bob = Note("org.1", holder="alice"), Note("org.1", holder="bob")
    hub.register(alice)
    hub.register(bob)
    run(hub.close_holder("alice"))
    assert alice.last == END
    assert bob.last is None
    assert hub.refuses("alice", alice.issued_at)
    assert not hub.refuses("alice", time.time() + 1)
    assert not hub.refuses("bob", bob.issued_at)


def test_closing_a_persons_channel_ends_all_his_streams_and_no_others(hub):
    desk = Note("org.1", "user.1", holder="desk")
    phone = Note("org.2", "user.1", holder="phone")
    other = Note("org.1", "user.2", holder="other")
    for note in (desk, phone, other):
        hub.register(note)
    run(hub.close_holder("user.1"))
    assert (desk.last, phone.last, other.last) == (END, END, None)
    assert hub.refuses("elsewhere", desk.issued_at, desk.channels)
    assert not hub.refuses("elsewhere", time.time() + 1, desk.channels)
    assert not hub.refuses("other", other.issued_at, other.channels)


def test_every_stream_is_told_to_renew_before_its_token_ends(hub):
    notes = [Note("org.1", holder=f"h{number}") for number in range(200)]
    for note in notes:
        hub.register(note)
    begin = int(time.monotonic())
    ended = {}
    for second in range(begin, begin + 602):
        hub.tick(second)
        for number, note in enumerate(notes):
            if note.last is not None:
                ended.setdefault(number, second - begin)
    assert {note.last for note in notes} == {RENEW}
    assert min(ended.values()) >= 535
    assert len(set(ended.values())) > 20, "they must not all come back in the same second"


def test_every_stream_hears_a_heart_beat_within_thirty_seconds(hub):
    notes = [Note("org.1", holder=f"h{number}") for number in range(50)]
    for note in notes:
        hub.register(note)
    for second in range(1000, 1000 + hub_module.BEAT_SECONDS):
        hub.tick(second)
    assert hub_module.BEAT_SECONDS < 30
    assert {note.beats for note in notes} == {1}


def test_a_holder_keeps_his_newest_streams(hub):
    notes = [Note("org.1") for _ in range(hub_module.STREAMS_PER_HOLDER + 2)]
    for note in notes:
        hub.register(note)
    assert [note.last for note in notes[:3]] == [b"", b"", None]
    assert len(hub) == hub_module.STREAMS_PER_HOLDER


def test_other_work_runs_while_a_broadcast_goes_out(hub):
    order = []

    class Loud(Note):
        def push(self, frame):
            order.append("push")

    for number in range(hub_module.SLICE * 3):
        hub.register(Loud("org.1", holder=f"h{number}"))
    order.clear()

    async def scene():
        broadcast = asyncio.create_task(hub.dispatch("org.1", "order.7"))
        await asyncio.sleep(0)
        order.append("other")
        await broadcast

    run(scene())
    assert order.index("other") == hub_module.SLICE
    assert len(order) == hub_module.SLICE * 3 + 1


def test_a_session_that_ends_while_its_stream_begins_is_heard(hub):
    """The close comes between the token's check and the registration."""
    grant = StreamGrant("alice", ("org.1",), time.time() - 1)
    sent = []

    async def send(message):
        sent.append(message)
        if message["type"] == "http.response.start":
            await hub.close_holder("alice")

    async def receive():
        await asyncio.sleep(30)
        return {"type": "http.disconnect"}

    async def scene():
        await asyncio.wait_for(stream_module._stream(hub, grant, None, receive, send), 5)

    run(scene())
    body = b"".join(message.get("body", b"") for message in sent)
    assert body.endswith(END)
    assert sent[-1]["more_body"] is False
    assert len(hub) == 0
