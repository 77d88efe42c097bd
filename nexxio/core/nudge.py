"""Wake the relay after a commit. Only a courtesy: the sweep is the guarantee.

Nudges are coalesced, so that a burst costs one task; sent without retry, with short time-outs;
and left out for two seconds after a failure, so that pages stay fast while the broker is away.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache

import redis
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

RELAY_TASK = "nexxio.core.tasks.drain_relay"
DELIVER_TASK = "nexxio.core.tasks.deliver_events"
MAIL_TASK = "nexxio.core.tasks.send_messages"
JOBS_TASK = "nexxio.core.tasks.run_jobs"
ERASE_TASK = "nexxio.core.tasks.erase_outdated"
REMIND_TASK = "nexxio.orders.remind_late"
ERASE_ORDERS_TASK = "nexxio.orders.erase_outdated"
CHASE_TASK = "nexxio.contractors.chase_blocks"
MORNING_TASK = "nexxio.contractors.tell_mornings"
PAPERS_TASK = "nexxio.contractors.chase_papers"
EVALUATE_TASK = "nexxio.evaluations.keep_time"
IMPACT_TASK = "nexxio.evaluations.measure_impact"
QUEUES = {
    RELAY_TASK: "relay",
    DELIVER_TASK: "default",
    MAIL_TASK: "default",
    JOBS_TASK: "jobs",  # a worker of its own: an import must hold up no message
    ERASE_TASK: "default",
    REMIND_TASK: "default",
    ERASE_ORDERS_TASK: "default",
    CHASE_TASK: "default",
    MORNING_TASK: "default",
    PAPERS_TASK: "default",
    EVALUATE_TASK: "default",
    IMPACT_TASK: "jobs",  # statistics: seconds of a core, and memory that others don't need
}

# So many messages of a queue say all that more of them could say.
PILE = 20
_PAUSE_SECONDS = 2.0
_COALESCE_MS = 1000
_paused_until = 0.0


class BrokerAway(Exception):
    """The broker doesn't answer."""


@lru_cache(maxsize=1)
def broker() -> redis.Redis:
    """Return this process's client of the broker, with time-outs of 0.3 s."""
    client: redis.Redis = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3
    )
    return client


def after_commit(*tasks: str) -> None:
    """Nudge `tasks` (default: the relay) once, after the current transaction commits."""
    wanted = tasks or (RELAY_TASK,)
    hooks = {getattr(hook[1], "nexxio_nudge", None) for hook in connection.run_on_commit}
    for task in wanted:
        if task in hooks:
            continue

        def hook(task: str = task) -> None:
            send(task)

        hook.nexxio_nudge = task  # type: ignore[attr-defined]
        transaction.on_commit(hook, robust=True)


def send(task: str) -> bool:
    """Enqueue a task without arguments, unless the same one is waiting. False when it failed."""
    global _paused_until  # noqa: PLW0603 (one circuit breaker per process)
    if time.monotonic() < _paused_until:
        return False
    try:
        if broker().set(_key(task), 1, nx=True, px=_COALESCE_MS) and not is_piled_up(QUEUES[task]):
            current_app.send_task(
                task, queue=QUEUES[task], retry=False, ignore_result=True, expires=10
            )
    except Exception as error:  # noqa: BLE001 (redis, kombu and sockets each raise their own)
        _paused_until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("broker away, nudge left to the sweep: %s", type(error).__name__)
        return False
    return True


def is_piled_up(queue: str) -> bool:
    """Tell whether a queue holds more than its worker would care for. Raises BrokerAway."""
    try:
        return broker().llen(queue) >= PILE
    except redis.RedisError as error:
        raise BrokerAway from error


def taken(task: str) -> None:
    """Say that the task has begun: what commits from now on must nudge again."""
    try:
        broker().delete(_key(task))
    except redis.RedisError:
        logger.debug("nudge key of %s stays until it expires", task)


def _key(task: str) -> str:
    return f"nexxio:nudge:{task}"
