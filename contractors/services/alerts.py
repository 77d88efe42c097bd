"""Writes of the alert on what a landlord blocks of one company."""

from __future__ import annotations

import logging
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet, Sum

from contractors import money_events as events
from contractors import thresholds
from contractors.models import Block, BlockedAlert, BlockedThreshold, BlockSide
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.outbox import Subject, record

logger = logging.getLogger(__name__)


@transaction.atomic
def save_threshold(*, actor: Actor, threshold: BlockedThreshold) -> None:
    """Save a threshold that was filled in and checked. The administration's journal says who."""
    threshold.save()
    logger.info("threshold %s saved by %s", threshold.pk, actor.user_id)


@transaction.atomic
def watch_blocked(*, actor: Actor, landlord_id: UUID, contractor_id: UUID) -> bool:
    """Note whether a landlord blocks more of a company than the threshold of today. As the system.

    Passing it is recorded, so that both directions are told: once a day at most, and again only
    after it has been below. Returns whether it was recorded. Locks the alert's row.
    """
    threshold = thresholds.threshold_on(clock.today())
    own = {"landlord_id": landlord_id, "contractor_id": contractor_id}
    BlockedAlert.objects.bulk_create([BlockedAlert(**own)], ignore_conflicts=True)
    alert = BlockedAlert.objects.select_for_update(of=("self",)).get(**own)
    is_over = threshold is not None and blocked_of(**own) > threshold.value
    if not is_over:
        if alert.is_over:
            alert.is_over = False
            alert.save(update_fields=["is_over"])
        return False
    if alert.is_over or alert.told_on == clock.today():
        return False
    alert.is_over, alert.told_on = True, clock.today()
    alert.save(update_fields=["is_over", "told_on"])
    assert threshold is not None
    record(
        events.BlockedOver(limit=int(threshold.value)),
        actor=actor,
        subject=Subject(pk=alert.pk, **own),
        subject_type="blocked",
    )
    return True


def blocked_of(*, landlord_id: UUID, contractor_id: UUID) -> Decimal:
    """Return what a landlord itself holds of a company's invoices, each once."""
    rows = held_by_landlords().filter(landlord_id=landlord_id, contractor_id=contractor_id)
    held = rows.values("invoice_id").annotate(held=Max("amount")).aggregate(sum=Sum("held"))
    found: Decimal = held["sum"] or Decimal(0)
    return found


def held_by_landlords() -> QuerySet[Block]:
    """Return the open blocks of invoices that a landlord has to lift."""
    return Block.objects.filter(
        side=BlockSide.LANDLORD, closed_at__isnull=True, invoice_id__isnull=False
    ).order_by()
