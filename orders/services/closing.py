"""The end of an order whose service is certified: paid, or nothing to invoice."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Actor
from orders import events
from orders.models import Order
from orders.services.certificates import open_check
from orders.services.moves import lock_order, move_order
from orders.states import ClosedHow, OrderState


@transaction.atomic
def close_order(*, actor: Actor, order_id: UUID, how: ClosedHow) -> Order | None:
    """Close a certified order, as the system. Locks it.

    None where it isn't certified, or a tenant's contest is still being checked: whoever asked looks
    again when that changes.
    """
    order = lock_order(order_id)
    if order.state != OrderState.CERTIFIED or open_check(order) is not None:
        return None
    return move_order(
        "close",
        order,
        actor,
        event=events.OrderClosed(how=how.value),
        policy=None,
        changes={"closed_at": clock.now(), "closed_how": how.value},
    )
