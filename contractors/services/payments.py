"""What was paid: announced by the landlord, confirmed by the contractor."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from contractors import events
from contractors.models import Invoice, Payment
from contractors.money_states import PaymentPurpose
from contractors.services.blocks import end_all
from contractors.services.moves import lock_invoice, move_invoice
from contractors.states import InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid


@transaction.atomic
def announce_payment(*, actor: Actor, invoice_id: UUID, paid_on: date) -> Invoice:
    """Say on which day what is owed was paid: the admitted sum, less credit notes and deductions.

    Locks order and invoice. Raises Invalid for a day that can't be.
    """
    invoice = lock_invoice(invoice_id)
    _check_day(invoice, paid_on)
    moved = move_invoice(
        "announce_payment",
        invoice,
        actor,
        event=events.PaymentAnnounced(number=invoice.number, on=paid_on),
        changes=_recovery(invoice, paid_on),
    )
    said = {"announced_at": clock.now(), "announced_on": paid_on}
    if moved.owed:  # an advance may have paid all of it
        _payment(moved, paid_on, **said).save(force_insert=True)
    return moved


@transaction.atomic
def confirm_payment(*, actor: Actor, invoice_id: UUID, paid_on: date) -> Invoice:
    """Say that the money is there, announced or not. Locks order and invoice.

    Raises Invalid for a day that can't be.
    """
    invoice = lock_invoice(invoice_id)
    _check_day(invoice, paid_on)
    announced = invoice.state == InvoiceState.ANNOUNCED
    moved = move_invoice(
        "confirm_payment",
        invoice,
        actor,
        event=events.PaymentConfirmed(number=invoice.number, on=paid_on),
        changes={} if announced else _recovery(invoice, paid_on),
    )
    own = {"landlord_id": moved.landlord_id, "invoice_id": moved.pk}
    found = Payment.objects.filter(**own, purpose=PaymentPurpose.INVOICE).last()
    if announced and found is not None:
        found.paid_on = paid_on
        found.confirmed_at = clock.now()
        found.save(update_fields=["paid_on", "confirmed_at"])
    elif moved.owed:
        _payment(moved, paid_on, confirmed_at=clock.now()).save(force_insert=True)
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


def _payment(invoice: Invoice, paid_on: date, **moments: object) -> Payment:
    assert invoice.contractor_id is not None
    return Payment(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        invoice=invoice,
        amount=invoice.owed,
        currency=invoice.currency,
        paid_on=paid_on,
        **moments,
    )
