"""Open orders near one that is about to leave: the same works may be under way already."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from nexxio.core.models import Unit, UnitKind
from orders.models import Order
from orders.querysets import OPEN_STATES

SHOWN = 5


def similar_orders(order: Order) -> list[Order]:
    """Return open orders of the same dwelling, or entrance, and the same trade, newest first."""
    return similar_to(order.unit, order.trade_id, excluding=order.pk)


def similar_to(unit: Unit, trade: str | None, *, excluding: UUID | None = None) -> list[Order]:
    """Return the same for a place and a trade; nothing without a trade. One query."""
    if not trade:
        return []
    near = Q(unit_id=unit.pk)
    if unit.entrance or unit.kind == UnitKind.COMMON_AREA:
        same = Unit.objects.filter(
            landlord_id=unit.landlord_id, group_id=unit.group_id, entrance=unit.entrance
        )
        near = Q(unit_id__in=same.values("pk"))
    found = Order.objects.filter(
        near, landlord_id=unit.landlord_id, trade_id=trade, state__in=OPEN_STATES
    )
    if excluding:
        found = found.exclude(pk=excluding)
    return list(found.order_by("-created_at", "-id")[:SHOWN])
