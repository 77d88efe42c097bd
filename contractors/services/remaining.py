"""What an order may still be invoiced for: its lines and what was granted, less what was taken off
them and what was invoiced.

Nothing here writes. A part that a credit note took back isn't offered again; an invoice that was
taken back in whole is as if it had never been.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from contractors.models import Invoice, InvoiceLine
from contractors.services.moves import live_invoices
from contractors.states import InvoiceKind, InvoiceState, LineOrigin
from orders.models import Order
from orders.services.amounts import Due, due_of

NOTHING = Decimal(0)
_COPIED = ("code", "label", "unit", "unit_price", "vat_rate")
Key = tuple[str, UUID | None]


@dataclass(frozen=True)
class Granted:
    """A line that may be invoiced. at: when it was granted on top of the order; None of its own."""

    line: InvoiceLine
    at: datetime | None = None

    @property
    def key(self) -> Key:
        """What tells it apart on every invoice of the order."""
        return str(self.line.origin), self.line.origin_id


@dataclass(frozen=True)
class Progress:
    """How far a situation is, in euros excluding VAT: before it, itself, all of the order.

    before: less what credit notes took back (`taken`), which isn't asked for again.
    """

    before: Decimal
    now: Decimal
    whole: Decimal
    taken: Decimal = NOTHING

    @property
    def cumulated(self) -> Decimal:
        """With the situations before it."""
        return self.before + self.now

    @property
    def rest(self) -> Decimal:
        """What the order may still be invoiced for."""
        return max(self.whole - self.taken - self.cumulated, NOTHING)


def granted_of(order: Order) -> list[Granted]:
    """Return all that the order comes to; nothing before a contractor has it. Two queries."""
    if order.contractor_id is None:
        return []
    return [_granted(order, due) for due in due_of(order) if due.quantity > 0]


def remaining(
    order: Order, *, but: Invoice | None = None, live: list[Invoice] | None = None
) -> list[InvoiceLine]:
    """Return what the order may still be invoiced for, line by line; all of it at first.

    but: an invoice that doesn't count, since it is what is looked at. live: the order's
    `live_invoices`, where they are loaded.
    """
    bills = live_invoices(order) if live is None else live
    bills = [bill for bill in bills if but is None or bill.pk != but.pk]
    granted = granted_of(order)
    whole = sum((each.line.total_without_vat for each in granted), NOTHING)
    if not bills:
        return [each.line for each in granted]
    invoiced = _invoiced(order, bills)
    as_files = [bill.created_at for bill in bills if bill.came_as_file]
    found = []
    for each in granted:
        if as_files and (each.at is None or each.at <= max(as_files)):
            continue  # a company's own file stands for all that was granted before it
        quantity, total = invoiced.get(each.key, (NOTHING, NOTHING))
        if each.line.total_without_vat > total:
            found.append(_less(each.line, quantity, total))
    asked = sum((bill.total_without_vat for bill in bills), NOTHING)
    left = sum((line.total_without_vat for line in found), NOTHING)
    # A file says what it says: it may have asked for this already.
    return [] if as_files and asked + left > whole else found


def next_rank(order: Order, kind: InvoiceKind = InvoiceKind.INVOICE) -> int:
    """Return the place of the order's next invoice: the first that no live one has.

    Where there are situations it follows the last: their numbers are never taken again, not even
    of one that was given up.
    """
    taken = {bill.rank for bill in live_invoices(order)}
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    situations = Invoice.objects.filter(**own, kind=InvoiceKind.SITUATION)
    numbers = set(situations.values_list("rank", flat=True))
    if numbers or kind == InvoiceKind.SITUATION:
        return max(taken | numbers, default=0) + 1
    return next(rank for rank in range(1, len(taken) + 2) if rank not in taken)


def kind_of_next(order: Order) -> InvoiceKind:
    """Return what settles the order: the last situation where there were some."""
    kinds = {bill.kind for bill in live_invoices(order)}
    return InvoiceKind.SITUATION if InvoiceKind.SITUATION in kinds else InvoiceKind.INVOICE


def unfiled_of(order: Order) -> Invoice | None:
    """Return an invoice of the order that its landlord hasn't got yet."""
    return next((bill for bill in live_invoices(order) if bill.filed_at is None), None)


def progress_of(invoice: Invoice) -> Progress:
    """Return how far a situation is; its order is loaded. Four queries.

    Before it: the order's other live invoices of a lower number, all of which were filed.
    """
    assert invoice.order is not None
    granted = granted_of(invoice.order)
    earlier = [
        bill.pk
        for bill in live_invoices(invoice.order)
        if bill.rank < invoice.rank and bill.pk != invoice.pk
    ]
    credits = Q(invoice__credits_id__in=earlier, invoice__state=InvoiceState.APPLIED)
    rows = InvoiceLine.objects.filter(
        Q(invoice_id__in=earlier) | credits, landlord_id=invoice.landlord_id
    )
    sums = rows.aggregate(
        asked=Sum("total_without_vat", filter=Q(invoice_id__in=earlier)),
        taken=Sum("total_without_vat", filter=credits),
    )
    taken = sums["taken"] or NOTHING
    return Progress(
        before=(sums["asked"] or NOTHING) - taken,
        taken=taken,
        now=invoice.total_without_vat,
        whole=sum((each.line.total_without_vat for each in granted), NOTHING),
    )


# --- inside -----------------------------------------------------------------------------------


def _granted(order: Order, due: Due) -> Granted:
    """Return a line that is owed as one of an invoice, less what was taken off it."""
    assert order.contractor_id is not None
    extra = due.extra
    line = InvoiceLine(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        origin=LineOrigin.VARIATION if extra else LineOrigin.ORDER,
        origin_id=due.key,
        quantity=due.quantity,
        total_without_vat=due.total_without_vat,
        **{name: getattr(due.line, name) for name in _COPIED},
    )
    if extra is None:
        return Granted(line)
    line.variation_number = extra.variation_number
    return Granted(line, extra.answered_at)


def _invoiced(order: Order, bills: Iterable[Invoice]) -> dict[Key, tuple[Decimal, Decimal]]:
    """Return quantity and sum of each line on the invoices together."""
    rows = InvoiceLine.objects.filter(
        landlord_id=order.landlord_id,
        invoice_id__in=[bill.pk for bill in bills],
        origin_id__isnull=False,
    )
    found: dict[Key, tuple[Decimal, Decimal]] = {}
    for line in rows:
        key = str(line.origin), line.origin_id
        quantity, total = found.get(key, (NOTHING, NOTHING))
        found[key] = quantity + line.quantity, total + line.total_without_vat
    return found


def _less(line: InvoiceLine, quantity: Decimal, total: Decimal) -> InvoiceLine:
    """Take off what was invoiced. A sum that is left without a quantity keeps that of the line."""
    if line.quantity > quantity:
        line.quantity -= quantity
    line.total_without_vat -= total
    return line
