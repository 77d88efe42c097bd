"""Many listeners on one event loop: raw sockets, no HTTP library, arrival times.

Used by the tests of the stream and by the measures.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

_AT_ONCE = 200


class Ear(asyncio.Protocol):
    """One open stream: its status and its events, with the moment of each."""

    def __init__(self, request: bytes, hear: Callable[[Ear, str, str], None]) -> None:
        self.status = 0
        self.events: list[tuple[str, str]] = []
        self.closed = False
        self.opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._request = request
        self._hear = hear
        self._buffer = b""
        self._name = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        lines = (self._buffer + data).split(b"\n")
        self._buffer = lines.pop()
        for line in lines:
            self._take(line)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_result(self.status)

    def _take(self, line: bytes) -> None:
        # Chunk sizes and headers fall through: none begins like an event's line.
        if line.startswith(b"data: "):
            name, self._name = self._name or "message", ""
            text = line[6:].decode()
            self._hear(self, name, text)
            if name == "hello" and not self.opened.done():
                self.opened.set_result(self.status)
        elif line.startswith(b"event: "):
            self._name = line[7:].decode()
        elif line.startswith(b"HTTP/1.1 "):
            self.status = int(line[9:12])
            if self.status != 200 and not self.opened.done():
                self.opened.set_result(self.status)


class Ears:
    """All listeners of one run. `times[key]` holds the arrival times of a key, perf_counter."""

    def __init__(self) -> None:
        self.members: list[Ear] = []
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.named: defaultdict[str, int] = defaultdict(int)
        self._news = asyncio.Event()

    @property
    def open(self) -> int:
        """How many streams are open now."""
        return sum(1 for ear in self.members if ear.status == 200 and not ear.closed)

    def hear(self, ear: Ear, name: str, text: str) -> None:
        """Take note of an event; keys are kept with their time, other events are counted."""
        ear.events.append((name, text))
        if name == "message":
            self.times[text].append(time.perf_counter())
        else:
            self.named[name] += 1
        self._news.set()

    async def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Return when the condition holds; raise TimeoutError when time is up."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.05)
                except TimeoutError:
                    continue

    async def arrivals(self, key: str, count: int, seconds: float = 10.0) -> list[float]:
        """Wait until `count` listeners got the key; return all arrival times so far."""
        await self.until(lambda: len(self.times[key]) >= count, seconds)
        return self.times[key]

    def forget(self) -> None:
        """Drop what was heard so far, to keep long measures small."""
        self.times.clear()
        for ear in self.members:
            ear.events.clear()


@asynccontextmanager
async def listen(n: int, tokens: Sequence[str], url: str) -> AsyncIterator[Ears]:
    """Open `n` streams of `url` (…/flux/) with the tokens in turn; all are open on entry.

    A stream that is refused is among `members` with its status. One holder keeps only his newest
    32 streams, so give many listeners tokens of many holders. `await ears.arrivals(key, count)`
    gives moments on the clock of `time.perf_counter()`, which all processes of a machine share.
    """
    parts = urlsplit(url)
    ears = Ears()
    loop = asyncio.get_running_loop()

    async def one(index: int) -> None:
        request = (
            f"GET {parts.path}?t={tokens[index % len(tokens)]} HTTP/1.1\r\n"
            f"Host: {parts.netloc}\r\nAccept: text/event-stream\r\n\r\n"
        ).encode()
        _, ear = await loop.create_connection(
            lambda: Ear(request, ears.hear), parts.hostname or "", parts.port or 80
        )
        ears.members.append(ear)
        await asyncio.wait_for(ear.opened, 30)

    try:
        for start in range(0, n, _AT_ONCE):
            await asyncio.gather(*(one(i) for i in range(start, min(n, start + _AT_ONCE))))
        yield ears
    finally:
        for ear in ears.members:
            if ear.transport is not None:
                ear.transport.abort()
        await asyncio.sleep(0)
