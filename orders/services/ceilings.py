"""What is left of a contract's ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DecimalField, F, Func, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.models import Contract, ContractDraw, OrderBudget
from orders.states import OrderState

NOT_DRAWN = (
    OrderState.DRAFT,
    OrderState.PENDING_APPROVAL,
    OrderState.DECLINED,
    OrderState.CANCELLED,
    OrderState.CLOSED_NO_ACCESS,
    OrderState.SUPERSEDED,
)
"""Orders that draw nothing on their contract's ceiling: not sent, refused, or given up.

What the others draw is said once, by the function that the kept sums use (0203_draws).
"""
_MONEY = DecimalField(max_digits=16, decimal_places=2)
DRAWN = Func(
    F("order__state"),
    F("total_without_vat"),
    F("quote_cap"),
    function="orders_drawn",
    output_field=_MONEY,
)
"""What a budget draws; None where its order draws nothing."""


def ceiling_left(contract: Contract, *, excluding: UUID | None = None) -> Decimal | None:
    """Return what is left of a contract's ceiling, euros excluding VAT; None without ceiling."""
    return ceilings_left([contract], excluding=excluding)[contract.pk]


def ceilings_left(
    contracts: Sequence[Contract], *, excluding: UUID | None = None
) -> dict[UUID, Decimal | None]:
    """Return what is left of each contract's ceiling, by its id.

    excluding: an order that draws nothing for now. However many orders a contract has, few rows
    are read: the database keeps what they come to (ContractDraw).
    """
    limited = [contract for contract in contracts if contract.ceiling is not None]
    own = {
        "contract_id__in": [contract.pk for contract in limited],
        "landlord_id__in": {contract.landlord_id for contract in limited},
    }
    drawn: Any = Sum("amount")
    if excluding:
        one = OrderBudget.objects.filter(
            order_id=excluding, order__contract_id=OuterRef("contract_id")
        )
        drawn -= Coalesce(Subquery(one.values(draw=DRAWN)), Decimal(0), output_field=_MONEY)
    rows = ContractDraw.objects.filter(**own).order_by().values("contract_id")
    sums = dict(rows.annotate(drawn=drawn).values_list("contract_id", "drawn") if limited else ())
    return {
        contract.pk: None
        if contract.ceiling is None
        else contract.ceiling - sums.get(contract.pk, Decimal(0))
        for contract in contracts
    }


def fold_draws(contract_id: UUID) -> None:
    """Fold a contract's kept changes into a row for each month, when there are many.

    The contract's row is locked by the caller.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_fold_draws(%s)", [contract_id])
