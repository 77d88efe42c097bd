"""From the broker to the hub: one subscription per process, supervised for ever."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from nexxio.core.hub import Hub
from nexxio.core.live import BROKER_CHANNEL, END_MARK, parse_payload

PING_SECONDS = 2.0
SILENCE_SECONDS = 6.0
CONNECT_SECONDS = 2.0
BACKOFF_FIRST = 0.05
BACKOFF_LAST = 1.0

logger = logging.getLogger(__name__)


async def follow_broker(hub: Hub, url: str) -> None:
    """Feed the hub from the broker until cancelled, whatever happens to the broker.

    After each (re)connection the hub tells all pages to fetch again. Attempts follow each other
    within a second, with jitter, so that many processes do not fall on a broker that comes back.
    """
    wait = BACKOFF_FIRST
    while True:
        try:
            async with _subscription(url) as subscription:
                await hub.broker_found()
                logger.info("Live messages: connected to the broker.")
                wait = BACKOFF_FIRST
                await _read(hub, subscription)
        except asyncio.CancelledError:
            raise
        except (RedisError, OSError, TimeoutError) as error:
            logger.warning("Live messages: the broker is away (%s).", error)
        except Exception:
            logger.exception("Live messages: the broker loop failed and starts again.")
        await hub.broker_lost()
        await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 (no secret)
        wait = min(wait * 2, BACKOFF_LAST)


@asynccontextmanager
async def _subscription(url: str) -> AsyncIterator[PubSub]:
    # No retry of its own: a client that reconnects in silence would hide a gap.
    client = Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=CONNECT_SECONDS,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        async with client.pubsub() as subscription:
            async with asyncio.timeout(2 * CONNECT_SECONDS):
                await subscription.subscribe(BROKER_CHANNEL)
                answer = await subscription.get_message(timeout=None)
            if answer is None or answer["type"] != "subscribe":
                raise RedisError(f"unexpected answer to SUBSCRIBE: {answer!r}")
            yield subscription
    finally:
        with suppress(RedisError, OSError):
            await client.aclose()


async def _read(hub: Hub, subscription: PubSub) -> None:
    """Dispatch until the connection fails; silence is a failure too, since pings are answered."""
    pings = asyncio.create_task(_ping(subscription))
    try:
        async with asyncio.timeout(SILENCE_SECONDS) as patience:
            while True:
                message = await subscription.get_message(timeout=None)
                patience.reschedule(asyncio.get_running_loop().time() + SILENCE_SECONDS)
                if message is not None and message["type"] == "message":
                    await _dispatch(hub, message["data"])
    finally:
        pings.cancel()


async def _dispatch(hub: Hub, payload: bytes) -> None:
    for subject, key in parse_payload(payload):
        if subject == END_MARK:
            await hub.close_holder(key)
        else:
            await hub.dispatch(subject, key)


async def _ping(subscription: PubSub) -> None:
    while True:
        await asyncio.sleep(PING_SECONDS)
        # The reader finds out by itself when the connection is gone.
        with suppress(RedisError, OSError):
            await subscription.ping()
