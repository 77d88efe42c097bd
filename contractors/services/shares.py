"""Writes of what of an invoice is paid to subcontractors directly.

The contractor certifies their parts, the landlord pays both payees; an invoice is paid once both
are. Order and invoice are locked first, then the declaration.

Law: Code de la commande publique, L2193-10 to L2193-14 and R2193-10 to R2193-16.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from contractors import policies
from contractors import subcontract_events as events
from contractors.models import Invoice, Payment, Subcontract, SubcontractShare
from contractors.services.moves import lock_invoice, record_of
from contractors.services.paid import Paid, paid_of
from contractors.services.subcontract_facts import payable_on, shared_already, shares_of
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.templatetags.ui import money_text

NOTHING = Decimal(0)


@transaction.atomic
def set_share(
    *, actor: Actor, invoice_id: UUID, subcontract_id: UUID, amount: Decimal
) -> SubcontractShare | None:
    """Say what of an invoice is to be paid to a subcontractor directly; 0 takes it back.

    amount: euros, without VAT where the contractor owes it itself. Raises Refused once the invoice
    is paid or his part is, Invalid for somebody whom the order doesn't name or who isn't paid
    directly, for more than the invoice comes to or is left of it once the contractor was paid a
    part, and more than he was declared for.
    """
    invoice = lock_invoice(invoice_id)
    if not policies.sets_shares(actor, invoice):
        raise Refused("Les parts de cette facture ne changent plus.", code="state")
    _require_payable(invoice, subcontract_id)
    own = {"landlord_id": invoice.landlord_id, "contractor_id": invoice.contractor_id}
    declared = Subcontract.objects.select_for_update(of=("self",)).get(pk=subcontract_id)
    shares = shares_of(invoice)
    known = next((one for one in shares if one.subcontract_id == declared.pk), None)
    if known is not None and known.paid_on is not None:
        raise Refused("Sa part est déjà payée.", code="paid")
    if known is not None and known.amount == amount:
        return known
    if amount < 0:
        raise Invalid({"amount": ["Le montant ne peut pas être négatif."]})
    others = sum((one.amount for one in shares if one != known), NOTHING)
    free = invoice.net - paid_of(invoice).own - others
    if amount > free:
        text = f"Il reste {money_text(max(free, NOTHING))} de cette facture, toutes parts et"
        raise Invalid({"amount": [f"{text} paiements compris."]})
    rest = declared.most - shared_already(declared, but=invoice)
    if amount > rest:
        text = f"Sa déclaration laisse encore {money_text(max(rest, NOTHING))} : déclarez un"
        raise Invalid({"amount": [f"{text} montant plus élevé d’abord."]})
    if not amount:
        if known is not None:
            known.delete()
            record_of(events.ShareSet(number=invoice.number), invoice, actor)
        return None
    share = known or SubcontractShare(**own, invoice=invoice, subcontract=declared)
    share.amount = amount
    share.save(force_insert=known is None)
    record_of(events.ShareSet(number=invoice.number), invoice, actor)
    return share


@transaction.atomic
def pay_share(*, actor: Actor, share_id: UUID, paid_on: date) -> SubcontractShare:
    """Note that a subcontractor was paid his part, before the contractor is. Locks the invoice.

    Raises Refused while the invoice isn't approved, Conflict once it was noted, Invalid for a day
    that can't be and where his part is more than is owed.
    """
    found = SubcontractShare.objects.get(pk=share_id)
    invoice = lock_invoice(found.invoice_id)
    if not policies.can_do("announce_payment", actor, invoice):
        raise Refused("Approuvez d’abord la facture : ses parts se paient ensuite.", code="state")
    shares = shares_of(invoice)
    share = next(one for one in shares if one.pk == share_id)
    if share.paid_on is not None:
        raise Conflict("Ce paiement est déjà noté.")
    require_covered(invoice, shares, paid_of(invoice))
    if paid_on > clock.today():
        raise Invalid({"paid_on": ["Cette date n’est pas encore passée."]})
    if paid_on < invoice.issued_on:
        raise Invalid({"paid_on": ["La facture n’existait pas encore ce jour-là."]})
    settle([share], invoice, paid_on, announced_at=clock.now(), announced_on=paid_on)
    record_of(events.SharePaid(number=invoice.number, on=paid_on), invoice, actor)
    return share


# --- Parts of other services ------------------------------------------------------------------


def settle(
    shares: Iterable[SubcontractShare], invoice: Invoice, paid_on: date, **moments: object
) -> None:
    """Write the payments of parts that weren't paid yet, on a locked invoice."""
    for share in shares:
        if share.paid_on is not None:
            continue
        share.paid_on = paid_on
        share.save(update_fields=["paid_on"])
        Payment(
            landlord_id=share.landlord_id,
            contractor_id=share.contractor_id,
            invoice=invoice,
            share=share,
            amount=share.amount,
            currency=invoice.currency,
            paid_on=paid_on,
            **moments,
        ).save(force_insert=True)


def require_covered(invoice: Invoice, shares: Collection[SubcontractShare], paid: Paid) -> None:
    """Raise Refused where subcontractors were given more than is owed of an invoice now, or those
    who weren't paid yet more than is left of it.
    """
    given = sum((share.amount for share in shares), NOTHING)
    waiting = sum((share.amount for share in shares if share.paid_on is None), NOTHING)
    if given > invoice.owed or (waiting and waiting > invoice.owed - paid.total):
        text = (
            "Les parts des sous-traitants dépassent ce qui reste à payer : l’entreprise les corrige"
            " d’abord sur sa facture."
        )
        raise Refused(text, code="shares")


# --- inside -----------------------------------------------------------------------------------


def _require_payable(invoice: Invoice, subcontract_id: UUID) -> None:
    found = payable_on(invoice.order) if invoice.order is not None else []
    if subcontract_id not in {one.pk for one in found}:
        text = (
            "Seul un sous-traitant nommé sur la commande, accepté, en paiement direct a une part."
        )
        raise Invalid({"subcontract": [text]})
