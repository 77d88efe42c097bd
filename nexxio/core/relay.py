"""The relay: claims what the outbox holds, delivers it, backs off, gives up visibly.

Delivery is at least once; database effects of a handler are exactly once, because they commit
with the row that says "done". Effects outside (a push) come before that commit: a relay that dies
in between repeats them. Claims use FOR UPDATE SKIP LOCKED, never "id greater than the last seen":
ids commit out of order.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from nexxio.core import clock, subscriptions
from nexxio.core.errors import Unavailable
from nexxio.core.models import Delivery, Event, EventPosition
from nexxio.core.scoping import system_scope
from nexxio.core.subscriptions import BatchHandler, subscribe_batch

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
BATCH = 500
# How long all wait together while what they need, such as the broker, is away.
PAUSE = timedelta(seconds=2)
# A subscriber that this worker doesn't know may be newer than it, during a deployment.
ORPHAN_AGE = timedelta(hours=1)
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
            claimed = BATCH
            while claimed == BATCH:
                # A smaller batch was the last: what commits from now on nudges again.
                claimed, done = _drain_one_batch(name)
                total += done
    return total


def _drain_one_batch(name: str) -> tuple[int, int]:
    """Deliver one batch. Returns how many deliveries were claimed, and how many of them done."""
    subscriber = subscriptions.get_subscriber(name)
    if subscriber is None or subscriber.batch is None:
        return 0, 0
    with transaction.atomic():
        claimed = list(
            _pending([name])
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("event")[:BATCH]
        )
        done = _hand_over(subscriber.batch, claimed)
        Delivery.objects.filter(pk__in=done).update(done_at=clock.now(), error="")
    return len(claimed), len(done)


def _hand_over(handler: BatchHandler, claimed: list[Delivery]) -> list[UUID]:
    """Give a batch to its handler; return the deliveries that were made.

    When it fails the events go one by one, so that a bad one holds up no other.
    """
    if not claimed:
        return []
    try:
        with transaction.atomic():
            handler([delivery.event for delivery in claimed])
    except Unavailable as error:
        _put_off(claimed, error)
        return []
    except Exception as error:  # noqa: BLE001 (whatever a handler raises is a failed delivery)
        if len(claimed) == 1:
            _fail(claimed[0], error)
            return []
        return [pk for delivery in claimed for pk in _hand_over(handler, [delivery])]
    return [delivery.pk for delivery in claimed]


def deliver_one_by_one(limit: int = 1000) -> int:
    """Deliver what waits for the other subscribers, each in a transaction of its own."""
    total = 0
    with system_scope("relay: subscribers"):
        _give_up_orphans()
        names = subscriptions.names(batch=False)
        for pk in list(_pending(names).values_list("pk", flat=True)[:limit]):
            total += _deliver(pk)
    return total


def _deliver(pk: UUID) -> int:
    with transaction.atomic():
        delivery = (
            Delivery.objects.filter(
                pk=pk,
                next_attempt_at__lte=clock.now(),
                done_at__isnull=True,
                dead_at__isnull=True,
            )
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .first()
        )
        if delivery is None:
            return 0  # another worker has it, or has just tried it
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


def _put_off(deliveries: list[Delivery], error: Exception) -> None:
    """Wait for what is away. No attempt is counted: the events aren't to blame."""
    logger.warning("%d deliveries wait: %s", len(deliveries), error)
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        next_attempt_at=clock.now() + PAUSE, error=f"{type(error).__name__}: {error}"[:2000]
    )


def _give_up_orphans() -> None:
    """Make dead letters of what waits for a subscriber that no longer exists."""
    known = [*subscriptions.names(batch=True), *subscriptions.names(batch=False)]
    with transaction.atomic():
        orphans = (
            Delivery.objects.filter(
                next_attempt_at__lte=clock.now() - ORPHAN_AGE,
                done_at__isnull=True,
                dead_at__isnull=True,
            )
            .exclude(subscriber__in=known)
            .select_for_update(skip_locked=True, of=("self",))
        )
        for delivery in orphans[:BATCH]:
            delivery.dead_at = clock.now()
            delivery.error = f"no subscriber named {delivery.subscriber}"
            delivery.save(update_fields=["dead_at", "error"])
            logger.error("dead letter: %s %s", delivery.subscriber, delivery.pk)


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
    """Give each event the next position of its landlord, under an advisory lock.

    An event that has its position already, as when its delivery is replayed, keeps it.
    """
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
        wanted = by_landlord[landlord_id]
        placed = set(found.filter(event__in=wanted).values_list("event_id", flat=True))
        rows = sorted(
            (event for event in wanted if event.pk not in placed),
            key=lambda event: (event.recorded_at, event.pk),
        )
        EventPosition.objects.bulk_create(
            [
                EventPosition(landlord_id=landlord_id, event=event, position=last + n)
                for n, event in enumerate(rows, start=1)
            ]
        )
