"""Writes of invoices: prepared from an order in one click, then filed.

The order is locked first, then its invoice, then the contractor's series of numbers.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from contractors import events, policies
from contractors.models import Invoice, InvoiceLine, ReceivedInvoice
from contractors.services.blocks import look_at_order
from contractors.services.due_dates import keep_due_date
from contractors.services.invoice_files import open_file
from contractors.services.moves import live_invoice, lock_invoice, move_invoice, record_of
from contractors.services.numbers import next_number
from contractors.states import InvoiceState, LineOrigin
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from orders.models import Order, OrderLine, Variation, VariationLine
from orders.services.amounts import totals_of
from orders.services.certificates import open_check
from orders.services.moves import lock_order
from orders.variation_states import VariationKind, VariationState

_COPIED = ("code", "label", "unit", "unit_price", "vat_rate")


@transaction.atomic
def prepare_invoice(*, actor: Actor, order_id: UUID) -> Invoice:
    """Make the invoice of a finished order: its lines and what was granted on top of them.

    The number is taken here, in this transaction. Locks the order and the contractor's series.
    Raises Refused with the reason when it can't be invoiced now.
    """
    order = lock_order(order_id)
    lines = _lines(order)
    without_vat, vat = totals_of(lines)
    refusal = obstacle(actor, order, lines=lines)
    if refusal is not None:
        raise refusal
    assert order.contractor_id is not None
    invoice = Invoice(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order=order,
        department=order.department,
        number=next_number(contractor_id=order.contractor_id),
        state_since=clock.now(),
        issued_on=clock.today(),
        total_without_vat=without_vat,
        total_vat=vat,
        total_with_vat=without_vat + vat,
    )
    with explained():
        invoice.save(force_insert=True)
    for rank, line in enumerate(lines, start=1):
        line.invoice, line.rank = invoice, rank
    InvoiceLine.objects.bulk_create(lines)
    record_of(events.InvoicePrepared(number=invoice.number), invoice, actor)
    look_at_order(actor=actor, order_id=order.pk)
    return invoice


@transaction.atomic
def file_invoice(*, actor: Actor, invoice_id: UUID) -> Invoice:
    """Hand the invoice over: the landlord has it at once, and the delay runs from today.

    A public landlord (OPH) takes invoices by Chorus Pro only: there it waits to be filed, until
    `note_chorus` says number and date. What was granted since it was prepared is added first.
    Locks order and invoice. Raises Refused when the order can't be invoiced any more.
    """
    invoice = lock_invoice(invoice_id)
    _bring_up_to_date(invoice, actor)
    if policies.goes_by_chorus(invoice.landlord):
        event = events.InvoiceQueued(number=invoice.number)
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
    at = datetime.combine(filed_on, time(0), clock.PARIS)
    return _file(invoice, actor, on=filed_on, at=at, chorus_number=number)


def obstacle(
    actor: Actor, order: Order, *, lines: list[InvoiceLine] | None = None
) -> Refused | None:
    """Return why the actor can't invoice the order now; None when he can."""
    live = live_invoice(order)
    return _why_not(actor, order, lines, invoiced=live.number if live else "")


# --- inside -----------------------------------------------------------------------------------


def _why_not(
    actor: Actor,
    order: Order,
    lines: list[InvoiceLine] | None,
    *,
    invoiced: str,
    filing: bool = False,
) -> Refused | None:
    """While a regularisation waits an invoice is prepared, not filed: its amount may change."""
    found = _lines(order) if lines is None else lines
    asked = Variation.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, state=VariationState.ASKED
    )
    varied = asked if filing else asked.filter(kind=VariationKind.VARIATION)
    return policies.why_not_prepare(
        actor,
        order,
        total=totals_of(found)[0],
        invoiced=invoiced,
        varied=varied.exists(),
        contested=open_check(order) is not None,
    )


def _bring_up_to_date(invoice: Invoice, actor: Actor) -> None:
    """Take lines and sums of the locked order anew, under the same number, before it is filed."""
    if invoice.state != InvoiceState.PREPARED or invoice.order is None:
        return
    order = invoice.order
    lines = _lines(order)
    refusal = _why_not(actor, order, lines, invoiced="", filing=True)
    if refusal is not None:
        raise refusal
    former = {(row.origin, row.origin_id): row for row in invoice.lines.all()}
    if {key: row.total_without_vat for key, row in former.items()} == {
        (line.origin, line.origin_id): line.total_without_vat for line in lines
    }:
        return
    without_vat, vat = totals_of(lines)
    for rank, line in enumerate(lines, start=1):
        known = former.pop((line.origin, line.origin_id), None)
        line.pk = known.pk if known else line.pk
        line.invoice, line.rank = invoice, rank
        line.save(force_insert=known is None, force_update=known is not None)
    if former:
        raise Conflict("La commande a changé depuis : elle n’a plus les lignes de la facture.")
    invoice.total_without_vat, invoice.total_vat = without_vat, vat
    invoice.total_with_vat = without_vat + vat
    invoice.save(update_fields=["total_without_vat", "total_vat", "total_with_vat"])


def _file(
    invoice: Invoice, actor: Actor, *, on: date, at: datetime, chorus_number: str = ""
) -> Invoice:
    if invoice.state not in (InvoiceState.PREPARED, InvoiceState.TO_FILE):
        raise Conflict("Cette facture est déjà déposée.")
    with explained():
        filed = move_invoice(
            "file",
            invoice,
            actor,
            event=events.InvoiceFiled(number=invoice.number),
            changes={"filed_at": at, "chorus_number": chorus_number},
        )
    received = move_invoice(
        "receive",
        filed,
        actor,
        event=events.InvoiceReceived(number=invoice.number, on=on),
        changes={"received_on": on},
    )
    keep_due_date(received)
    if received.came_as_file:
        _share_file(received, at)
    else:
        open_file(received)
    if received.order_id is not None:
        look_at_order(actor=actor, order_id=received.order_id)
    return received


def _share_file(invoice: Invoice, at: datetime) -> None:
    """Let the landlord see the file of an invoice that is filed with Chorus Pro now."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    ReceivedInvoice.objects.filter(**own, shared_at__isnull=True).update(shared_at=at)


def _lines(order: Order) -> list[InvoiceLine]:
    """Return what the order would be invoiced for; nothing before a contractor has it."""
    if order.contractor_id is None:
        return []
    return [*_of_order(order), *_of_variations(order)]


def _of_order(order: Order) -> list[InvoiceLine]:
    rows = OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return [
        _line(order, line, LineOrigin.ORDER, line.quantity, line.total_without_vat)
        for line in rows.order_by("rank", "id")
    ]


def _of_variations(order: Order) -> list[InvoiceLine]:
    rows = VariationLine.objects.filter(
        landlord_id=order.landlord_id, variation__order_id=order.pk, granted_without_vat__gt=0
    )
    found = []
    for line in rows.select_related("variation").order_by("variation__number", "rank"):
        granted = line.granted_quantity or Decimal(0), line.granted_without_vat or Decimal(0)
        copied = _line(order, line, LineOrigin.VARIATION, *granted)
        copied.variation_number = line.variation.number
        found.append(copied)
    return found


def _line(
    order: Order,
    line: OrderLine | VariationLine,
    origin: LineOrigin,
    quantity: Decimal,
    total: Decimal,
) -> InvoiceLine:
    assert order.contractor_id is not None
    return InvoiceLine(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        origin=origin,
        origin_id=line.pk,
        quantity=quantity,
        total_without_vat=total,
        **{name: getattr(line, name) for name in _COPIED},
    )
