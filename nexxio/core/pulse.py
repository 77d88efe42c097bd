"""How live the product is: figures for platform staff, read in a system scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from nexxio.core import clock
from nexxio.core.models import Delivery

SAMPLE = 2000


@dataclass(frozen=True)
class Pulse:
    """p50 and p95 in milliseconds, from the recording of an event to its push; None without any."""

    p50: int | None
    p95: int | None
    sample: int
    pending: int
    oldest: timedelta | None
    dead: int


def measure() -> Pulse:
    """Measure the pushes of the last day, of real orders."""
    since = clock.now() - timedelta(days=1)
    pushed = (
        Delivery.objects.filter(subscriber="push", done_at__gte=since)
        .order_by("-done_at")
        .annotate(took=F("done_at") - F("event__recorded_at"))
        .values_list("took", flat=True)[:SAMPLE]
    )
    delays = sorted(int(took / timedelta(milliseconds=1)) for took in pushed)
    waiting = Delivery.objects.filter(done_at__isnull=True, dead_at__isnull=True)
    first = waiting.order_by("created_at").first()
    return Pulse(
        p50=_at(delays, 0.50),
        p95=_at(delays, 0.95),
        sample=len(delays),
        pending=waiting.count(),
        oldest=clock.now() - first.created_at if first else None,
        dead=Delivery.objects.filter(dead_at__isnull=False).count(),
    )


def _at(delays: list[int], share: float) -> int | None:
    return delays[min(int(len(delays) * share), len(delays) - 1)] if delays else None
