"""When an order has nothing left to pay: it is closed by the app that knows of invoices."""

from __future__ import annotations

from uuid import UUID

from contractors import policies
from contractors.models import Invoice
from contractors.services.credits import applied_credits
from contractors.services.excess import excess_of
from contractors.services.moves import live_invoices
from contractors.services.remaining import remaining
from contractors.states import BILLS, CreditReason, InvoiceState
from nexxio.core.actors import Actor
from orders.models import Order, OrderBudget
from orders.services.closing import close_order
from orders.states import ClosedHow, OrderState

_FOR_GOOD = (CreditReason.GESTURE, CreditReason.NOT_DONE)


def close_if_settled(*, actor: Actor, order_id: UUID) -> Order | None:
    """Close a certified order that is paid in full, or comes to nothing. As the system.

    It comes to nothing too where its invoice was taken back for good.
    An invoice that was admitted in part leaves its order open: the rest is still between the two,
    until a credit note takes it back. So does an order that may still be invoiced for something,
    and one whose amount went below what was paid.
    What is held as a guarantee doesn't: it is followed by itself.
    """
    order = Order.objects.get(pk=order_id)
    if order.state != OrderState.CERTIFIED:
        return None
    bills = live_invoices(order)
    budget = OrderBudget.objects.get(landlord_id=order.landlord_id, order_id=order.pk)
    if not bills:
        if budget.total_with_vat and not _is_waived(order):
            return None
        return close_order(actor=actor, order_id=order.pk, how=ClosedHow.NOTHING)
    if not all(_is_paid(bill) for bill in bills) or remaining(order):
        return None
    if excess_of(order).settled:
        return None
    return close_order(actor=actor, order_id=order.pk, how=ClosedHow.PAID)


def _is_waived(order: Order) -> bool:
    """Tell whether the order's last invoice was taken back in whole, and none is to follow.

    After an error or a wrong price another one comes; after a gesture, or for what wasn't done, no.
    """
    own = {"landlord_id": order.landlord_id, "order_id": order.pk, "kind__in": BILLS}
    last = Invoice.objects.filter(**own).order_by("created_at", "id").last()
    if last is None or last.net > 0:
        return False
    return all(credit.credit_reason in _FOR_GOOD for credit in applied_credits(last))


def _is_paid(bill: Invoice) -> bool:
    return bill.state == InvoiceState.PAID and bill.net - bill.granted <= policies.VAT_GAP
