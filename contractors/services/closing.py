"""When an order has nothing left to pay: it is closed by the app that knows of invoices."""

from __future__ import annotations

from uuid import UUID

from contractors.services.moves import live_invoice
from contractors.states import InvoiceState
from nexxio.core.actors import Actor
from orders.models import Order, OrderBudget
from orders.services.closing import close_order
from orders.states import ClosedHow, OrderState


def close_if_settled(*, actor: Actor, order_id: UUID) -> Order | None:
    """Close a certified order that is paid in full, or comes to nothing. As the system.

    An invoice that was admitted in part leaves its order open: the rest is still between the two.
    So does one that says less than the order comes to now.
    """
    order = Order.objects.get(pk=order_id)
    if order.state != OrderState.CERTIFIED:
        return None
    invoice = live_invoice(order)
    budget = OrderBudget.objects.get(landlord_id=order.landlord_id, order_id=order.pk)
    if invoice is None:
        if budget.total_with_vat:
            return None
        return close_order(actor=actor, order_id=order.pk, how=ClosedHow.NOTHING)
    # The company's own file may say a cent more, or less than was ordered: it asks for no more.
    owed = invoice.total_with_vat if invoice.came_as_file else budget.total_with_vat
    is_whole = invoice.admitted == invoice.total_with_vat == owed
    if invoice.state != InvoiceState.PAID or not is_whole:
        return None
    return close_order(actor=actor, order_id=order.pk, how=ClosedHow.PAID)
