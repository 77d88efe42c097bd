"""What the legal clock says of an invoice: the facts that it reads, and the due date that is kept.

Everything it answers about interest is an estimate, without legal force; pages say so.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from contractors import causes_book, legal_clock, rate_book
from contractors.causes import CauseBook
from contractors.legal_clock import Book, Facts, Interruption, Missing, Regime, Result, Terms
from contractors.models import Invoice, Payment, Suspension
from nexxio.core import clock
from nexxio.core.models import LegalForm
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order

_REGIMES = {
    LegalForm.OPH: Regime.OPH,
    LegalForm.ESH: Regime.ESH,
    LegalForm.SEM: Regime.SEM,
    LegalForm.COOPERATIVE: Regime.COOPERATIVE,
}


def clock_of(invoice: Invoice, *, as_of: date) -> Result:
    """Return what the legal clock says of an invoice on a day. Its landlord and order are loaded.

    Asks for rates, causes, suspensions, payments and the certificate: at most five queries.
    """
    book = rate_book.load()
    try:
        facts = _facts(invoice, book)
    except Missing as missing:
        return Result(as_of=as_of, reason=missing.reason, missing_on=missing.day)
    return legal_clock.compute(facts, Terms(regime=regime_of(invoice)), book, as_of=as_of)


def regime_of(invoice: Invoice) -> Regime:
    """Return which rules the landlord of an invoice falls under."""
    return _REGIMES.get(LegalForm(invoice.landlord.legal_form), Regime.PRIVATE)


def interruptions_of(invoice: Invoice, causes: CauseBook) -> tuple[Interruption, ...]:
    """Return an invoice's suspensions as the clock reads them."""
    rows = Suspension.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    return tuple(_interruption(item, causes) for item in rows)


def keep_due_date(invoice: Invoice) -> None:
    """Write the due date anew where it has changed. The invoice is locked by the caller."""
    due_on = clock_of(invoice, as_of=clock.today()).due
    if due_on != invoice.due_on:
        invoice.due_on = due_on
        invoice.save(update_fields=["due_on"])


# --- inside -----------------------------------------------------------------------------------


def _facts(invoice: Invoice, book: Book) -> Facts:
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    paid = Payment.objects.filter(**own)
    return Facts(
        amount=invoice.total_with_vat,
        received_on=invoice.received_on,
        invoiced_on=invoice.issued_on,
        serviced_on=_serviced_on(invoice.order, book) if invoice.order else None,
        admitted=_admitted(invoice),
        payments=tuple(
            legal_clock.Payment(amount=payment.amount, on=payment.paid_on) for payment in paid
        ),
        interruptions=interruptions_of(invoice, causes_book.load()),
    )


def _admitted(invoice: Invoice) -> Decimal | None:
    part = invoice.admitted
    return part if part is not None and part < invoice.total_with_vat else None


def _interruption(item: Suspension, causes: CauseBook) -> Interruption:
    rule = causes.on(item.cause, _day(item.notified_at))
    return Interruption(
        notified_on=_day(item.notified_at),
        completed_on=_day(item.completed_at) if item.completed_at else None,
        on_creditor_side=rule.interrupts() if rule else False,
        cause=item.cause,
    )


def _serviced_on(order: Order, book: Book) -> date | None:
    """Return when the service counts as done: certified, or its verification ran out."""
    if order.done_at is None:
        return None
    signed = (
        Certificate.objects.filter(
            landlord_id=order.landlord_id,
            order_id=order.pk,
            state__in=[CertificateState.SIGNED, CertificateState.TACIT],
        )
        .order_by("-number")
        .first()
    )
    decided = signed.decided_at if signed else None
    contract = order.contract
    return legal_clock.service_day(
        _day(order.done_at),
        certified_on=_day(decided) if decided else None,
        verification_days=contract.certificate_days if contract else None,
        book=book,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.PARIS).date()
