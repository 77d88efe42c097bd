"""Situations: what a contractor invoices of works that go on, numbered, never above the order.

Each says how much of each line it asks for; the invoice after the works are finished asks for what
they left, and is the last of them. The order is locked first, then the series of numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db import transaction

from contractors import credit_events as events
from contractors import policies
from contractors.models import Invoice, InvoiceLine
from contractors.services.blocks import look_at_order
from contractors.services.final_facts import nothing_more
from contractors.services.invoices import new_invoice
from contractors.services.moves import record_of
from contractors.services.remaining import (
    granted_of,
    next_rank,
    remaining,
    unfiled_of,
)
from contractors.states import InvoiceKind
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Invalid, Refused
from orders.models import Order
from orders.services.amounts import CENT
from orders.services.moves import lock_order
from orders.states import OrderState

NOTHING = Decimal(0)
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class ProgressLine:
    """A line of the order, and how much of it may still be asked for. before: euros invoiced."""

    line: InvoiceLine
    whole: Decimal
    quantity: Decimal
    before: Decimal

    @property
    def left(self) -> Decimal:
        """What is left of its quantity."""
        return self.line.quantity


def progress_lines(order: Order) -> list[ProgressLine]:
    """Return what may still be asked for, line by line."""
    whole = {
        each.key: (each.line.quantity, each.line.total_without_vat) for each in granted_of(order)
    }
    found = []
    for line in remaining(order):
        quantity, total = whole[str(line.origin), line.origin_id]
        found.append(ProgressLine(line, total, quantity, total - line.total_without_vat))
    return found


def situation_obstacle(actor: Actor, order: Order) -> Refused | None:
    """Return why the actor can't invoice a situation of the order now; None when he can."""
    if actor.side is not Side.CONTRACTOR or not policies.desk(actor):
        return Refused("Seul le bureau de l’entreprise prépare une facture.", code="role")
    if order.state != OrderState.PARTLY_DONE:
        text = "Une situation se facture pendant les travaux, quand une partie est déclarée faite."
        return Refused(text, code="state")
    final = nothing_more(order)
    if final is not None:
        return final
    waiting = unfiled_of(order)
    if waiting is not None:
        text = f"Une facture de cette commande attend d’être déposée : {waiting.number}."
        return Refused(text, code="repeated")
    if not remaining(order):
        return Refused("Tout ce qui est commandé est déjà facturé.", code="nothing")
    return None


@transaction.atomic
def prepare_situation(
    *, actor: Actor, order_id: UUID, quantities: Mapping[UUID, Decimal]
) -> Invoice:
    """Invoice so much of the lines of works that go on; the next number of situation is its own.

    quantities: by the id of the order's or the variation's line. Locks the order and the series.
    Raises Refused when it can't be now, Invalid for more than is left and when nothing is said.
    """
    order = lock_order(order_id)
    refusal = situation_obstacle(actor, order)
    if refusal is not None:
        raise refusal
    lines = _asked(progress_lines(order), quantities)
    if not lines:
        raise Invalid({"": ["Indiquez l’avancement d’une ligne au moins."]})
    rank = next_rank(order, InvoiceKind.SITUATION)
    invoice = new_invoice(order, lines, kind=InvoiceKind.SITUATION, rank=rank, in_progress=True)
    event = events.SituationPrepared(number=invoice.number, times=rank)
    record_of(event, invoice, actor)
    look_at_order(actor=actor, order_id=order.pk)
    return invoice


# --- inside -----------------------------------------------------------------------------------


def _asked(lines: list[ProgressLine], quantities: Mapping[UUID, Decimal]) -> list[InvoiceLine]:
    found = []
    errors: dict[str, list[str]] = {}
    for each in lines:
        assert each.line.origin_id is not None
        wanted = quantities.get(each.line.origin_id, NOTHING).quantize(THOUSANDTH, ROUND_HALF_UP)
        if not 0 <= wanted <= each.left:
            errors[f"line_{each.line.origin_id}"] = ["L’avancement va de zéro à ce qui reste."]
        elif wanted:
            found.append(_part(each, wanted))
    if errors:
        raise Invalid(errors)
    return [line for line in found if line.total_without_vat > 0]


def _part(each: ProgressLine, wanted: Decimal) -> InvoiceLine:
    """Return a line of so much: the rest of its sum goes with its last quantity."""
    line = each.line
    if wanted < each.left:
        share = (each.whole * wanted / each.quantity).quantize(CENT, ROUND_HALF_UP)
        line.total_without_vat = min(share, line.total_without_vat)
        line.quantity = wanted
    return line
