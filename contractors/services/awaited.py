"""The third clock of works that are done: the company's own invoice."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from contractors import desk_events as events
from contractors.services.moves import live_invoice
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.outbox import record
from orders.models import Order, OrderBudget
from orders.services.moves import lock_order
from orders.states import OrderState
from orders.working_days import after_working_days

CERTIFIED = (OrderState.CERTIFIED, OrderState.CERTIFIED_WITH_RESERVES)
AGAIN_DAYS = 10
MAX_REMINDERS = 3


@transaction.atomic
def remind_to_invoice(*, order_id: UUID) -> Order | None:
    """Tell a company that what is certified isn't invoiced yet, three times at most.

    Runs as the system; locks the order. None where it is invoiced, comes to nothing, or somebody
    was faster: then the clock doesn't look again.
    """
    order = lock_order(order_id)
    now = clock.now()
    if order.invoice_remind_at is None or order.invoice_remind_at > now:
        return None
    budget = OrderBudget.objects.get(landlord_id=order.landlord_id, order_id=order.pk)
    bill = live_invoice(order)
    awaited = order.state in CERTIFIED and budget.total_without_vat > 0
    if not awaited or (bill is not None and bill.filed_at is not None):
        order.invoice_remind_at = None
        order.save(update_fields=["invoice_remind_at"])
        return None
    order.invoice_reminders += 1
    last = order.invoice_reminders >= MAX_REMINDERS
    order.invoice_remind_at = None if last else after_working_days(now, AGAIN_DAYS, order.where)
    order.save(update_fields=["invoice_reminders", "invoice_remind_at"])
    record(
        events.InvoiceAwaited(times=order.invoice_reminders),
        actor=replace(SYSTEM, organisation_id=order.landlord_id),
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return order
