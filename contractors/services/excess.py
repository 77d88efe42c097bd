"""What the invoices of an order ask above what it comes to, once its amount has gone down.

An invoice that was handed over is never changed: a credit note takes back what is too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from contractors import policies
from contractors.causes import CauseCode
from contractors.models import Block, BlockHow, Invoice, InvoiceLine
from contractors.services.moves import live_invoices
from contractors.services.remaining import remaining
from contractors.services.reverse_charge import without_vat as take_vat_off
from orders.models import Order, OrderBudget
from orders.services.amounts import totals_of

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Excess:
    """What is asked too much, VAT included.

    of: of each invoice that may still be blocked, by its id. settled: of those that are approved or
    paid, which only a credit note mends.
    """

    of: dict[UUID, Decimal] = field(default_factory=dict)
    settled: Decimal = NOTHING


def excess_of(order: Order) -> Excess:
    """Return what an order's invoices ask too much. Two queries where that is nothing."""
    bills = live_invoices(order)
    return excess_above(
        OrderBudget.objects.get(landlord_id=order.landlord_id, order_id=order.pk), order, bills
    )


def excess_above(budget: OrderBudget, order: Order, live: Iterable[Invoice]) -> Excess:
    """Return what an order's live invoices ask above its budget. No query where that is nothing.

    Each invoice is measured by its lines, those that are open first, the newest first, and all of
    them together by what the order comes to: no euro is held twice. What came as a file is compared
    by itself, and what the landlord has waived is agreed.
    """
    bills = [bill for bill in live if bill.filed_at is not None]
    if not bills:
        return Excess()
    reverse = any(bill.is_reverse_charge for bill in bills)  # those are without VAT
    comes_to = budget.total_without_vat if reverse else budget.total_with_vat
    left = sum((bill.net for bill in bills), NOTHING) - comes_to
    # VAT is rounded once on each of them.
    if left <= policies.VAT_GAP * len(bills):
        return Excess()
    of: dict[UUID, Decimal] = {}
    settled = NOTHING
    waived = _waived(order)
    for bill in sorted(bills, key=lambda bill: (policies.is_open(bill), bill.rank), reverse=True):
        more = min(_above(order, bill), left)
        if more <= policies.VAT_GAP:
            continue
        left -= more
        if bill.came_as_file or bill.pk in waived:
            continue
        if policies.is_open(bill):
            of[bill.pk] = more
        else:
            settled += more
    return Excess(of, NOTHING if None in waived else settled)


# --- inside -----------------------------------------------------------------------------------


def _above(order: Order, bill: Invoice) -> Decimal:
    """Return what is left of an invoice above what the others leave it to ask."""
    rows = InvoiceLine.objects.filter(landlord_id=bill.landlord_id, invoice_id=bill.pk)
    asked = sum(totals_of(rows), NOTHING) - bill.credited
    others = remaining(order, but=bill)
    if bill.is_reverse_charge:
        take_vat_off(others)
    return asked - sum(totals_of(others), NOTHING)


def _waived(order: Order) -> set[UUID | None]:
    """Return the invoices whose sum the landlord has let pass; None for what was settled."""
    rows = Block.objects.filter(
        landlord_id=order.landlord_id,
        order_id=order.pk,
        cause=CauseCode.TOTAL,
        opened_how=BlockHow.FACT,
        closed_how=BlockHow.HAND,
    )
    return set(rows.values_list("invoice_id", flat=True))
