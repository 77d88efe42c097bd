"""What the legal clock says of an invoice: the facts that it reads, and the due date that is kept.

Everything it answers about interest is an estimate, without legal force; pages say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from contractors import causes_book, legal_clock, policies, rate_book
from contractors.causes import CauseBook, CauseCode
from contractors.legal_clock import (
    Book,
    Facts,
    Interruption,
    Missing,
    Reason,
    Regime,
    Result,
)
from contractors.models import Invoice, Payment, Suspension
from contractors.money_states import OF_LATENESS, PaymentPurpose
from contractors.services.payment_facts import PaymentFacts, regime_for
from nexxio.core import clock
from nexxio.core.models import Event
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order, OrderBudget, Variation
from orders.states import Nature
from orders.terms import InvoicePiece
from orders.variation_states import VariationKind

_GIVEN = (CertificateState.SIGNED, CertificateState.TACIT)


@dataclass(frozen=True)
class Clocks:
    """What the legal clock reads of some invoices: at most seven queries, however many they are.

    Each suspension for a cause whose effect depends on the case may ask for a little more.
    """

    book: Book
    causes: CauseBook
    suspensions: Mapping[UUID, Sequence[Suspension]]
    payments: Mapping[UUID, Sequence[Payment]]
    charges: Mapping[UUID, Sequence[Payment]]
    certificates: Mapping[UUID, Certificate]
    terms: PaymentFacts

    @classmethod
    def of(cls, invoices: Sequence[Invoice]) -> Clocks:
        """Read what there is of invoices whose landlord and order are loaded."""
        own = {
            "landlord_id__in": {invoice.landlord_id for invoice in invoices},
            "invoice_id__in": [invoice.pk for invoice in invoices],
        }
        orders = [invoice.order for invoice in invoices if invoice.order is not None]
        done = [order.pk for order in orders if order.done_at is not None]
        newest = (
            Certificate.objects.filter(landlord_id__in=own["landlord_id__in"], order_id__in=done)
            .order_by("order_id", "-number")
            .distinct("order_id")
        )
        paid = list(Payment.objects.filter(**own).exclude(purpose=PaymentPurpose.RETENTION))
        return cls(
            book=rate_book.load(),
            causes=causes_book.load(),
            suspensions=_by_invoice(Suspension.objects.filter(**own)),
            payments=_by_invoice(one for one in paid if one.purpose == PaymentPurpose.INVOICE),
            charges=_by_invoice(one for one in paid if one.purpose in OF_LATENESS),
            certificates={row.order_id: row for row in newest} if done else {},
            terms=PaymentFacts.of_invoices(invoices),
        )

    def at(self, invoice: Invoice, as_of: date) -> Result:
        """Return what the legal clock says of one of them on a day."""
        try:
            facts = self._facts(invoice)
        except Missing as missing:
            return Result(as_of=as_of, reason=missing.reason, missing_on=missing.day)
        result = legal_clock.compute(facts, self.terms.terms_of(invoice), self.book, as_of=as_of)
        return replace(
            result,
            interest_paid=self._charged(invoice, PaymentPurpose.INTEREST, as_of),
            indemnity_paid=self._charged(invoice, PaymentPurpose.INDEMNITY, as_of),
        )

    def paid(self, invoice: Invoice) -> Decimal:
        """Return what was paid of an invoice itself, said by either side."""
        return sum((row.amount for row in self.payments.get(invoice.pk, ())), Decimal(0))

    def left(self, invoice: Invoice, as_of: date) -> Decimal:
        """Return what of an invoice itself is still to be paid on a day."""
        rows = self.payments.get(invoice.pk, ())
        paid = sum((row.amount for row in rows if row.paid_on <= as_of), Decimal(0))
        return max(invoice.owed - paid, Decimal(0))

    def _charged(self, invoice: Invoice, purpose: PaymentPurpose, as_of: date) -> Decimal:
        rows = self.charges.get(invoice.pk, ())
        found = (row.amount for row in rows if row.purpose == purpose and row.paid_on <= as_of)
        return sum(found, Decimal(0))

    def _facts(self, invoice: Invoice) -> Facts:
        order = invoice.order
        if order is not None and policies.is_in_progress(invoice):
            order = None  # its delay runs from its receipt, whatever is left to do
        certificate = self.certificates.get(order.pk) if order else None
        return Facts(
            amount=invoice.owed,
            admitted=invoice.owed_first,
            received_on=invoice.received_on,
            invoiced_on=invoice.issued_on,
            serviced_on=_serviced_on(order, certificate, self.book) if order else None,
            payments=tuple(
                legal_clock.Payment(amount=payment.amount, on=payment.paid_on)
                for payment in self.payments.get(invoice.pk, ())
            ),
            interruptions=tuple(
                _interruption(item, invoice, self.causes)
                for item in self.suspensions.get(invoice.pk, ())
            ),
        )


def clock_of(invoice: Invoice, *, as_of: date) -> Result:
    """Return what the legal clock says of an invoice on a day. Its landlord and order are loaded.

    Asks for rates, causes, suspensions, payments, certificate and terms: at most seven queries.
    """
    return Clocks.of([invoice]).at(invoice, as_of)


def regime_of(invoice: Invoice) -> Regime:
    """Return which rules the landlord of an invoice falls under."""
    return regime_for(invoice.landlord)


def interruptions_of(invoice: Invoice, causes: CauseBook) -> tuple[Interruption, ...]:
    """Return an invoice's suspensions as the clock reads them."""
    rows = Suspension.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    return tuple(_interruption(item, invoice, causes) for item in rows)


