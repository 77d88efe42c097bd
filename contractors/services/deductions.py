"""What is taken off an invoice when it is granted: the retention, and the advance that it repays.

The invoice is locked by the caller; then its contract's advance is. Paid later, or before: what is
deducted isn't unpaid for the legal clock.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Sum

from contractors.deductions import NOTHING, held_back, to_recover
from contractors.models import Advance, Invoice, MoneyTerms, Payment, Retention
from contractors.models.invoices import GRANTED_EUROS
from contractors.money_states import PaymentPurpose
from contractors.states import BILLS, GRANTED, InvoiceState
from nexxio.core import clock
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order

_EXECUTED = (*GRANTED, InvoiceState.ANNOUNCED, InvoiceState.PAID)
_GIVEN = (CertificateState.SIGNED, CertificateState.TACIT)


def deduct(invoice: Invoice) -> None:
    """Hold back and recover what the contract says of an invoice that was just granted.

    Granted in two steps it is deducted in two: the retention follows the whole, unless it was
    released in between, and the advance is recovered of what is added.
    """
    contract_id = invoice.order.contract_id if invoice.order is not None else None
    if contract_id is None or invoice.is_credit:
        return
    own = {"landlord_id": invoice.landlord_id, "contract_id": contract_id}
    terms = MoneyTerms.objects.filter(**own).first()
    if terms is None:
        return
    own_rows = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    held = Retention.objects.select_for_update(of=("self",)).filter(**own_rows).first()
    invoice.retained = held.amount if held is not None else NOTHING
    if terms.retention_rate and not _is_secured(terms):
        if held is None:
            invoice.retained = held_back(invoice.granted, terms.retention_rate)
            _hold(invoice, terms)
        elif held.released_on is None:
            held.amount = invoice.retained = held_back(invoice.granted, held.rate)
            held.save(update_fields=["amount"])
    invoice.recovered += _recover(invoice, terms)
    invoice.save(update_fields=["retained", "recovered"])


def lessen(invoice: Invoice) -> Decimal:
    """Let what a credit note took back of a locked invoice lessen its deductions.

    Before it is paid they follow what is left; afterwards what was paid stays, a released retention
    too, and the credit note takes what is still held first, then what was recovered of the advance.
    Returns how much went back to the advance.
    """
    if not invoice.retained and not invoice.recovered:
        return NOTHING
    former = invoice.recovered
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    held = Retention.objects.select_for_update(of=("self",)).filter(**own).first()
    paid = _paid_on(invoice)
    left = max(invoice.granted - paid, NOTHING)
    if held is not None and held.released_on is None:
        wanted = held.amount if paid else held_back(invoice.granted, held.rate)
        held.amount = invoice.retained = min(wanted, left)
        held.save(update_fields=["amount"])
    invoice.recovered = min(former, max(left - invoice.retained, NOTHING))
    invoice.save(update_fields=["retained", "recovered"])
    contract_id = invoice.order.contract_id if invoice.order is not None else None
    if invoice.recovered != former and contract_id is not None:
        Advance.objects.filter(landlord_id=invoice.landlord_id, contract_id=contract_id).update(
            recovered=F("recovered") - (former - invoice.recovered)
        )
    return former - invoice.recovered


def terms_of(landlord_id: UUID, contract_id: UUID) -> MoneyTerms | None:
    """Return what a contract says of retention and advance; None where it says nothing."""
    found: MoneyTerms | None = MoneyTerms.objects.filter(
        landlord_id=landlord_id, contract_id=contract_id
    ).first()
    return found


def acceptance_of(order: Order) -> date | None:
    """Return the day on which the works were accepted, or declared done; None before."""
    if order.done_at is None:
        return None
    own = {"landlord_id": order.landlord_id, "order_id": order.pk, "state__in": _GIVEN}
    given = Certificate.objects.filter(**own).order_by("-number").first()
    moment = given.decided_at if given is not None and given.decided_at else order.done_at
    return clock.day_of(moment)


def will_hold(invoice: Invoice) -> tuple[MoneyTerms, Decimal] | None:
    """Return the terms by which an invoice will be held back, and how much of its total including
    VAT; None where nothing will be. The order is loaded.
    """
    contract_id = invoice.order.contract_id if invoice.order is not None else None
    if contract_id is None or invoice.is_credit:
        return None
    terms = terms_of(invoice.landlord_id, contract_id)
    if terms is None or not terms.retention_rate or _is_secured(terms):
        return None
    return terms, held_back(invoice.total_with_vat, terms.retention_rate)


def release_day(accepted_on: date | None, months: int, terms: MoneyTerms | None) -> date | None:
    """Return from when on a retention is to be paid: a guarantee in its place ends it at once."""
    day = clock.months_from(accepted_on, months) if accepted_on is not None else None
    if terms is None or terms.security_on is None:
        return day
    return terms.security_on if day is None else min(day, terms.security_on)


# --- inside -----------------------------------------------------------------------------------


def _is_secured(terms: MoneyTerms) -> bool:
    """Tell whether a guarantee stands in for the retention today; one to come doesn't yet."""
    return terms.security_on is not None and terms.security_on <= clock.today()


def _hold(invoice: Invoice, terms: MoneyTerms) -> None:
    assert invoice.order is not None and invoice.contractor_id is not None  # noqa: PT018
    accepted_on = acceptance_of(invoice.order)
    Retention(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        invoice=invoice,
        rate=terms.retention_rate,
        amount=invoice.retained,
        months=terms.retention_months,
        release_on=release_day(accepted_on, terms.retention_months, terms),
    ).save(force_insert=True)


def _recover(invoice: Invoice, terms: MoneyTerms) -> Decimal:
    own = {"landlord_id": terms.landlord_id, "contract_id": terms.contract_id}
    advance = Advance.objects.select_for_update(of=("self",)).filter(**own).first()
    if advance is None or advance.recovered == advance.amount:
        return NOTHING
    others = Invoice.objects.filter(
        landlord_id=terms.landlord_id,
        order__contract_id=terms.contract_id,
        kind__in=BILLS,
        state__in=_EXECUTED,
    ).exclude(pk=invoice.pk)
    executed = others.aggregate(sum=Sum(GRANTED_EUROS))["sum"] or NOTHING
    found = to_recover(
        amount=advance.amount,
        base=advance.base,
        recovered=advance.recovered,
        executed=executed + invoice.granted,
        first=terms.recover_from,
        last=terms.recover_until,
        most=max(
            invoice.granted - invoice.retained - invoice.recovered - _paid_on(invoice), NOTHING
        ),
    )
    if found:
        advance.recovered += found
        advance.save(update_fields=["recovered"])
    return found


def _paid_on(invoice: Invoice) -> Decimal:
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    rows = Payment.objects.filter(**own, purpose=PaymentPurpose.INVOICE)
    return rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING
