"""What holds an order up at this moment, from rows that are open: loaded with the order itself.

Derived labels come from here. Nothing of it is stored on the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery

from orders.hold_states import HoldState
from orders.models import Hold, Order, Variation
from orders.variation_states import VariationState


@dataclass(frozen=True)
class Waits:
    """Since when a variation waits for its answer, or the order for something; None where not."""

    variation_since: datetime | None = None
    hold_since: datetime | None = None
    hold_reason: str = ""
    hold_until: date | None = None


def with_waits(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Load with each order what `waits_of` tells: no query of its own, found by partial indexes."""
    own = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}
    variations = Variation.objects.filter(**own, state=VariationState.ASKED)
    holds = Hold.objects.filter(**own, state=HoldState.OPEN)
    return orders.annotate(
        variation_since=Subquery(variations.values("asked_at")[:1]),
        hold_since=Subquery(holds.values("created_at")[:1]),
        hold_reason=Subquery(holds.values("reason")[:1]),
        hold_until=Subquery(holds.values("expected_on")[:1]),
    )


def waits_of(order: Order) -> Waits:
    """Return what holds up an order that was loaded by `with_waits`."""
    loaded = vars(order)
    return Waits(
        variation_since=loaded["variation_since"],
        hold_since=loaded["hold_since"],
        hold_reason=loaded["hold_reason"] or "",
        hold_until=loaded["hold_until"],
    )