def said_of(invoice: Invoice, cause: str) -> bool | None:
    """Return what the case says of a cause that stops the clock in some only; None of the others.

    The contractor had the order's number when it invoiced (B03), or the commitment number (B04);
    the contract asks for the tenant's sign-off (B05); the acceptance record is missing, not only
    a reserve open (B06).
    """
    if cause == CauseCode.ORDER_NUMBER:
        ordered_on = order_number_given_on(invoice)
        return ordered_on is not None and ordered_on <= invoice.issued_on
    if cause == CauseCode.ACCEPTANCE:
        return not _is_accepted(invoice)
    if cause == CauseCode.COMMITMENT:
        given_on = commitment_given_on(invoice)
        return given_on is not None and given_on <= invoice.issued_on
    if cause == CauseCode.SIGN_OFF:
        contract = invoice.order.contract if invoice.order else None
        return contract is not None and InvoicePiece.SIGN_OFF in contract.pieces
    return None


def order_number_given_on(invoice: Invoice) -> date | None:
    """Return when the order's number was given: when it left; one opened on call, when it was
    regularised. None while it wasn't, and without an order.
    """
    order = invoice.order
    if order is None:
        return None
    if order.nature != Nature.ON_CALL:
        return _day(order.issued_at) if order.issued_at else None
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    granted = Variation.objects.filter(
        **own,
        kind=VariationKind.REGULARISATION,
        terms__granted__gt=0,
        answered_at__isnull=False,
    )
    first = granted.order_by("answered_at").values_list("answered_at", flat=True).first()
    return _day(first) if first else None


def commitment_given_on(invoice: Invoice) -> date | None:
    """Return when the landlord gave commitment number and service code; None if it never did."""
    return commitments_given([invoice.order]).get(invoice.order.pk) if invoice.order else None


def commitments_given(orders: Sequence[Order]) -> dict[UUID, date]:
    """Return the same of many orders, by their ids, where it was given. Two queries."""
    own = {
        "landlord_id__in": {order.landlord_id for order in orders},
        "order_id__in": [order.pk for order in orders],
    }
    whole = OrderBudget.objects.filter(**own).exclude(commitment_number="")
    given = set(whole.exclude(service_code="").values_list("order_id", flat=True))
    later = Event.objects.filter(
        **{**own, "order_id__in": list(given)}, kind="order.commitment_given"
    )
    first = later.order_by("order_id", "id").distinct("order_id")
    said = dict(first.values_list("order_id", "recorded_at"))
    left = {order.pk: said.get(order.pk, order.issued_at) for order in orders if order.pk in given}
    return {pk: _day(moment) for pk, moment in left.items() if moment is not None}


def keep_due_date(invoice: Invoice) -> None:
    """Write the due date anew where it has changed; a credit note has none.

    The invoice is locked by the caller.
    """
    if invoice.is_credit:
        return
    if date_anew(invoice, Clocks.of([invoice])):
        invoice.save(update_fields=["due_on"])


def date_anew(invoice: Invoice, clocks: Clocks) -> bool:
    """Bring an invoice's due date up to date, unsaved; tell whether it has changed.

    clocks: read of it, among others.
    """
    due_on = clocks.at(invoice, clock.today()).due
    is_changed = due_on != invoice.due_on
    invoice.due_on = due_on
    return is_changed


# --- inside -----------------------------------------------------------------------------------


def _by_invoice(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.invoice_id, []).append(row)
    return found


def _interruption(item: Suspension, invoice: Invoice, causes: CauseBook) -> Interruption:
    rule = causes.on(item.cause, _day(item.notified_at))
    said = said_of(invoice, item.cause)
    # Whatever the row says: a number that was never given is the landlord's own act.
    own_act = item.cause == CauseCode.ORDER_NUMBER and not said
    return Interruption(
        notified_on=_day(item.notified_at),
        completed_on=_day(item.completed_at) if item.completed_at else None,
        on_creditor_side=bool(rule and rule.interrupts(said=said)) and not own_act,
        cause=item.cause,
    )


def _is_accepted(invoice: Invoice) -> bool:
    """Tell whether the works were accepted, with reserves or without: the record is there."""
    order = invoice.order
    if order is None:
        return False
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    return Certificate.objects.filter(**own, state__in=_GIVEN).exists()


def _serviced_on(order: Order, newest: Certificate | None, book: Book) -> date | None:
    """Return when the service counts as done: certified, or its verification ran out.

    newest: the order's last certificate. Raises Missing while the works aren't finished: nothing
    starts before them.
    """
    if order.done_at is None:
        raise Missing(Reason.NO_DATE)
    is_given = newest is not None and newest.state in _GIVEN
    decided = newest.decided_at if newest is not None and is_given else None
    return legal_clock.service_day(
        _day(order.done_at),
        certified_on=_day(decided) if decided else None,
        verification_days=newest.delay_days if newest is not None else None,
        book=book,
    )


def _day(moment: datetime) -> date:
    return clock.day_of(moment)
