"""Invoices that were ticked to be announced as paid, and what would become of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from contractors import policies
from contractors.models import Invoice, SubcontractShare
from contractors.selectors.bank import StandingRow, paid_to
from contractors.services.due_dates import clock_of
from contractors.services.paid import left_euros, paid_of
from contractors.services.subcontract_facts import own_part, shares_of
from contractors.states import GRANTED, INVOICE
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.templatetags.ui import money_text

MOST = 200
"""How many one confirmation may hold."""


@dataclass(frozen=True)
class ToPay:
    """A line of the confirmation. amount: what is left to be paid; obstacle: why not now, "".

    shares: what of it goes to subcontractors directly, and wasn't paid yet.

    bank: where the company is paid, and whether that is about to change.
    """

    invoice: Invoice
    company: str
    amount: Decimal
    obstacle: str = ""
    bank: StandingRow | None = None
    shares: tuple[SubcontractShare, ...] = ()


def states_to_tick(actor: Actor) -> list[str]:
    """Return the states in which the actor's list offers a box; none to whoever can't pay."""
    if actor.side is not Side.LANDLORD or not policies.desk(actor):
        return []
    return [state.value for state in GRANTED]


def ticked(actor: Actor, keys: Sequence[UUID]) -> list[ToPay]:
    """Return what was ticked and is the landlord's, due the longest first. Five queries.

    What changes meanwhile shows when it is done: the service decides.
    """
    found = list(
        Invoice.objects.filter(landlord_id=actor.own_id, filed_at__isnull=False, pk__in=keys[:MOST])
        .annotate(left=left_euros())
        .select_related("landlord", "contractor")
        .order_by("due_on", "number", "id")
    )
    banks = paid_to(actor, [row.contractor_id for row in found if row.contractor_id])
    shares = _unpaid_shares(found)
    return [
        replace(
            _line(
                actor, invoice, banks.get(invoice.contractor_id) if invoice.contractor_id else None
            ),
            shares=tuple(share for share in shares if share.invoice_id == invoice.pk),
        )
        for invoice in found
    ]


def parts_to_pay(invoice: Invoice) -> str:
    """Return in a sentence who is paid what, "" where the company alone is. One query."""
    shares = shares_of(invoice)
    if not shares:
        return ""
    said = [
        f"{money_text(share.amount)} à {share.subcontract.name}"
        for share in shares
        if share.paid_on is None
    ]
    own = money_text(max(own_part(invoice, shares), Decimal(0)))
    return _("À verser : %s à l’entreprise.") % ", ".join([*said, own])


def left_words(invoice: Invoice) -> str:
    """Return in a sentence what is left of an invoice, "" while nothing was paid. One query."""
    paid = paid_of(invoice)
    if not paid.total:
        return ""
    said = {
        "paid": money_text(paid.total),
        "left": money_text(max(invoice.owed - paid.total, Decimal(0))),
    }
    return _("%(paid)s sont déjà annoncés ou reçus ; il reste %(left)s.") % said


def interest_left(invoice: Invoice) -> dict[str, Decimal | None]:
    """Return what late payment costs and wasn't paid, as the form proposes it."""
    found = clock_of(invoice, as_of=clock.today())
    return {"interest": found.interest_left or None, "indemnity": found.indemnity_left or None}


def _unpaid_shares(invoices: Sequence[Invoice]) -> list[SubcontractShare]:
    own = {
        "landlord_id__in": {invoice.landlord_id for invoice in invoices},
        "invoice_id__in": [invoice.pk for invoice in invoices],
    }
    rows = SubcontractShare.objects.filter(**own, paid_on__isnull=True)
    return list(rows.select_related("subcontract"))


def where_paid(actor: Actor, invoice: Invoice) -> str:
    """Return in a sentence where an invoice's company is paid, masked; "" without a company."""
    if invoice.contractor_id is None:
        return ""
    row = paid_to(actor, [invoice.contractor_id]).get(invoice.contractor_id)
    ceded = [card for card in row.transfers if card.touches(invoice)] if row is not None else []
    if ceded:
        return " ".join(card.sentence for card in ceded)
    if row is not None and row.stopped:
        return _("Compte à vérifier : %s a été refusé.") % row.stopped
    if row is None or not row.current:
        return _("Aucun compte de cette entreprise n’est vérifié.")
    sentence = _("À verser sur %s.") % row.current
    if row.standing.is_changing:
        sentence += " " + _("Un changement de coordonnées bancaires est en cours.")
    return sentence


def _line(actor: Actor, invoice: Invoice, bank: StandingRow | None) -> ToPay:
    obstacle = ""
    if not policies.can_do("announce_payment", actor, invoice):
        obstacle = f"n’est pas à payer : « {INVOICE.label(invoice.state, actor.side)} »"
    return ToPay(
        invoice=invoice,
        company=invoice.contractor.name if invoice.contractor else "",
        amount=max(invoice.left, Decimal(0)),  # type: ignore[attr-defined]
        obstacle=obstacle,
        bank=bank,
    )
