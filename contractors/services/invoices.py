"""Writes of invoices: prepared from an order in one click, then filed.

What was granted after an order was invoiced is invoiced by itself, by the same click.

The order is locked first, then its invoice, then the contractor's series of numbers.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from contractors import credit_events, events, policies
from contractors.models import Invoice, InvoiceLine, ReceivedInvoice
from contractors.services.blocks import look_at_order
from contractors.services.due_dates import keep_due_date
from contractors.services.final_facts import nothing_more
from contractors.services.invoice_files import open_file
from contractors.services.moves import live_invoices, lock_invoice, move_invoice, record_of
from contractors.services.numbers import next_number
from contractors.services.remaining import kind_of_next, next_rank, remaining
from contractors.services.reverse_charge import is_reversed
from contractors.services.reverse_charge import without_vat as take_vat_off
from contractors.states import InvoiceKind, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from orders.models import Order, Variation
from orders.services.amounts import totals_of
from orders.services.certificates import open_check
from orders.services.moves import lock_order
from orders.states import FINISHED
from orders.variation_states import VariationKind, VariationState


@transaction.atomic
def prepare_invoice(*, actor: Actor, order_id: UUID) -> Invoice:
    """Make the invoice of a finished order: its lines and what was granted on top of them.

    Of an order that was invoiced before, only what isn't on its invoices: what was granted since,
    or what its situations left. The number is taken here, in this transaction. Locks the order and
    the contractor's series. Raises Refused with the reason when it can't be invoiced now.
    """
    order = lock_order(order_id)
    lines = remaining(order)
    refusal = obstacle(actor, order, lines=lines)
    if refusal is not None:
        raise refusal
    kind = kind_of_next(order)
    final = nothing_more(order) if kind == InvoiceKind.SITUATION else None
    if final is not None:
        raise final
    invoice = new_invoice(order, lines, kind=kind, rank=next_rank(order))
    record_of(events.InvoicePrepared(number=invoice.number), invoice, actor)
    look_at_order(actor=actor, order_id=order.pk)
    return invoice


def new_invoice(
    order: Order, lines: list[InvoiceLine], *, kind: InvoiceKind, rank: int, **more: Any
) -> Invoice:
    """Insert an invoice of a locked order with its lines, under the next number.

    Where its landlord owes the VAT (autoliquidation) they lose theirs.
    """
    assert order.contractor_id is not None
    reverse = is_reversed(order)
    if reverse:
        take_vat_off(lines)
    without_vat, vat = totals_of(lines)
    invoice = Invoice(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order=order,
        department=order.department,
        kind=kind,
        rank=rank,
        number=next_number(contractor_id=order.contractor_id),
        state_since=clock.now(),
        issued_on=clock.today(),
        total_without_vat=without_vat,
        total_vat=vat,
        total_with_vat=without_vat + vat,
        is_reverse_charge=reverse,
        **more,
    )
    with explained():
        invoice.save(force_insert=True)
    for place, line in enumerate(lines, start=1):
        line.invoice, line.rank = invoice, place
    InvoiceLine.objects.bulk_create(lines)
    return invoice


@transaction.atomic
def discard_invoice(*, actor: Actor, invoice_id: UUID) -> Invoice:
    """Throw away an invoice or a credit note that isn't filed: its number stays taken.

    Its order may be invoiced again. Locks order and invoice. Raises Conflict once it was handed
    over.
    """
    invoice = lock_invoice(invoice_id)
    event: EventType = events.InvoiceDiscarded(number=invoice.number)
    if invoice.is_credit:
        event = credit_events.CreditNoteDiscarded(number=invoice.number)
    return move_invoice("discard", invoice, actor, event=event)


@transaction.atomic
def file_invoice(*, actor: Actor, invoice_id: UUID) -> Invoice:
    """Hand the invoice over: the landlord has it at once, and the delay runs from today.

    A public landlord (OPH) takes invoices by Chorus Pro only: there it waits to be filed, until
    `note_chorus` says number and date. What was granted since it was prepared is added first.
    Locks order and invoice. Raises Refused when the order can't be invoiced any more.
    """
    invoice = lock_invoice(invoice_id)
    _bring_up_to_date(invoice, actor)
    _decide_progress(invoice)
    if policies.goes_by_chorus(invoice.landlord):
        event: EventType = events.InvoiceQueued(number=invoice.number)
        if invoice.is_credit:
            event = credit_events.CreditNoteQueued(number=invoice.number)
        queued = move_invoice("queue_for_chorus", invoice, actor, event=event)
        open_file(queued)
        return queued
    return _file(invoice, actor, on=clock.today(), at=clock.now())


@transaction.atomic
def note_chorus(*, actor: Actor, invoice_id: UUID, chorus_number: str, filed_on: date) -> Invoice:
    """Note the number and the date that Chorus Pro gave: the delay runs from that day.

    Raises Invalid for a number of another invoice or a day that can't be. Locks order and invoice.
    """
    number = chorus_number.strip()[:40]
    if not number:
        raise Invalid({"chorus_number": ["Indiquez le numéro donné par Chorus Pro."]})
    invoice = lock_invoice(invoice_id)
    if not policies.goes_by_chorus(invoice.landlord):
        raise Refused("Ce bailleur ne reçoit pas ses factures par Chorus Pro.", code="chorus")
    if filed_on > clock.today():
        raise Invalid({"filed_on": ["Cette date n’est pas encore passée."]})
    if filed_on < invoice.issued_on:
        raise Invalid({"filed_on": ["La facture n’existait pas encore ce jour-là."]})
    at = clock.start_of(filed_on)
    return _file(invoice, actor, on=filed_on, at=at, chorus_number=number)


def obstacle(
    actor: Actor, order: Order, *, lines: list[InvoiceLine] | None = None
) -> Refused | None:
    """Return why the actor can't invoice the order now; None when he can."""
    found = remaining(order) if lines is None else lines
    return _why_not(actor, order, found, invoiced=_invoiced(order, found))


