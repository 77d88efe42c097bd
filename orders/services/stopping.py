"""Works that are done in part end there: another company goes on, or nobody opens any more.

The certificate of what is done is begun by the event: a landlord's scope writes none.
"""

from __future__ import annotations

from nexxio.core import clock
from nexxio.core.actors import Actor
from orders.events import OrderStopped
from orders.models import Order
from orders.services.holds import end_hold
from orders.services.moves import move_order
from orders.states import StopReason


def stop_works(order: Order, actor: Actor, why: StopReason) -> Order:
    """End a locked order for what is done of it, which its company says in the certificate.

    The tenant isn't asked whether all is well: it isn't finished. Raises Conflict unless works are
    done in part, Refused for anybody but the landlord's desk.
    """
    stopped = move_order(
        "stop",
        order,
        actor,
        event=OrderStopped(why=why.value),
        changes={"stopped_for": why.value, "done_at": clock.now()},
    )
    end_hold(stopped, actor)
    return stopped
