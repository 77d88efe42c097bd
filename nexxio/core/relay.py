"""The relay: claims what the outbox holds, delivers it, backs off, gives up visibly.

Delivery is at least once; database effects of a handler are exactly once, because they commit
with the row that says "done". Claims use FOR UPDATE SKIP LOCKED, never "id greater than the last
seen": ids commit out of order.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from nexxio.core import clock, subscriptions
from nexxio.core.models import Delivery, Event, EventPosition
from nexxio.core.scoping import system_scope
from nexxio.core.subscriptions import subscribe_batch

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
BATCH = 500
_LOCK_CLASS = 7401


def _pending(names: list[str]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        subscriber__in=names,
        next_attempt_at__lte=clock.now(),
        done_at__isnull=True,
        dead_at__isnull=True,
    ).order_by("next_attempt_at", "id")


def drain_batches() -> int:
    """Deliver all that waits for the batch subscribers. Returns how many deliveries were done.

    Each batch is one transaction: its rows stay locked while its handler runs, so a killed worker
    leaves them as they were.
    """
    total = 0
    with system_scope("relay: push"):
        for name in subscriptions.names(batch=True):
            count = BATCH
            while count == BATCH:
                # A smaller batch was the last: what commits from now on nudges again.
                count = _drain_one_batch(name)
                total += count
    return total


def _drain_one_batch(name: str) -> int:
    subscriber = subscriptions.get_subscriber(name)
    if subscriber is None or subscriber.batch is None:
        return 0
    with transaction.atomic():
        claimed = list(
            _pending([name])
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("event")[:BATCH]
        )
        if not claimed:
            return 0
        ids = [delivery.pk for delivery in claimed]
        try:
            with transaction.atomic():
                subscriber.batch([delivery.event for delivery in claimed])
        except Exception as error:  # noqa: BLE001 (whatever a handler raises is a failed delivery)
            for delivery in claimed:
                _fail(delivery, error)
            return 0
        Delivery.objects.filter(pk__in=ids).update(done_at=clock.now(), error="")
    return len(claimed)


def deliver_one_by_one(limit: int = 1000) -> int:
    """Deliver what waits for the other subscribers, each in a transaction of its own."""
    total = 0
    with system_scope("relay: subscribers"):
        names = subscriptions.names(batch=False)
        for pk in list(_pending(names).values_list("pk", flat=True)[:limit]):
            total += _deliver(pk)
    return total


def _deliver(pk: UUID) -> int:
    with transaction.atomic():
        delivery = (
            Delivery.objects.filter(pk=pk, done_at__isnull=True, dead_at__isnull=True)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .first()
        )
        if delivery is None:
            return 0  # another worker has it
        subscriber = subscriptions.get_subscriber(delivery.subscriber)
        try:
            if subscriber is None or subscriber.handler is None:
                raise LookupError(f"no subscriber named {delivery.subscriber}")
            with transaction.atomic():
                subscriber.handler(delivery.event)
        except Exception as error:  # noqa: BLE001 (whatever a handler raises is a failed delivery)
            _fail(delivery, error)
            return 0
        delivery.done_at = clock.now()
        delivery.error = ""
        delivery.save(update_fields=["done_at", "error"])
    return 1


def _fail(delivery: Delivery, error: Exception) -> None:
    """Count the attempt, back off (1 s, 2 s, 4 s … 10 min), or give up visibly."""
    now = clock.now()
    delivery.attempts += 1
    delivery.error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.dead_at = now
        logger.error("dead letter: %s %s", delivery.subscriber, delivery.pk)
    else:
        delivery.next_attempt_at = now + timedelta(seconds=min(2 ** (delivery.attempts - 1), 600))
        logger.warning("delivery to %s failed, again later", delivery.subscriber, exc_info=error)
    delivery.save(update_fields=["attempts", "error", "dead_at", "next_attempt_at"])


def has_pending(*, batch: bool) -> bool:
    """Tell whether something is due."""
    with system_scope("relay: what is due"):
        return _pending(subscriptions.names(batch=batch)).exists()


def replay(delivery_ids: list[UUID]) -> int:
    """Take dead letters up again. Returns how many. Caller is in a system scope."""
    return Delivery.objects.filter(pk__in=delivery_ids, dead_at__isnull=False).update(
        dead_at=None, attempts=0, next_attempt_at=clock.now()
    )


@subscribe_batch("positions", "*", rank=1)
def give_positions(events: list[Event]) -> None:
    """Give each event the next position of its landlord, under an advisory lock."""
    by_landlord: dict[UUID, list[Event]] = defaultdict(list)
    for event in events:
        by_landlord[event.landlord_id].append(event)
    for landlord_id in sorted(by_landlord):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, str(landlord_id)]
            )
        found = EventPosition.objects.filter(landlord_id=landlord_id)
        last = found.aggregate(last=Max("position"))["last"] or 0
        rows = sorted(by_landlord[landlord_id], key=lambda event: (event.recorded_at, event.pk))
        EventPosition.objects.bulk_create(
            [
                EventPosition(landlord_id=landlord_id, event=event, position=last + n)
                for n, event in enumerate(rows, start=1)
            ],
            ignore_conflicts=True,
        )
