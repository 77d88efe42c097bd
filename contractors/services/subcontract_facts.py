"""Who else does an order's works, and what is to be paid to him: read, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from contractors.models import Invoice, NamedSubcontractor, Subcontract, SubcontractShare
from contractors.states import ENDED
from contractors.subcontract_states import ACCEPTED, COVERS, SubcontractState
from orders.models import Order

NOTHING = Decimal(0)


def named_on(order: Order) -> list[NamedSubcontractor]:
    """Return who comes to an order in its contractor's place, the first named first. One query."""
    return named_on_each([order])[order.pk]


def named_on_each(orders: Sequence[Order]) -> dict[UUID, list[NamedSubcontractor]]:
    """Return the same of many orders, by their ids. One query."""
    rows = NamedSubcontractor.objects.filter(
        landlord_id__in={order.landlord_id for order in orders},
        order_id__in=[order.pk for order in orders],
    )
    found: dict[UUID, list[NamedSubcontractor]] = {order.pk: [] for order in orders}
    for one in rows.select_related("subcontract"):
        found[one.order_id].append(one)
    return found


def is_covered(named: NamedSubcontractor) -> bool:
    """Tell whether an accepted declaration stands behind a name."""
    return named.subcontract is not None and named.subcontract.state in COVERS


def undeclared(named: Iterable[NamedSubcontractor]) -> tuple[bool, bool]:
    """Return (somebody isn't accepted, and all of those only wait for the landlord's answer)."""
    open_ones = [one for one in named if not is_covered(one)]
    waits = [
        one.subcontract is not None and one.subcontract.state == SubcontractState.DECLARED
        for one in open_ones
    ]
    return bool(open_ones), bool(open_ones) and all(waits)


def payable_on(order: Order) -> list[Subcontract]:
    """Return whom a landlord pays directly for an order: accepted, and declared so. One query."""
    found = {
        one.subcontract.pk: one.subcontract
        for one in named_on(order)
        if one.subcontract is not None and one.subcontract.is_direct and is_covered(one)
    }
    return list(found.values())


def can_come(landlord_id: UUID, contract_id: UUID | None) -> list[Subcontract]:
    """Return who may be named on a contract's orders: declared, and not ended. One query."""
    if contract_id is None:
        return []
    rows = Subcontract.objects.filter(
        landlord_id=landlord_id,
        contract_id=contract_id,
        state__in=(SubcontractState.DECLARED, *ACCEPTED),
    )
    return list(rows.order_by("name", "id"))


def shares_of(invoice: Invoice) -> list[SubcontractShare]:
    """Return what of an invoice is paid to subcontractors directly. One query."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    return list(SubcontractShare.objects.filter(**own).select_related("subcontract"))


def own_part(invoice: Invoice, shares: Iterable[SubcontractShare]) -> Decimal:
    """Return what the contractor itself is to be paid of an invoice; below zero, its subcontractors
    were given more than is owed.
    """
    return invoice.owed - sum((share.amount for share in shares), NOTHING)


def shared_already(subcontract: Subcontract, *, but: Invoice) -> Decimal:
    """Return what other invoices that count give a subcontractor of his declared amount."""
    rows = SubcontractShare.objects.filter(
        landlord_id=subcontract.landlord_id, subcontract_id=subcontract.pk
    ).exclude(invoice_id=but.pk)
    counting = rows.exclude(invoice__state__in=ENDED)
    return counting.aggregate(sum=Sum("amount"))["sum"] or NOTHING
