"""Writes of advances: what a landlord has paid on a contract before its works."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from contractors import deduction_events as events
from contractors.models import Advance
from contractors.services.deductions import terms_of
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import Subject, record
from orders import policies as order_policies
from orders.models import Contract


@transaction.atomic
def pay_advance(
    *,
    actor: Actor,
    contract_id: UUID,
    base: Decimal,
    amount: Decimal,
    paid_on: date,
    requested_on: date | None = None,
    reference: str = "",
) -> Advance:
    """Note an advance that was paid on a contract; its later invoices give it back.

    base: the contract's amount, VAT included. Locks the contract. Raises Refused for who manages
    no contracts and as long as nobody has said how it comes back; Invalid for sums and days that
    can't be, and a second one.
    """
    if not order_policies.manages_contracts(actor):
        raise Refused("Votre rôle ne permet pas de changer un marché.", code="role")
    contract = Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=contract_id)
    if terms_of(contract.landlord_id, contract.pk) is None:
        text = "Réglez d’abord comment l’avance est reprise sur les factures."
        raise Refused(text, code="terms")
    if not 0 < amount <= base:
        raise Invalid({"amount": ["L’avance est une part du montant du marché."]})
    if paid_on > clock.today():
        raise Invalid({"paid_on": ["Cette date n’est pas encore passée."]})
    if requested_on is not None and requested_on > paid_on:
        raise Invalid({"requested_on": ["La demande précède le versement."]})
    advance = Advance(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        base=base,
        amount=amount,
        requested_on=requested_on,
        paid_on=paid_on,
        reference=" ".join(reference.split())[:60],
    )
    with explained():
        advance.save(force_insert=True)
    subject = Subject(
        pk=contract.pk, landlord_id=contract.landlord_id, contractor_id=contract.contractor_id
    )
    event = events.AdvancePaid(on=paid_on)
    record(event, actor=actor, subject=subject, subject_type="contract")
    return advance
