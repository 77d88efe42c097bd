"""Orders near one that is about to leave: the same works may be under way, or being ordered."""

from __future__ import annotations

from django.db.models import Q

from nexxio.core.models import Unit, UnitKind
from orders.models import Order
from orders.querysets import OPEN_STATES
from orders.states import OrderState

SHOWN = 5
_NOT_OVER = (OrderState.DRAFT, OrderState.PENDING_APPROVAL, *OPEN_STATES)


def similar_orders(order: Order) -> list[Order]:
    """Return orders of the same dwelling, or entrance, and the same trade, newest first.

    Open ones, and those that its landlord's own desk is drafting; not the one whose place it takes,
    nor what will take its own.
    """
    return similar_to(order.unit, order.trade_id, beside=order)


def similar_to(unit: Unit, trade: str | None, *, beside: Order | None = None) -> list[Order]:
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
        near, landlord_id=unit.landlord_id, trade_id=trade, state__in=_NOT_OVER
    )
    if beside is not None:
        kin = Q(pk__in=[pk for pk in (beside.pk, beside.supersedes_id) if pk])
        found = found.exclude(kin | Q(supersedes_id=beside.pk, supersedes_id__isnull=False))
    return list(found.order_by("-created_at", "-id")[:SHOWN])
