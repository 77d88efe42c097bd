"""A broker of our own and tokens; no test of this folder touches the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from nexxio.core import live
from tests.live.servers import Broker, StreamServer, stream_server


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A broker that stays up for the session; tests that kill one start their own."""
    broker = Broker().start()
    yield broker
    broker.kill()


@pytest.fixture
def own_broker() -> Iterator[Broker]:
    """A broker to kill."""
    broker = Broker().start()
    yield broker
    broker.kill()


@pytest.fixture
def push(settings: Any, broker: Broker) -> Callable[..., None]:
    """`publish` towards the session's broker."""
    settings.REDIS_URL = broker.url
    return lambda *messages: live.publish(messages)


@pytest.fixture(scope="session")
def shared_server(broker: Broker) -> Iterator[StreamServer]:
    """A stream process that stays up for the session."""
    from django.conf import settings

    with stream_server(broker.url, secret_key=settings.SECRET_KEY) as server:
        yield server


@pytest.fixture
def token() -> Callable[..., str]:
    """Make a token: token("org.a", "user.b", holder="h")."""
    return lambda *channels, holder="h": live.stream_token(holder=holder, channels=channels)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run an asynchronous test with a limit on its time.

    In a thread, because Playwright leaves a loop running in the main one.
    """

    async def limited() -> None:
        async with asyncio.timeout(30):
            await work

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, limited()).result()