def filing_obstacle(actor: Actor, invoice: Invoice) -> Refused | None:
    """Return why the actor can't file an invoice now, though its state lets him; None when he can.

    Its order is loaded. `file_invoice` asks again under its lock.
    """
    order = invoice.order
    if order is None or invoice.is_credit or _goes_on(invoice, order):
        return None
    return _why_not(actor, order, remaining(order, but=invoice), invoiced="", filing=True)


# --- inside -----------------------------------------------------------------------------------


def _goes_on(invoice: Invoice, order: Order) -> bool:
    """Tell whether it is a situation of works that aren't over: it keeps its own lines."""
    return invoice.in_progress and order.state not in FINISHED


def _invoiced(order: Order, lines: list[InvoiceLine]) -> str:
    """Return the number of the invoice that leaves nothing to invoice, or that waits; "".

    One that isn't filed takes what was granted since when it is: a second one would be too many.
    """
    bills = live_invoices(order)
    waiting = [bill for bill in bills if bill.filed_at is None]
    if waiting:
        return waiting[0].number
    return bills[-1].number if bills and not lines else ""


def _why_not(
    actor: Actor,
    order: Order,
    lines: list[InvoiceLine],
    *,
    invoiced: str,
    filing: bool = False,
) -> Refused | None:
    """While a regularisation waits an invoice is prepared, not filed: its amount may change."""
    asked = Variation.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, state=VariationState.ASKED
    ).exclude(kind=VariationKind.REDUCTION)
    varied = asked if filing else asked.filter(kind=VariationKind.VARIATION)
    return policies.why_not_prepare(
        actor,
        order,
        total=totals_of(lines)[0],
        invoiced=invoiced,
        varied=varied.exists(),
        contested=open_check(order) is not None,
    )


def _bring_up_to_date(invoice: Invoice, actor: Actor) -> None:
    """Take lines and sums of the locked order anew, under the same number, before it is filed.

    A situation of works that went on keeps its own; it is checked where they are over meanwhile.
    """
    if invoice.state != InvoiceState.PREPARED or invoice.order is None or invoice.is_credit:
        return
    order = invoice.order
    if _goes_on(invoice, order):
        return
    lines = remaining(order, but=invoice)
    refusal = _why_not(actor, order, lines, invoiced="", filing=True)
    if refusal is not None:
        raise refusal
    if invoice.in_progress:
        return
    former = {(row.origin, row.origin_id): row for row in invoice.lines.all()}
    if {key: row.total_without_vat for key, row in former.items()} == {
        (line.origin, line.origin_id): line.total_without_vat for line in lines
    }:
        return
    if invoice.is_reverse_charge:
        take_vat_off(lines)
    without_vat, vat = totals_of(lines)
    for rank, line in enumerate(lines, start=1):
        known = former.pop((line.origin, line.origin_id), None)
        line.pk = known.pk if known else line.pk
        line.invoice, line.rank = invoice, rank
        line.save(force_insert=known is None, force_update=known is not None)
    for gone in former.values():  # taken off the order since
        gone.delete()
    invoice.total_without_vat, invoice.total_vat = without_vat, vat
    invoice.total_with_vat = without_vat + vat
    invoice.save(update_fields=["total_without_vat", "total_vat", "total_with_vat"])


def _decide_progress(invoice: Invoice) -> None:
    """A situation that is handed over after the works is held like any invoice."""
    if invoice.in_progress and invoice.order is not None and invoice.order.state in FINISHED:
        invoice.in_progress = False
        invoice.save(update_fields=["in_progress"])


def _file(
    invoice: Invoice, actor: Actor, *, on: date, at: datetime, chorus_number: str = ""
) -> Invoice:
    if invoice.state not in (InvoiceState.PREPARED, InvoiceState.TO_FILE):
        raise Conflict("Cette facture est déjà déposée.")
    said = _events_of(invoice, on)
    with explained():
        changes = {"filed_at": at, "chorus_number": chorus_number}
        filed = move_invoice("file", invoice, actor, event=said[0], changes=changes)
    received = move_invoice("receive", filed, actor, event=said[1], changes={"received_on": on})
    keep_due_date(received)
    if received.came_as_file:
        _share_file(received, at)
    else:
        open_file(received)
    if received.order_id is not None:
        look_at_order(actor=actor, order_id=received.order_id)
    return received


def _events_of(invoice: Invoice, on: date) -> tuple[EventType, EventType]:
    """Return what is recorded of its filing and of its receipt."""
    if invoice.is_credit:
        return (
            credit_events.CreditNoteFiled(number=invoice.number),
            credit_events.CreditNoteReceived(number=invoice.number, on=on),
        )
    return (
        events.InvoiceFiled(number=invoice.number),
        events.InvoiceReceived(number=invoice.number, on=on),
    )


def _share_file(invoice: Invoice, at: datetime) -> None:
    """Let the landlord see the file of an invoice that is filed with Chorus Pro now."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    ReceivedInvoice.objects.filter(**own, shared_at__isnull=True).update(shared_at=at)
