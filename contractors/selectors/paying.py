"""Invoices that were ticked to be announced as paid, and what would become of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from contractors import policies
from contractors.models import Invoice
from contractors.selectors.bank import StandingRow, paid_to
from contractors.states import GRANTED, INVOICE
from nexxio.core.actors import Actor, Side

MOST = 200
"""How many one confirmation may hold."""


@dataclass(frozen=True)
class ToPay:
    """A line of the confirmation. amount: what is owed; obstacle: why it is left alone, "".

    bank: where the company is paid, and whether that is about to change.
    """

    invoice: Invoice
    company: str
    amount: Decimal
    obstacle: str = ""
    bank: StandingRow | None = None


def states_to_tick(actor: Actor) -> list[str]:
    """Return the states in which the actor's list offers a box; none to whoever can't pay."""
    if actor.side is not Side.LANDLORD or not policies.desk(actor):
        return []
    return [state.value for state in GRANTED]


def ticked(actor: Actor, keys: Sequence[UUID]) -> list[ToPay]:
    """Return what was ticked and is the landlord's, due the longest first. Four queries.

    What changes meanwhile shows when it is done: the service decides.
    """
    found = list(
        Invoice.objects.filter(landlord_id=actor.own_id, filed_at__isnull=False, pk__in=keys[:MOST])
        .select_related("landlord", "contractor")
        .order_by("due_on", "number", "id")
    )
    banks = paid_to(actor, [row.contractor_id for row in found if row.contractor_id])
    return [
        _line(actor, invoice, banks.get(invoice.contractor_id) if invoice.contractor_id else None)
        for invoice in found
    ]


def where_paid(actor: Actor, invoice: Invoice) -> str:
    """Return in a sentence where an invoice's company is paid, masked; "" without a company."""
    if invoice.contractor_id is None:
        return ""
    row = paid_to(actor, [invoice.contractor_id]).get(invoice.contractor_id)
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
        amount=invoice.owed,
        obstacle=obstacle,
        bank=bank,
    )
