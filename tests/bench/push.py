"""Measures of the live stream on this machine: broker alone, then through each ASGI server.

    python -m tests.bench.push --json OUT [--listeners 1000,5000] [--servers uvicorn,granian]

Everything runs on loopback and stops by itself. Client, server and broker share the machine, so
figures of one run compare with each other and with nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import uvloop
from django.conf import settings

from tests.live.ears import Ears, listen
from tests.live.servers import SECRET_KEY, Broker, StreamServer, stream_server

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(SECRET_KEY=SECRET_KEY, REDIS_URL="", USE_TZ=True)

from nexxio.core import live

__all__ = ["listen"]

BROADCAST = "org.broadcast"
ROUNDS = 40
SUBJECT_ROUNDS = 200


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 in milliseconds."""
    ordered = sorted(seconds)
    return {
        f"p{part}": round(ordered[min(len(ordered) - 1, len(ordered) * part // 100)] * 1000, 2)
        for part in (50, 95, 99)
    }


def tokens_for(n: int) -> list[str]:
    """Return a token per listener: one shared channel, one of its own."""
    return [live.stream_token(holder=f"h{i}", channels=[BROADCAST, f"user.{i}"]) for i in range(n)]


class Subscriber(asyncio.Protocol):
    """A bare subscriber of the broker, the yardstick."""

    def __init__(self, times: list[float], channel: str = "bench") -> None:
        self.times = times
        self.channel = channel
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        transport.write(f"SUBSCRIBE {self.channel}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
        else:
            self.times.append(time.perf_counter())


async def measure_rounds(
    count: int, send: Callable[[int], Awaitable[list[float]]], pause: float
) -> dict[str, float]:
    """Repeat a round; each answers with the delays of its deliveries."""
    delays: list[float] = []
    for number in range(count):
        delays += await send(number)
        await asyncio.sleep(pause)
    return percentiles(delays)


async def measure_broker(broker: Broker, n: int, *, own_subjects: bool = False) -> dict[str, float]:
    """Publish to `n` bare subscribers: to all at once, or to one of them on a subject of its own."""
    loop = asyncio.get_running_loop()
    times: list[float] = []
    members = []
    client = live._client(broker.url)
    channels = [f"bench.{i}" if own_subjects else "bench" for i in range(n)]
    for channel in channels:
        _, member = await loop.create_connection(
            lambda channel=channel: Subscriber(times, channel), "127.0.0.1", broker.port
        )
        await asyncio.wait_for(member.ready, 10)
        members.append(member)
    expected = 1 if own_subjects else n

    async def send(number: int) -> list[float]:
        times.clear()
        begin = time.perf_counter()
        client.publish(channels[number * 7919 % n], "order.0198c0de-0000-7000-8000-000000000000")
        async with asyncio.timeout(10):
            while len(times) < expected:
                await asyncio.sleep(0.0005 if own_subjects else 0.002)
        return [moment - begin for moment in times]

    rounds = SUBJECT_ROUNDS if own_subjects else ROUNDS
    result = await measure_rounds(rounds, send, 0.005 if own_subjects else 0.2)
    for member in members:
        member.transport.abort()
    return result


async def measure_subjects(sizes: Sequence[int]) -> dict[str, Any]:
    """Return the raw broker's figures with each subscriber on a subject of its own."""
    broker = Broker().start()
    settings.REDIS_URL = broker.url
    try:
        return {str(n): await measure_broker(broker, n, own_subjects=True) for n in sizes}
    finally:
        broker.kill()


def usage(worker: int) -> tuple[float, int]:
    """Return CPU seconds and resident KiB of a process."""
    fields = Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    status = Path(f"/proc/{worker}/status").read_text()
    rss = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return ticks / os.sysconf("SC_CLK_TCK"), int(rss.split()[1])


async def measure_server(server: StreamServer, n: int) -> dict[str, Any]:
    """Broadcast to `n` streams, then speak to single ones; note cost and memory."""
    tokens = tokens_for(n)
    _, empty = usage(server.worker)
    begin = time.perf_counter()
    async with listen(n, tokens, server.url) as ears:
        connected = time.perf_counter() - begin
        _, full = usage(server.worker)
        await asyncio.sleep(0.5)
        cpu, _ = usage(server.worker)
        broadcast = await measure_rounds(ROUNDS, _broadcaster(ears, n), 0.2)
        spent = usage(server.worker)[0] - cpu
        single = await measure_rounds(SUBJECT_ROUNDS, _whisperer(ears, n), 0.005)
        still_open = ears.open
    return {
        "broadcast": broadcast,
        "single": single,
        "connect_s": round(connected, 2),
        "cpu_us_per_delivery": round(spent / (n * ROUNDS) * 1e6, 1),
        "kib_per_stream": round((full - empty) / n, 1),
        "lost": n - still_open,
    }


def _broadcaster(ears: Ears, n: int) -> Callable[[int], Awaitable[list[float]]]:
    async def send(number: int) -> list[float]:
        ears.forget()
        key = f"order.0198c0de-0000-7000-8000-{number:012}"
        begin = time.perf_counter()
        live.publish([(BROADCAST, key)])
        return [moment - begin for moment in await ears.arrivals(key, n, 30)]

    return send


def _whisperer(ears: Ears, n: int) -> Callable[[int], Awaitable[list[float]]]:
    async def send(number: int) -> list[float]:
        key = f"job.{number}"
        begin = time.perf_counter()
        live.publish([(f"user.{number * 7919 % n}", key)])
        return [moment - begin for moment in await ears.arrivals(key, 1, 10)]

    return send


async def measure_all(sizes: Sequence[int], kinds: Sequence[str]) -> dict[str, Any]:
    """Run everything and return the figures by server and number of listeners."""
    broker = Broker().start()
    settings.REDIS_URL = broker.url
    results: dict[str, Any] = {"cores": os.cpu_count(), "broker": {}}
    try:
        for n in sizes:
            results["broker"][str(n)] = await measure_broker(broker, n)
            print("broker", n, results["broker"][str(n)], flush=True)
        for kind in kinds:
            results[kind] = {}
            for n in sizes:
                with stream_server(broker.url, kind=kind, secret_key=settings.SECRET_KEY) as server:
                    results[kind][str(n)] = await measure_server(server, n)
                print(kind, n, results[kind][str(n)], flush=True)
    finally:
        broker.kill()
    return results


def main() -> None:
    """Read the command line, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--listeners", default="1000,5000")
    parser.add_argument("--servers", default="uvicorn,granian")
    arguments = parser.parse_args()
    sizes = [int(word) for word in arguments.listeners.split(",")]
    results = uvloop.run(measure_all(sizes, arguments.servers.split(",")))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
