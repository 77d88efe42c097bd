"""Whether the last message to an order's tenant came to nothing."""

from __future__ import annotations

from nexxio.core.actors import Actor, Side
from nexxio.core.models import Message, MessageState
from orders.models import Order


def unreached(actor: Actor, order: Order) -> str:
    """Return the channel of the last message, when it failed and nothing took its place; or "".

    For the landlord, whose messages these are. One query.
    """
    if actor.side is not Side.LANDLORD:
        return ""
    last = (
        Message.objects.filter(
            landlord_id=order.landlord_id,
            event__landlord_id=order.landlord_id,
            event__order_id=order.pk,
            kind="tenant_follow",
        )
        .order_by("-created_at", "-id")
        .values_list("state", "channel")
        .first()
    )
    return last[1] if last and last[0] == MessageState.FAILED else ""
