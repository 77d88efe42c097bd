"""The national states that an invoice came to, each to be fetched as a message (CDAR)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from contractors import causes_book
from contractors.einvoices.issued import CENT, CREDIT_CODE, INVOICE_CODE
from contractors.einvoices.lifecycle import (
    ADMITTED,
    NOT_ADMITTED,
    PAID,
    RECEIVED,
    Amount,
    Lifecycle,
    reason_for,
)
from contractors.models import Invoice, InvoiceLine, Payment, Suspension
from contractors.money_states import PaymentPurpose
from contractors.services.issuing import parties_of
from contractors.states import code_label
from nexxio.core import clock
from nexxio.core.errors import Refused
from nexxio.core.models import Event
from orders.services.amounts import totals_by_rate

CODE_OF_EVENT = {
    "invoice.filed": "200",
    "invoice.received": "203",
    "invoice.taken": "204",
    "invoice.approved": "205",
    "invoice.partly_approved": "206",
    "invoice.disputed": "207",
    "invoice.suspended": "208",
    "invoice.completed": "209",
    "invoice.refused": "210",
    "invoice.payment_announced": "211",
    "invoice.paid": "212",
    "invoice.rejected": "213",
    "credit_note.filed": "200",
    "credit_note.received": "203",
}


@dataclass(frozen=True)
class Reached:
    """A national state that an invoice came to: the last time that it did."""

    code: str
    label: str
    at: datetime


def reached(invoice: Invoice) -> list[Reached]:
    """Return the national states of an invoice, the first one first. One query."""
    newest = {CODE_OF_EVENT[event.kind]: event for event in _events(invoice)}
    found = [Reached(code, code_label(code), event.happened_at) for code, event in newest.items()]
    return sorted(found, key=lambda one: (one.at, one.code))


def lifecycle_of(invoice: Invoice, code: str) -> Lifecycle | None:
    """Return what the message of a state says; None for one that the invoice never came to.

    Raises Refused while a SIRET is missing: a message names both companies by it.
    """
    event = next((one for one in _events(invoice)[::-1] if CODE_OF_EVENT[one.kind] == code), None)
    if event is None:
        return None
    parties = parties_of(invoice)
    if not (parties.seller.siren and parties.buyer.siren):
        text = "Indiquez d’abord le SIRET des deux parties, dans « Facturation »."
        raise Refused(text, code="siret")
    cause = str(event.payload.get("cause", ""))
    return Lifecycle(
        code=code,
        label=code_label(code),
        at=event.happened_at.astimezone(clock.PARIS),
        number=invoice.number,
        type_code=CREDIT_CODE if invoice.is_credit else INVOICE_CODE,
        issued_on=invoice.issued_on,
        received_at=invoice.filed_at.astimezone(clock.PARIS) if invoice.filed_at else None,
        seller=parties.seller,
        buyer=parties.buyer,
        reason=reason_for(code, _reasons(cause, clock.day_of(event.happened_at))),
        words=_words(invoice, code, cause),
        amounts=_amounts(invoice, code),
    )


# --- inside -----------------------------------------------------------------------------------


def _events(invoice: Invoice) -> list[Event]:
    rows = Event.objects.filter(
        landlord_id=invoice.landlord_id, subject_id=invoice.pk, kind__in=CODE_OF_EVENT
    )
    return list(rows.order_by("recorded_at", "id"))


def _reasons(cause: str, day: date) -> tuple[str, ...]:
    rule = causes_book.cause_on(cause, day) if cause else None
    return rule.reasons if rule else ()


def _words(invoice: Invoice, code: str, cause: str) -> str:
    """Return the reason in words, as long as it is kept; the code stands for it else."""
    if code == "208":
        own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
        last = Suspension.objects.filter(**own).last()
        return last.note if last else ""
    return invoice.answer_note if invoice.cause == cause or code == "213" else ""


def _amounts(invoice: Invoice, code: str) -> tuple[Amount, ...]:
    if code == "206" and invoice.admitted is not None:
        rest = invoice.total_with_vat - invoice.admitted
        return Amount(ADMITTED, invoice.admitted), Amount(NOT_ADMITTED, rest)
    if code not in {"211", "212"}:
        return ()
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    rows = Payment.objects.filter(**own, purpose=PaymentPurpose.INVOICE)
    paid = sum((payment.amount for payment in rows), Decimal(0))
    return (Amount(PAID, paid),) if code == "211" else tuple(_by_rate(invoice, paid))


def _by_rate(invoice: Invoice, paid: Decimal) -> list[Amount]:
    """Part what came among the invoice's VAT rates; the last one takes the odd cent."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    groups = totals_by_rate(InvoiceLine.objects.filter(**own))
    whole = sum((group.without_vat + group.vat for group in groups), Decimal(0))
    left = paid
    found = []
    for group in groups[:-1]:
        share = (paid * (group.without_vat + group.vat) / whole).quantize(CENT, ROUND_HALF_UP)
        found.append(Amount(RECEIVED, share, group.rate))
        left -= share
    return [*found, Amount(RECEIVED, left, groups[-1].rate)] if groups else []
