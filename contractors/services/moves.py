"""Locks and moves that the services of invoices share: the order first, then its invoice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from contractors import policies
from contractors.models import Invoice
from contractors.states import BILLS, ENDED, INVOICE
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from nexxio.core.transitions import apply
from orders.models import Order
from orders.services.moves import lock_order

NOTE = 500

Policy = Callable[[Actor, Invoice], Refused | None]


def lock_invoice(pk: UUID) -> Invoice:
    """Lock an invoice's order, then the invoice, until the transaction ends.

    Raises Invoice.DoesNotExist when it isn't visible.
    """
    found: Invoice = Invoice.objects.get(pk=pk)
    if found.order_id is not None:
        lock_order(found.order_id)
    locked: Invoice = (
        Invoice.objects.select_related("order", "landlord", "credits")
        .select_for_update(of=("self",))
        .get(pk=pk)
    )
    return locked


def live_invoices(order: Order) -> list[Invoice]:
    """Return the order's invoices and situations, the first one first, as far as the scope sees.

    Those that were given up, or taken back in whole, are none any more.
    """
    return live_invoices_of([order])[order.pk]


def live_invoices_of(orders: Sequence[Order]) -> dict[UUID, list[Invoice]]:
    """Return the same of many orders, by their ids. One query."""
    rows = Invoice.objects.filter(
        landlord_id__in={order.landlord_id for order in orders},
        order_id__in=[order.pk for order in orders],
        kind__in=BILLS,
    ).exclude(state__in=ENDED)
    found: dict[UUID | None, list[Invoice]] = {order.pk: [] for order in orders}
    for bill in rows.order_by("rank", "id"):
        found[bill.order_id].append(bill)
    return {order.pk: found[order.pk] for order in orders}


def live_invoice(order: Order) -> Invoice | None:
    """Return the order's newest invoice that counts, as far as the scope may see it."""
    return next(reversed(live_invoices(order)), None)


def move_invoice(
    name: str,
    invoice: Invoice,
    actor: Actor,
    *,
    event: EventType,
    policy: Policy | None = policies.desk_only,
    changes: Mapping[str, Any] | None = None,
) -> Invoice:
    """Move an invoice whose order is locked, and note since when it is in its new state."""
    refusal = policies.why_not_of_kind(name, invoice) or policies.why_not_now(name, invoice)
    if refusal is not None:
        raise refusal
    return apply(
        INVOICE,
        name,
        model=Invoice,
        pk=invoice.pk,
        actor=actor,
        policy=policy,
        changes={**(changes or {}), "state_since": clock.now()},
        event=event,
        order_id=invoice.order_id,
    )


def record_of(event: EventType, invoice: Invoice, actor: Actor) -> None:
    """Record what happened to an invoice without moving it."""
    record(event, actor=actor, subject=invoice, subject_type="invoice", order_id=invoice.order_id)


def required(note: str, message: str, *, field: str = "note") -> str:
    """Return a note that has to be there, cut to its length; Invalid without one."""
    text = note.strip()
    if not text:
        raise Invalid({field: [message]})
    return text[:NOTE]
