"""The orders before and after one on its case, as each side may know them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from nexxio.core.actors import Actor, Side
from orders.models import LinkRole, Order, OrderLink
from orders.states import ORDER


@dataclass(frozen=True)
class Linked:
    """An order before or after this one. pk: where the reader may open it; else None.

    is_unsent: no company has it yet.
    """

    role: str
    reference: str
    trade: str
    company: str = ""
    state: str = ""
    pk: UUID | None = None
    is_unsent: bool = False

    @property
    def label(self) -> str:
        """What it is to this one, in words."""
        return str(LinkRole(self.role).label)


def unsent_follower(links: Iterable[Linked]) -> Linked | None:
    """Return the order of another trade that was begun after this one and hasn't left."""
    followers = (one for one in links if one.role == LinkRole.FOLLOWED)
    return next((one for one in followers if one.is_unsent), None)


def linked_orders(actor: Actor, order: Order) -> list[Linked]:
    """Return what goes before and after an order: nothing of another company's but its trade."""
    if actor.side is Side.LANDLORD:
        return _of_landlord(order)
    rows = OrderLink.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return [
        Linked(row.role, row.reference, row.trade.label if row.trade else "")
        for row in rows.select_related("trade").order_by("reference")
    ]


def _of_landlord(order: Order) -> list[Linked]:
    found = (
        Order.objects.filter(landlord_id=order.landlord_id)
        .filter(Q(follows_id=order.pk) | Q(pk=order.follows_id))
        .select_related("trade", "contractor")
        .order_by("created_at")
    )
    return [
        Linked(
            (LinkRole.FOLLOWED if one.follows_id == order.pk else LinkRole.FOLLOWS).value,
            one.reference,
            one.trade.label if one.trade else "",
            company=one.contractor.name if one.contractor else "",
            state=str(ORDER.label(one.state, Side.LANDLORD)),
            pk=one.pk,
            is_unsent=one.issued_at is None and one.closed_at is None,
        )
        for one in found
    ]
