"""What is left of a contract's ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, F, Sum, When
from django.db.models.functions import Greatest

from orders.models import Contract, OrderBudget
from orders.states import FINISHED, OrderState

NOT_DRAWN = (
    OrderState.DRAFT,
    OrderState.PENDING_APPROVAL,
    OrderState.DECLINED,
    OrderState.CANCELLED,
    OrderState.CLOSED_NO_ACCESS,
    OrderState.SUPERSEDED,
)
"""Orders that draw nothing on their contract's ceiling: not sent, refused, or given up."""
# PostgreSQL's GREATEST passes over a cap that is NULL.
DRAWN = Case(
    When(order__state__in=FINISHED, then=F("total_without_vat")),
    default=Greatest("total_without_vat", "quote_cap"),
)
"""What a budget draws on a ceiling: as OrderBudget.committed, and once works are done the total,
because what the cap allowed and nobody asked for isn't owed any more."""


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
        drawn.order_by().values_list("order__contract_id").annotate(drawn=Sum(DRAWN))
        if limited
        else ()
    )
    return {
        contract.pk: None
        if contract.ceiling is None
        else contract.ceiling - sums.get(contract.pk, Decimal(0))
        for contract in contracts
    }
