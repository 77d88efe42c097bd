"""Races, forced: no test waits for an unlucky moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.utils.module_loading import import_string

from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from tests.factories.world import Party


@contextmanager
def own_connection() -> Iterator[None]:
    """Close the thread's connection at the end."""
    try:
        yield
    finally:
        connection.close()


@contextmanager
def overtaking(target: str, callback: Callable[[], Any]) -> Iterator[None]:
    """Let `callback` happen, and commit, right before the block first calls `target`.

    target: dotted path of a function, where it is looked up. The callback runs in a thread with
    a connection of its own; the block fails when it never reaches `target`.
    """
    original = import_string(target)
    reached = False

    def first_the_callback(*args: Any, **kwargs: Any) -> Any:
        nonlocal reached
        if not reached:
            reached = True
            with ThreadPoolExecutor(1) as pool:
                pool.submit(_alone, callback).result(timeout=20)
        return original(*args, **kwargs)

    with mock.patch(target, first_the_callback):
        yield
    assert reached, f"{target} was not called"


def _alone(callback: Callable[[], Any]) -> Any:
    with own_connection():
        return callback()


def acting(party: Party, who: str, service: Callable[..., Any], **kwargs: Any) -> Callable[[], Any]:
    """Return a call of a service as somebody of a party, in his scope: a side of `collide`."""
    actor = party.actor(who)

    def run() -> Any:
        with scope_of(actor):
            return service(actor=actor, **kwargs)

    return run


def collide(
    winner: Callable[[], Any], loser: Callable[[], Any], *, then: Callable[[], Any] | None = None
) -> Any:
    """Run `winner`, start `loser` beside it, and commit once the loser waits for its lock.

    then: what the winner goes on with while the loser waits. Returns what the loser returned, or
    its refusal.
    """

    def second() -> Any:
        with own_connection():
            try:
                return loser()
            except Refused as error:
                return error

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            winner()
            future = pool.submit(second)
            _wait_until_blocked(future)
            if then is not None:
                then()
        return future.result(timeout=20)


def _wait_until_blocked(future: Future[Any]) -> None:
    """Return when some session of this database waits for our lock (or the other one is over)."""
    with connection.cursor() as cursor:
        until = time.monotonic() + 15
        while not future.done() and time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
