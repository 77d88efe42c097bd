"""What was paid: announced by the landlord, confirmed by the contractor; the state by the sum.

Subcontractors who are paid directly have their part of it; an invoice is paid once both are, and
once all that was granted of it is. A part is noted and changes no state. Less may come than was
announced: then what is left is owed again.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from contractors import events, policies
from contractors.models import Invoice, Payment, SubcontractShare
from contractors.money_states import OF_LATENESS, PaymentPurpose
from contractors.services.blocks import end_all
from contractors.services.moves import lock_invoice, move_invoice, record_of
from contractors.services.paid import NOTHING, Paid, left_for_company, paid_of
from contractors.services.shares import require_covered, settle
from contractors.services.subcontract_facts import shares_of
from contractors.states import GRANTED, INVOICE, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.templatetags.ui import money_text


@transaction.atomic
def announce_payment(
    *,
    actor: Actor,
    invoice_id: UUID,
    paid_on: date,
    amount: Decimal | None = None,
    reference: str = "",
) -> Invoice:
    """Say on which day what is owed was paid: the admitted sum, less credit notes and deductions.

    amount: a part of it; None is all that is left to the contractor itself. reference: of the
    transfer, where the accounts give one. With the last of it
    the parts of subcontractors that weren't paid before are paid the same day. Locks order and
    invoice. Raises Invalid for a day or a sum that can't be, Refused where those parts are more
    than is owed.
    """
    invoice = lock_invoice(invoice_id)
    _require(policies.can_pay(actor, invoice), "announce_payment", invoice, actor)
    _check_day(invoice, paid_on)
    shares, paid = shares_of(invoice), paid_of(invoice)
    require_covered(invoice, shares, paid)
    left = max(left_for_company(invoice, shares, paid), NOTHING)
    _check_amount(amount, left, "à payer")
    said: dict[str, Any] = {"announced_at": clock.now(), "announced_on": paid_on}
    if amount is not None and amount < left:
        _pay(invoice, amount, paid_on, reference=reference[:40], **said)
        record_of(events.PartPaid(number=invoice.number, on=paid_on), invoice, actor)
        return invoice
    if invoice.state == InvoiceState.DISPUTED:
        if not left:
            raise Conflict("Ce qui est admis est déjà payé.")
        record_of(events.PartPaid(number=invoice.number, on=paid_on), invoice, actor)
    else:
        invoice = move_invoice(
            "announce_payment",
            invoice,
            actor,
            event=events.PaymentAnnounced(number=invoice.number, on=paid_on),
            changes=_recovery(invoice, paid_on),
        )
    _pay(invoice, left, paid_on, reference=reference[:40], **said)
    settle(shares, invoice, paid_on, **said)
    return invoice


@transaction.atomic
def confirm_payment(
    *,
    actor: Actor,
    invoice_id: UUID,
    paid_on: date,
    shares_paid: bool = False,
    amount: Decimal | None = None,
) -> Invoice:
    """Say that the money is there, announced or not. Locks order and invoice.

    amount: what came; None is all that was announced or is left. It settles what was announced
    first; where it is less, so much was paid. shares_paid: the subcontractors have theirs too,
    where the landlord has said nothing of it. Raises Invalid for a day or a sum that can't be, and
    with the last of it while a part of theirs is open: nothing is settled before all payees are
    paid.
    """
    invoice = lock_invoice(invoice_id)
    _require(policies.can_receive(actor, invoice), "confirm_payment", invoice, actor)
    _check_day(invoice, paid_on)
    shares = shares_of(invoice)
    paid = paid_of(invoice)
    whole = _to_come(paid) + max(left_for_company(invoice, shares, paid), NOTHING)
    _check_amount(amount, whole, "à recevoir")
    got = whole if amount is None else amount
    if invoice.state == InvoiceState.DISPUTED and not whole:
        raise Conflict("Ce qui est admis est déjà reçu.")
    if got < whole:
        _receive(invoice, paid.waiting, got, paid_on)
        record_of(events.PartReceived(number=invoice.number, on=paid_on), invoice, actor)
        return invoice
    _require_paid(shares, said=shares_paid)
    require_covered(invoice, shares, paid)
    if invoice.state == InvoiceState.DISPUTED:
        record_of(events.PartReceived(number=invoice.number, on=paid_on), invoice, actor)
    else:
        announced = invoice.state == InvoiceState.ANNOUNCED
        invoice = move_invoice(
            "confirm_payment",
            invoice,
            actor,
            event=events.PaymentConfirmed(number=invoice.number, on=paid_on),
            changes={} if announced else _recovery(invoice, paid_on),
        )
    _receive(invoice, paid.waiting, got, paid_on)
    settle(shares, invoice, paid_on, confirmed_at=clock.now())
    _end_what_is_settled(invoice, actor)
    return invoice


@transaction.atomic
def pay_interest(
    *,
    actor: Actor,
    invoice_id: UUID,
    paid_on: date,
    interest: Decimal | None = None,
    indemnity: Decimal | None = None,
) -> list[Payment]:
    """Note what late payment cost: announced by the landlord, received by the contractor.

    What was announced and is noted as received is one payment. Locks order and invoice. Raises
    Refused before it is granted, Invalid for a day that can't be and without any sum.
    """
    invoice = lock_invoice(invoice_id)
    if not policies.notes_interest(actor, invoice):
        raise Refused("Les intérêts se notent sur une facture approuvée.", code="state")
    _check_day(invoice, paid_on)
    sums = dict(zip(OF_LATENESS, (interest or NOTHING, indemnity or NOTHING), strict=True))
    if any(amount < 0 for amount in sums.values()) or not any(sums.values()):
        raise Invalid({"interest": ["Indiquez au moins une somme."]})
    found: list[Payment] = []
    for purpose, amount in sums.items():
        if not amount:
            continue
        if actor.side is Side.CONTRACTOR:
            waiting = _announced(invoice, purpose)
            found += _receive(invoice, waiting, amount, paid_on, purpose=purpose)
        else:
            said: dict[str, Any] = {"announced_at": clock.now(), "announced_on": paid_on}
            found += _pay(invoice, amount, paid_on, purpose=purpose, **said)
    record_of(events.InterestPaid(number=invoice.number, on=paid_on), invoice, actor)
    return found


@transaction.atomic
def settle_by_sum(*, actor: Actor, invoice_id: UUID) -> Invoice:
    """Let the state follow what was paid and what is owed. As the system; idempotent.

    Less came than was announced: it is owed again. What was granted is all paid already: it is
    announced, or paid once all of it is confirmed. A disputed rest that a credit note took back
    leaves the admitted part. Locks order and invoice.
    """
    invoice = lock_invoice(invoice_id)
    if invoice.is_credit:
        return invoice
    if _has_lost_its_rest(invoice):
        event = events.RestOwed(number=invoice.number)
        invoice = move_invoice("owe_part_again", invoice, actor, event=event)
    paid = paid_of(invoice)
    if invoice.state == InvoiceState.ANNOUNCED and paid.total < invoice.owed:
        name = "owe_part_again" if policies.has_rest(invoice) else "owe_again"
        event = events.RestOwed(number=invoice.number)
        return move_invoice(name, invoice, actor, event=event)
    if invoice.state not in GRANTED or not paid.total or paid.total < invoice.owed:
        return invoice
    on = paid.payments[-1].paid_on
    if paid.waiting:
        said = events.PaymentAnnounced(number=invoice.number, on=on)
        return move_invoice(
            "announce_payment", invoice, actor, event=said, changes=_recovery(invoice, on)
        )
    done = events.PaymentConfirmed(number=invoice.number, on=on)
    invoice = move_invoice(
        "confirm_payment", invoice, actor, event=done, changes=_recovery(invoice, on)
    )
    _end_what_is_settled(invoice, actor)
    return invoice


# --- inside -----------------------------------------------------------------------------------


def _require(permitted: bool, name: str, invoice: Invoice, actor: Actor) -> None:  # noqa: FBT001
    """Raise what a transition would, also where only a part is noted and no state changes."""
    if permitted:
        return
    refusal = policies.why_not_of_kind(name, invoice) or policies.desk_only(actor, invoice)
    if refusal is not None:
        raise refusal
    if actor.side not in INVOICE.transitions[name].sides:
        raise Refused("Cette action n’est pas ouverte à votre côté.", code="side")
    raise Conflict(f"Déjà fait : « {INVOICE.label(invoice.state, actor.side)} ».")


def _check_day(invoice: Invoice, paid_on: date) -> None:
    if paid_on > clock.today():
        raise Invalid({"paid_on": ["Cette date n’est pas encore passée."]})
    if paid_on < invoice.issued_on:
        raise Invalid({"paid_on": ["La facture n’existait pas encore ce jour-là."]})


def _check_amount(amount: Decimal | None, most: Decimal, what: str) -> None:
    if amount is not None and not (0 < amount <= most or amount == most):
        raise Invalid({"amount": [f"Il reste {money_text(most)} {what}."]})


def _to_come(paid: Paid) -> Decimal:
    return sum((one.amount for one in paid.waiting), NOTHING)


def _recovery(invoice: Invoice, paid_on: date) -> dict[str, object]:
    """Keep what the advance has paid of it, for accounts: a later credit note may change that."""
    if not invoice.recovered:
        return {}
    return {
        "recovered_then": invoice.recovered,
        "recovered_on": invoice.recovered_on or paid_on,
    }


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


def _announced(invoice: Invoice, purpose: PaymentPurpose) -> list[Payment]:
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk, "purpose": purpose}
    return list(Payment.objects.filter(**own, confirmed_at__isnull=True).order_by("paid_on", "id"))


def _receive(
    invoice: Invoice,
    waiting: list[Payment],
    amount: Decimal,
    paid_on: date,
    *,
    purpose: PaymentPurpose = PaymentPurpose.INVOICE,
) -> list[Payment]:
    """Confirm what was announced, the first one first; what came beside it is a payment too.

    The day typed is that of the last one: those before keep theirs.
    """
    left, found = amount, list[Payment]()
    for one in waiting:
        if left <= 0:
            break
        if left < one.amount:
            one.announced_amount, one.amount = one.amount, left
        left -= one.amount
        one.confirmed_at = clock.now()
        if left <= 0 or one == waiting[-1]:
            one.paid_on = paid_on
        one.save(update_fields=["amount", "announced_amount", "paid_on", "confirmed_at"])
        found.append(one)
    if left > 0:
        found += _pay(invoice, left, paid_on, purpose=purpose, confirmed_at=clock.now())
    return found


def _pay(
    invoice: Invoice,
    amount: Decimal,
    paid_on: date,
    *,
    purpose: PaymentPurpose = PaymentPurpose.INVOICE,
    **more: Any,
) -> list[Payment]:
    """Write what the contractor itself is paid; an advance, or its subcontractors, may leave 0."""
    assert invoice.contractor_id is not None
    if amount <= 0:
        return []
    payment = Payment(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        invoice=invoice,
        purpose=purpose,
        amount=amount,
        currency=invoice.currency,
        paid_on=paid_on,
        **more,
    )
    payment.save(force_insert=True)
    return [payment]


def _end_what_is_settled(invoice: Invoice, actor: Actor) -> None:
    """Close what blocked it, unless a rest of it is still between the two sides."""
    if not policies.is_open(invoice):
        end_all(invoice, actor)


def _has_lost_its_rest(invoice: Invoice) -> bool:
    disputed = invoice.state == InvoiceState.DISPUTED and invoice.admitted is not None
    return disputed and not policies.has_rest(invoice)
