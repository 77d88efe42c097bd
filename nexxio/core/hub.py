"""Fan-out of live messages to the open streams of this process.

The hub knows no transport, no database and no rights: a listener brings the channels that its
token allows, and gets bytes. All of it runs on one event loop and is not thread-safe.

What a stream may carry, besides keys (`data: <key>`):

    hello   first event; its data is a *mark*, the hub's clock in milliseconds
    beat    the mark again, at least every `BEAT_SECONDS`: proof of life
    resync  messages may have been missed: fetch everything that is shown
    pause   the broker is away; `resync` follows when it is back
    renew   the token has aged: ask for a new one, which checks the rights again
    end     the session or the link is over

A page that comes back says the last mark that it saw and gets the keys published since, as far as
the hub remembers (`MEMORY_SECONDS`); beyond that it gets `resync`. So a page misses nothing
between its rendering and its stream, nor while it changes tokens, and a reconnection does not
make ten thousand pages fetch everything again.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import Protocol, TypeVar

from nexxio.core.live import TOKEN_MAX_AGE

K = TypeVar("K")

BEAT_SECONDS = 20
MEMORY_SECONDS = 60
MEMORY_KEYS = 50_000
STREAMS_PER_HOLDER = 32
# A broadcast lets other work of the loop run after so many listeners.
SLICE = 256
# Tolerated difference between the clocks of the site's and the stream's machines.
_CLOCK_MARGIN_MS = 2_000
# Streams that were opened together do not all end in the same second.
_EXPIRY_SPREAD = 0.1


def event(name: str, data: object = 1) -> bytes:
    """Build one named server-sent event; browsers ignore events without data, hence the 1."""
    return f"event: {name}\ndata: {data}\n\n".encode()


RESYNC = event("resync")
PAUSE = event("pause")
RENEW = event("renew")
END = event("end")


class Listener(Protocol):
    """One open stream, as the hub sees it."""

    @property
    def holder(self) -> str:
        """Session or link under which the stream was opened."""

    @property
    def channels(self) -> tuple[str, ...]:
        """What it may hear of."""

    @property
    def issued_at(self) -> float:
        """When its token was made."""

    @property
    def expires_at(self) -> float:
        """When its token ends."""

    def push(self, frame: bytes) -> None:
        """Send or queue a frame; never blocks, never raises. May drop the stream."""

    def beat(self, frame: bytes) -> None:
        """As `push`, and drop the stream when it has taken nothing since the last beat."""

    def finish(self, frame: bytes) -> None:
        """Send a last frame and end the response. Never raises."""


class Hub:
    """Registry of listeners, with the short memory that lets them catch up."""

    def __init__(self) -> None:
        self._by_channel: defaultdict[str, set[Listener]] = defaultdict(set)
        self._by_holder: defaultdict[str, dict[Listener, None]] = defaultdict(dict)
        self._places: dict[Listener, tuple[int, int]] = {}
        self._beats: tuple[set[Listener], ...] = tuple(set() for _ in range(BEAT_SECONDS))
        self._expiries: defaultdict[int, set[Listener]] = defaultdict(set)
        self._serial = count()
        self._ended: dict[str, float] = {}
        self._recent: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._recent_count = 0
        self._complete_since = _mark()
        self._connected = False

    def __len__(self) -> int:
        return len(self._places)

    # --- Listeners ------------------------------------------------------------------------------

    def refuses(self, holder: str, issued_at: float, channels: Iterable[str] = ()) -> bool:
        """Tell whether the holder's session, or a channel, ended after this token was made."""
        return any(self._ended.get(name, 0.0) >= issued_at for name in (holder, *channels))

    def register(self, listener: Listener, *, since: int | None = None) -> None:
        """Add a listener and push its first frames: hello, then what it missed.

        `since` is the mark that the page saw last; without one, the moment its token was made.
        A holder keeps his `STREAMS_PER_HOLDER` newest streams: the oldest is finished.
        """
        own = self._by_holder[listener.holder]
        if len(own) >= STREAMS_PER_HOLDER:
            oldest = next(iter(own))
            self.unregister(oldest)
            oldest.finish(b"")
        own[listener] = None
        for channel in listener.channels:
            self._by_channel[channel].add(listener)
        left = listener.expires_at - time.time()
        spread = 1 - _EXPIRY_SPREAD * random.random()  # noqa: S311 (no secret)
        due = int(time.monotonic() + max(left, 0) * spread) + 1
        beat = next(self._serial) % BEAT_SECONDS
        self._places[listener] = (beat, due)
        self._beats[beat].add(listener)
        self._expiries[due].add(listener)
        issued = int(listener.issued_at * 1000)
        listener.push(self._greeting(listener.channels, since if since is not None else issued))

    def unregister(self, listener: Listener) -> None:
        """Forget a listener; does nothing when it is unknown."""
        place = self._places.pop(listener, None)
        if place is None:
            return
        for channel in listener.channels:
            _discard(self._by_channel, channel, listener)
        own = self._by_holder[listener.holder]
        own.pop(listener, None)
        if not own:
            del self._by_holder[listener.holder]
        beat, due = place
        self._beats[beat].discard(listener)
        _discard(self._expiries, due, listener)

    # --- Messages -------------------------------------------------------------------------------

    async def dispatch(self, channel: str, key: str) -> None:
        """Push a key to everybody on the channel, and remember it for those to come."""
        self._remember(channel, key)
        listeners = self._by_channel.get(channel)
        if listeners:
            await self._push_all(listeners, f"data: {key}\n\n".encode())

    async def close_holder(self, holder: str) -> None:
        """End the streams of a holder or on a channel, and refuse their tokens made before now."""
        self._ended[holder] = time.time()
        own = self._by_holder.get(holder, ())
        for listener in (*own, *self._by_channel.get(holder, ())):
            listener.finish(END)

    async def broker_lost(self) -> None:
        """Tell the pages that nothing will come for a while; does nothing when they know."""
        if self._connected:
            self._connected = False
            await self._push_all(self._places, PAUSE)

    async def broker_found(self) -> None:
        """Tell the pages to fetch what they show: what was published meanwhile is unknown."""
        self._connected = True
        self._forget_before(_mark())
        await self._push_all(self._places, RESYNC)

    async def finish_all(self) -> None:
        """End every stream without a word, as when the process stops: the pages come back."""
        for batch in _slices(self._places):
            for listener in batch:
                listener.finish(b"")
            await asyncio.sleep(0)

    # --- Time -----------------------------------------------------------------------------------

    async def run_clock(self) -> None:
        """Beat and expire, second by second, until cancelled."""
        done = int(time.monotonic())
        while True:
            await asyncio.sleep(1 - time.monotonic() % 1)
            now = int(time.monotonic())
            # Every second is served once, also those that a busy loop skipped.
            for second in range(done + 1, now + 1):
                self.tick(second)
            done = now

    def tick(self, second: int) -> None:
        """Serve one second of the monotonic clock: heartbeats, expiries, memory."""
        beat = event("beat", _mark())
        for listener in tuple(self._beats[second % BEAT_SECONDS]):
            listener.beat(beat)
        for listener in tuple(self._expiries.pop(second, ())):
            listener.finish(RENEW)
        if second % BEAT_SECONDS == 0:
            self._forget_before(_mark() - MEMORY_SECONDS * 1000)
            oldest = time.time() - TOKEN_MAX_AGE
            self._ended = {who: when for who, when in self._ended.items() if when > oldest}

    # --- Within ---------------------------------------------------------------------------------

    async def _push_all(self, listeners: Iterable[Listener], frame: bytes) -> None:
        for batch in _slices(listeners):
            for listener in batch:
                listener.push(frame)
            await asyncio.sleep(0)

    def _greeting(self, channels: tuple[str, ...], since: int) -> bytes:
        frames = [b"retry: 3000\n", event("hello", _mark())]
        since -= _CLOCK_MARGIN_MS
        if since < self._complete_since:
            frames.append(RESYNC)
        else:
            missed = {
                key: None
                for channel in channels
                for key, when in self._recent.get(channel, {}).items()
                if when >= since
            }
            frames.extend(f"data: {key}\n\n".encode() for key in missed)
        if not self._connected:
            frames.append(PAUSE)
        return b"".join(frames)

    def _remember(self, channel: str, key: str) -> None:
        keys = self._recent[channel]
        self._recent_count += key not in keys
        keys[key] = _mark()
        if self._recent_count > MEMORY_KEYS:
            self._forget_before(_mark() + 1)

    def _forget_before(self, mark: int) -> None:
        self._complete_since = max(self._complete_since, mark)
        kept: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for channel, keys in self._recent.items():
            young = {key: when for key, when in keys.items() if when >= self._complete_since}
            if young:
                kept[channel] = young
        self._recent = kept
        self._recent_count = sum(map(len, kept.values()))


def _mark() -> int:
    return int(time.time() * 1000)


def _discard(index: dict[K, set[Listener]], name: K, listener: Listener) -> None:
    members = index.get(name)
    if members is not None:
        members.discard(listener)
        if not members:
            del index[name]


def _slices(listeners: Iterable[Listener]) -> Iterable[list[Listener]]:
    everybody = list(listeners)
    for start in range(0, len(everybody), SLICE):
        yield everybody[start : start + SLICE]
