"""How live the product is: figures for platform staff, read in a system scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet

from nexxio.core import clock, subscriptions
from nexxio.core.ids import first_id_at
from nexxio.core.models import Delivery, Job, JobState, Message, MessageState

SAMPLE = 2000
CAP = 10_000
LATE = timedelta(minutes=1)
"""A delivery that waits longer: the relay stands still, or its subscriber fails."""


@dataclass(frozen=True)
class Pulse:
    """p50 and p95 in milliseconds, from the recording of an event to its push; None without any.

    pending and dead stop counting at CAP: "at least so many".
    """

    p50: int | None
    p95: int | None
    sample: int
    pending: int
    oldest: timedelta | None
    dead: int
    jobs_failed: int
    messages_failed: int

    @property
    def is_well(self) -> bool:
        """Tell whether nobody has to look."""
        return not (self.dead or self.jobs_failed or self.messages_failed) and (
            self.oldest is None or self.oldest < LATE
        )


def measure() -> Pulse:
    """Measure the pushes of the last day, of real orders."""
    since = clock.now() - timedelta(days=1)
    pushed = (
        # By key, which has an index and follows time: no look at a day that had little.
        Delivery.objects.filter(
            subscriber="push", done_at__isnull=False, pk__gte=first_id_at(since)
        )
        .order_by("-pk")
        .annotate(took=F("done_at") - F("event__recorded_at"))
        .values_list("took", flat=True)[:SAMPLE]
    )
    delays = sorted(int(took / timedelta(milliseconds=1)) for took in pushed)
    waiting = Delivery.objects.filter(done_at__isnull=True, dead_at__isnull=True)
    return Pulse(
        p50=_at(delays, 0.50),
        p95=_at(delays, 0.95),
        sample=len(delays),
        pending=waiting[:CAP].count(),
        oldest=relay_lag(),
        dead=Delivery.objects.filter(dead_at__isnull=False)[:CAP].count(),
        jobs_failed=_recent(Job, since)
        .filter(state=JobState.FAILED, was_refused=False)[:CAP]
        .count(),
        messages_failed=_recent(Message, since).filter(state=MessageState.FAILED)[:CAP].count(),
    )


def relay_lag() -> timedelta | None:
    """Age of the oldest delivery that waits; None when nothing does."""
    waiting = Delivery.objects.filter(done_at__isnull=True, dead_at__isnull=True)
    first = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    return clock.now() - first if first else None


def deliveries_by_subscriber() -> list[tuple[str, int, int]]:
    """(subscriber, waiting, dead) of every subscriber, known ones with zeros."""
    # Two queries, because each has an index of its own and their union has none.
    undone = Delivery.objects.filter(done_at__isnull=True).order_by()
    pending = _counts(undone.filter(dead_at__isnull=True))
    dead = _counts(undone.filter(dead_at__isnull=False))
    known = [*subscriptions.names(batch=True), *subscriptions.names(batch=False)]
    names = sorted({*known, *pending, *dead})
    return [(name, pending.get(name, 0), dead.get(name, 0)) for name in names]


def _counts(deliveries: QuerySet[Delivery]) -> dict[str, int]:
    return dict(deliveries.values_list("subscriber").annotate(count=Count("pk")))


def jobs_by_state() -> dict[str, int]:
    """How many long jobs stand in each state."""
    rows = Job.objects.values_list("state").annotate(count=Count("pk"))
    return {**dict.fromkeys(JobState.values, 0), **dict(rows)}


def _recent(model: type[Job] | type[Message], since: datetime) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(pk__gte=first_id_at(since))
    return found


def _at(delays: list[int], share: float) -> int | None:
    return delays[min(int(len(delays) * share), len(delays) - 1)] if delays else None
