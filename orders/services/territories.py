"""The agency and the sector that an order copies from its residence, and how they follow it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from nexxio.core import jobs, places
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Event, Job
from orders.models import Order

FOLLOW = "orders.follow_residences"
BATCH = 500


def territories(
    landlord_id: UUID, group_ids: Collection[UUID]
) -> dict[UUID, dict[str, UUID | None]]:
    """Return the columns that orders of these groups copy. Locks the groups (core/places)."""
    found = places.territories_of(landlord_id, group_ids)
    return {
        pk: {"agency_id": agency_id, "sector_id": sector_id}
        for pk, (agency_id, sector_id) in found.items()
    }


def ask_to_follow(*, event: Event) -> Job:
    """Open the job that lets orders follow the residences of a recorded event.

    Runs in the relay's transaction: there may be a hundred thousand of them.
    """
    actor = replace(SYSTEM, organisation_id=event.landlord_id)
    return jobs.ask(kind=FOLLOW, actor=actor, payload={"groups": event.payload["groups"]})


def follow_residences(
    *, landlord_id: UUID, group_ids: Sequence[UUID], step: Callable[[int], None]
) -> int:
    """Give the orders of groups the territory that these have now; return how many changed.

    In batches, each in a transaction of its own, in the landlord's scope: it may be started again,
    and two at once come to the same end. step: told how many are done, between transactions.
    """
    done = 0
    while moved := _follow_some(landlord_id, group_ids):
        done += moved
        step(done)
    return done


@transaction.atomic
def _follow_some(landlord_id: UUID, group_ids: Sequence[UUID]) -> int:
    """Update at most BATCH orders of a few groups. Locks the groups, then the orders."""
    for group_id, columns in territories(landlord_id, group_ids).items():
        orders = Order.objects.filter(landlord_id=landlord_id, unit__group_id=group_id)
        stale = _elsewhere(orders, columns["sector_id"]).order_by("pk")
        found = list(stale.select_for_update(of=("self",)).values_list("pk", flat=True)[:BATCH])
        if found:
            return Order.objects.filter(landlord_id=landlord_id, pk__in=found).update(**columns)
    return 0


def _elsewhere(orders: QuerySet[Order], sector_id: UUID | None) -> QuerySet[Order]:
    if sector_id is None:
        return orders.filter(sector__isnull=False)
    return orders.exclude(sector_id=sector_id)
