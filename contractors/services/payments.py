"""What was paid: announced by the landlord, confirmed by the contractor.

Subcontractors who are paid directly have their part of it; an invoice is paid once both are.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from contractors import events
from contractors.models import Invoice, Payment, SubcontractShare
from contractors.money_states import PaymentPurpose
from contractors.services.blocks import end_all
from contractors.services.moves import lock_invoice, move_invoice
from contractors.services.shares import require_covered, settle
from contractors.services.subcontract_facts import own_part, shares_of
from contractors.states import InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid
from nexxio.core.templatetags.ui import money_text


@transaction.atomic
def announce_payment(*, actor: Actor, invoice_id: UUID, paid_on: date) -> Invoice:
    """Say on which day what is owed was paid: the admitted sum, less credit notes and deductions.

    Parts of subcontractors that weren't paid before are paid the same day. Locks order and invoice.
    Raises Invalid for a day that can't be, Refused where those parts are more than is owed.
    """
    invoice = lock_invoice(invoice_id)
    _check_day(invoice, paid_on)
    shares = shares_of(invoice)
    require_covered(invoice, shares)
    moved = move_invoice(
        "announce_payment",
        invoice,
        actor,
        event=events.PaymentAnnounced(number=invoice.number, on=paid_on),
        changes=_recovery(invoice, paid_on),
    )
    said = {"announced_at": clock.now(), "announced_on": paid_on}
    _pay_own_part(moved, shares, paid_on, **said)
    settle(shares, moved, paid_on, **said)
    return moved


@transaction.atomic
def confirm_payment(
    *, actor: Actor, invoice_id: UUID, paid_on: date, shares_paid: bool = False
) -> Invoice:
    """Say that the money is there, announced or not. Locks order and invoice.

    shares_paid: the subcontractors have theirs too, where the landlord has said nothing of it.
    Raises Invalid for a day that can't be, and while a part of theirs is open: nothing is settled
    before all payees are paid.
    """
    invoice = lock_invoice(invoice_id)
    _check_day(invoice, paid_on)
    shares = shares_of(invoice)
    _require_paid(shares, said=shares_paid)
    require_covered(invoice, shares)
    announced = invoice.state == InvoiceState.ANNOUNCED
    moved = move_invoice(
        "confirm_payment",
        invoice,
        actor,
        event=events.PaymentConfirmed(number=invoice.number, on=paid_on),
        changes={} if announced else _recovery(invoice, paid_on),
    )
    own = {"landlord_id": moved.landlord_id, "invoice_id": moved.pk}
    own_payments = Payment.objects.filter(**own, purpose=PaymentPurpose.INVOICE)
    found = own_payments.filter(share__isnull=True).last()
    if announced and found is not None:
        found.paid_on = paid_on
        found.confirmed_at = clock.now()
        found.save(update_fields=["paid_on", "confirmed_at"])
    elif not announced:
        _pay_own_part(moved, shares, paid_on, confirmed_at=clock.now())
        settle(shares, moved, paid_on, confirmed_at=clock.now())
    end_all(moved, actor)
    return moved


# --- inside -----------------------------------------------------------------------------------


def _check_day(invoice: Invoice, paid_on: date) -> None:
    if paid_on > clock.today():
        raise Invalid({"paid_on": ["Cette date n’est pas encore passée."]})
    if paid_on < invoice.issued_on:
        raise Invalid({"paid_on": ["La facture n’existait pas encore ce jour-là."]})


def _recovery(invoice: Invoice, paid_on: date) -> dict[str, object]:
    """Keep what the advance has paid of it, for accounts: a later credit note may change that."""
    if not invoice.recovered:
        return {}
    return {"recovered_then": invoice.recovered, "recovered_on": paid_on}


def _require_paid(shares: list[SubcontractShare], *, said: bool) -> None:
    waiting = [share for share in shares if share.paid_on is None]
    if not waiting or said:
        return
    names = ", ".join(f"{one.subcontract.name} ({money_text(one.amount)})" for one in waiting)
    text = (
        f"La facture n’est soldée qu’une fois aussi payé : {names}. Cochez cette case si c’est"
        " fait ; sinon, attendez que le bailleur l’annonce."
    )
    raise Invalid({"shares_paid": [text]})


def _pay_own_part(
    invoice: Invoice, shares: list[SubcontractShare], paid_on: date, **moments: object
) -> None:
    """Write what the contractor itself is paid; an advance, or its subcontractors, may leave 0."""
    assert invoice.contractor_id is not None
    amount = own_part(invoice, shares)
    if amount <= 0:
        return
    Payment(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        invoice=invoice,
        amount=amount,
        currency=invoice.currency,
        paid_on=paid_on,
        **moments,
    ).save(force_insert=True)
