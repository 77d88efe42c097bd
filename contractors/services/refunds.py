"""Writes of refunds: what was paid above what an invoice comes to after its credit notes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from contractors import deduction_events as events
from contractors.models import Invoice, Payment, Refund
from contractors.money_states import OF_LATENESS, RefundHow
from contractors.policies import releases
from contractors.services.moves import lock_invoice, record_of, required
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused

NOTHING = Decimal(0)


def overpaid_of(invoice: Invoice) -> Decimal:
    """Return what was paid above what an invoice comes to and hasn't come back. Two queries."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    rows = Payment.objects.filter(**own).exclude(purpose__in=OF_LATENESS)
    paid = rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    if paid <= invoice.net:
        return NOTHING
    back = Refund.objects.filter(**own).aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return max(paid - invoice.net - back, NOTHING)


@transaction.atomic
def note_refund(
    *, actor: Actor, invoice_id: UUID, amount: Decimal, on: date, how: str, reference: str
) -> Refund:
    """Note that so much of what was paid too much came back, or was deducted from a payment.

    reference: the transfer's, or the invoice whose payment was less. Locks order and invoice.
    Raises Refused where nothing is to come back, Invalid for more than that.
    """
    if not releases(actor):
        raise Refused("Seul le bailleur note un remboursement.", code="role")
    words = required(reference, "Indiquez la référence, ou la facture déduite.", field="reference")[
        :120
    ]
    invoice = lock_invoice(invoice_id)
    most = overpaid_of(invoice)
    if not most:
        raise Refused("Cette facture n’a aucun trop-perçu à rembourser.", code="state")
    if how not in RefundHow.values:
        raise Invalid({"how": ["Choisissez dans la liste."]})
    if not 0 < amount <= most:
        raise Invalid({"amount": ["Entre un centime et ce qui reste à rembourser."]})
    if on > clock.today():
        raise Invalid({"on": ["Cette date n’est pas encore passée."]})
    assert invoice.contractor_id is not None
    refund = Refund(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        invoice=invoice,
        amount=amount,
        on=on,
        how=how,
        reference=words,
    )
    refund.save(force_insert=True)
    record_of(events.RefundNoted(number=invoice.number, on=on), invoice, actor)
    return refund
