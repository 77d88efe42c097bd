"""What holds an order up at this moment, from rows that are open: loaded with the order itself.

Derived labels come from here. Nothing of it is stored on the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from orders.models import Order, Variation
from orders.variation_states import VariationState


@dataclass(frozen=True)
class Waits:
    """Since when a variation waits for its answer; None where nothing does."""

    variation_since: datetime | None = None


def with_waits(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Load with each order what `waits_of` tells: no query of its own, found by partial indexes."""
    own = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}
    variations = Variation.objects.filter(**own, state=VariationState.ASKED)
    return orders.annotate(variation_since=Subquery(variations.values("asked_at")[:1]))


def waits_of(order: Order) -> Waits:
    """Return what holds up an order that was loaded by `with_waits`."""
    return Waits(variation_since=order.variation_since)  # type: ignore[attr-defined]
