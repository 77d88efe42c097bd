"""What is known of orders as far as their blocks go: read for many at once, the same for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar
from uuid import UUID

from django.db.models import prefetch_related_objects

from contractors import policies
from contractors.alert_days import AlertDays
from contractors.blocking import BY_FACT, Facts
from contractors.matching import Comparison
from contractors.models import Block, BlockHow, Invoice
from contractors.services.comparing import comparisons_of
from contractors.services.due_dates import Clocks
from contractors.services.excess import Excess, excess_above
from contractors.services.facts import facts_of_orders
from contractors.services.moves import live_invoices_of
from orders.models import Order, OrderBudget

Row = TypeVar("Row")
Waived = tuple[str, UUID | None]


@dataclass(frozen=True)
class Known:
    """The facts of some orders, by their ids, their live invoices and open blocks.

    days: the product's own delays. clocks: of the invoices. compared: by the ids of invoices that
    came as a file and that facts may hold. waived: causes that a landlord has let pass, with the
    invoice that it was about.
    """

    days: AlertDays
    bills: Mapping[UUID, list[Invoice]]
    rows: Mapping[UUID, list[Block]]
    waived: Mapping[UUID, list[Waived]]
    facts: Mapping[UUID, Facts]
    excess: Mapping[UUID, Excess]
    compared: Mapping[UUID, Comparison]
    clocks: Clocks

    @classmethod
    def of(cls, orders: Sequence[Order], days: AlertDays, *, locked: bool = False) -> Self:
        """Read what there is of some orders that a company has: some forty queries, however many.

        locked: the orders are, and their open blocks are to be. An order whose invoices ask for
        more than it comes to, a second invoice that came as a file and an invoice that was
        suspended ask for a little more by themselves.
        """
        prefetch_related_objects(list(orders), "contract", "landlord")
        bills = live_invoices_of(orders)
        every = [bill for order in orders for bill in bills[order.pk]]
        by_id = {order.pk: order for order in orders}
        for order in orders:
            for bill in bills[order.pk]:
                bill.order, bill.landlord = order, order.landlord
        judged = {order.pk: looked_at(bills[order.pk]) for order in orders}
        asked = [order for order in orders if any(is_asked(bill) for bill in judged[order.pk])]
        own = {
            "landlord_id__in": {order.landlord_id for order in orders},
            "order_id__in": list(by_id),
        }
        billed = {bill.order_id for bill in every if bill.filed_at is not None}
        budgets = OrderBudget.objects.filter(**{**own, "order_id__in": billed})
        held = [
            (bill, by_id[pk])
            for pk, found in judged.items()
            for bill in found
            if bill is not None and policies.is_open(bill)
        ]
        return cls(
            days=days,
            bills=bills,
            rows=_by_order(_open_rows(own, locked=locked), by_id),
            waived=_by_order(_waived(own), by_id),
            facts=facts_of_orders(asked) if asked else {},
            excess={
                row.order_id: excess_above(row, by_id[row.order_id], bills[row.order_id])
                for row in budgets
            },
            compared=comparisons_of(held),
            clocks=Clocks.of([bill for bill in every if bill.filed_at is not None]),
        )

    def waived_of(self, order: Order, invoice: Invoice | None) -> set[str]:
        """Return the causes that its landlord has waived, which stay waived whatever facts say: of
        the order for good, of what an invoice says on that invoice only.
        """
        own = invoice.pk if invoice is not None else None
        rows = self.waived[order.pk]
        return {cause for cause, about in rows if cause in BY_FACT or about == own}


def looked_at(bills: list[Invoice]) -> list[Invoice | None]:
    """Return the order's filed invoices that are open; the newest where none is.

    None stands for the one to come, while there is none, or while one is prepared.
    """
    filed: list[Invoice | None] = [bill for bill in bills if bill.filed_at is not None]
    found = [bill for bill in filed if is_asked(bill)]
    if found:
        return found
    return filed[-1:] if filed and len(filed) == len(bills) else [None]


def is_asked(invoice: Invoice | None) -> bool:
    """Tell whether facts hold an invoice, or would hold the one to come (None)."""
    return invoice is None or policies.is_open(invoice)


# --- inside -----------------------------------------------------------------------------------


def _open_rows(own: Mapping[str, object], *, locked: bool) -> Iterator[tuple[UUID | None, Block]]:
    rows = Block.objects.filter(**own, closed_at__isnull=True).select_related("invoice")
    for row in rows.select_for_update(of=("self",)) if locked else rows:
        yield row.order_id, row


def _waived(own: Mapping[str, object]) -> Iterator[tuple[UUID | None, Waived]]:
    rows = Block.objects.filter(**own, opened_how=BlockHow.FACT, closed_how=BlockHow.HAND)
    for order_id, cause, invoice_id in rows.values_list("order_id", "cause", "invoice_id"):
        yield order_id, (cause, invoice_id)


def _by_order(
    pairs: Iterable[tuple[UUID | None, Row]], orders: Iterable[UUID]
) -> dict[UUID, list[Row]]:
    found: dict[UUID | None, list[Row]] = {pk: [] for pk in orders}
    for order_id, row in pairs:
        found[order_id].append(row)
    return {pk: found[pk] for pk in orders}
