"""Durable subscribers: each gets one delivery row per event, until it is done or dead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexxio.core.models import Event

Handler = Callable[["Event"], None]
BatchHandler = Callable[[list["Event"]], None]


@dataclass(frozen=True)
class Subscriber:
    """Who hears of which kinds of event.

    kinds: exact kinds, or prefixes ending in ".*". batch: the handler takes a list, runs on the
    relay's own queue and must be fast (push); the others run one event at a time, each in its
    own transaction, on the default queue. rank: the lowest of the batch subscribers goes first.
    """

    name: str
    kinds: tuple[str, ...]
    handler: Handler | None = None
    batch: BatchHandler | None = None
    rank: int = 0

    def hears(self, kind: str) -> bool:
        """Tell whether an event of this kind is delivered to the subscriber."""
        return any(
            wanted == "*"
            or wanted == kind
            or (wanted.endswith(".*") and kind.startswith(wanted[:-1]))
            for wanted in self.kinds
        )


_subscribers: dict[str, Subscriber] = {}


def _add(subscriber: Subscriber) -> None:
    if subscriber.name in _subscribers:
        raise ValueError(f"Subscriber {subscriber.name} is registered twice.")
    _subscribers[subscriber.name] = subscriber


def subscribe(name: str, *kinds: str) -> Callable[[Handler], Handler]:
    """Register a handler for events of `kinds`. It must be idempotent by event id."""

    def decorate(handler: Handler) -> Handler:
        _add(Subscriber(name=name, kinds=kinds, handler=handler))
        return handler

    return decorate


def subscribe_batch(
    name: str, *kinds: str, rank: int = 0
) -> Callable[[BatchHandler], BatchHandler]:
    """Register a fast handler of many events at once."""

    def decorate(handler: BatchHandler) -> BatchHandler:
        _add(Subscriber(name=name, kinds=kinds, batch=handler, rank=rank))
        return handler

    return decorate


def subscribers_of(kind: str) -> Iterable[Subscriber]:
    """Return the subscribers that hear of a kind."""
    return [found for found in _subscribers.values() if found.hears(kind)]


def get_subscriber(name: str) -> Subscriber | None:
    """Return a subscriber by name; None when this version no longer has it."""
    return _subscribers.get(name)


def names(*, batch: bool) -> list[str]:
    """Return the names of the batch subscribers in their order, or of the others."""
    found = [each for each in _subscribers.values() if (each.batch is not None) == batch]
    return [each.name for each in sorted(found, key=lambda each: each.rank)]
