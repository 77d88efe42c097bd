"""What completeness asks of a stored order, and what is left of a contract's ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from orders.completeness import Facts, facts_from
from orders.models import (
    Contract,
    Order,
    OrderBudget,
    OrderLine,
)
from orders.services.pricing import gone_codes
from orders.states import (
    OrderState,
)

NOT_DRAWN = (
    OrderState.DRAFT,
    OrderState.PENDING_APPROVAL,
    OrderState.DECLINED,
    OrderState.CANCELLED,
    OrderState.CLOSED_NO_ACCESS,
    OrderState.SUPERSEDED,
)
"""Orders that draw nothing on their contract's ceiling: not sent, refused, or given up."""


def typed_values(order: Order) -> dict[str, Any]:
    """Return a stored order by the names of the form's fields."""
    contact, budget = order.contact, order.budget
    return {
        "unit": order.unit_id,
        "nature": order.nature,
        "priority": order.priority,
        "title": order.title,
        "description": order.description,
        "trade": order.trade_id,
        "contract": order.contract_id,
        "target_date": order.target_date,
        "entrance": order.place_entrance,
        "floor": order.place_floor,
        "door": order.place_door,
        "contact_name": contact.name,
        "phone": contact.phone,
        "second_phone": contact.second_phone,
        "email": contact.email,
        "access": contact.access,
        "access_code": contact.access_code,
        "asbestos": order.asbestos,
        "asbestos_measures": order.asbestos_measures,
        "access_duty": order.access_duty,
        "hazard": order.hazard,
        "commitment_number": budget.commitment_number,
        "service_code": budget.service_code,
        "external_number": order.external_number,
    }


def facts_of(order: Order) -> Facts:
    """Return what completeness asks of a stored order."""
    lines = OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return facts_from(
        typed_values(order),
        contract=order.contract,
        ceiling_left=ceiling_left(order.contract, excluding=order.pk) if order.contract else None,
        line_count=lines.count(),
        total=budget_total(order),
        gone=gone_codes(order),
    )


def ceiling_left(contract: Contract, *, excluding: UUID | None = None) -> Decimal | None:
    """Return what is left of a contract's ceiling, euros excluding VAT; None without ceiling."""
    return ceilings_left([contract], excluding=excluding)[contract.pk]


def ceilings_left(
    contracts: Sequence[Contract], *, excluding: UUID | None = None
) -> dict[UUID, Decimal | None]:
    """Return what is left of each contract's ceiling, by its id. The database adds up."""
    limited = [contract for contract in contracts if contract.ceiling is not None]
    drawn = OrderBudget.objects.filter(
        order__contract_id__in=[contract.pk for contract in limited],
        order__landlord_id__in={contract.landlord_id for contract in limited},
    ).exclude(order__state__in=NOT_DRAWN)
    if excluding:
        drawn = drawn.exclude(order_id=excluding)
    sums = dict(
        drawn.order_by().values_list("order__contract_id").annotate(Sum("total_without_vat"))
        if limited
        else ()
    )
    return {
        contract.pk: None
        if contract.ceiling is None
        else contract.ceiling - sums.get(contract.pk, Decimal(0))
        for contract in contracts
    }


# --- inside -----------------------------------------------------------------------------------


def budget_total(order: Order) -> Decimal:
    """Return the total of a stored order, euros excluding VAT."""
    return OrderBudget.objects.get(order_id=order.pk).total_without_vat
