"""What is bought off contract in a family and a year, against the landlord's own threshold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from nexxio.core import clock
from orders.models import OrderBudget, OrderClauses
from orders.services.ceilings import DRAWN, NOT_DRAWN
from orders.states import Nature

MOST_NAMED = 200


@dataclass(frozen=True)
class Family:
    """A family's orders of a year, euros excluding VAT. threshold: None without one."""

    name: str
    year: int
    spent: Decimal
    threshold: Decimal | None

    @property
    def is_over(self) -> bool:
        """Tell whether they have passed the threshold."""
        return self.threshold is not None and self.spent > self.threshold


def family_spent(
    landlord_id: UUID, name: str, on: date, *, excluding: UUID | None = None
) -> Decimal:
    """Return what a landlord's orders of a family, issued in the year of a day, come to.

    As ceilings count them: caps until works are done, nothing that was given up. One query; none
    without a family.
    """
    if not name:
        return Decimal(0)
    first = clock.start_of(date(on.year, 1, 1))
    found = OrderBudget.objects.filter(
        landlord_id=landlord_id,
        order__landlord_id=landlord_id,
        order__clauses__landlord_id=landlord_id,
        order__clauses__purchase_family__iexact=" ".join(name.split()),
        order__nature=Nature.OFF_CONTRACT,
        order__issued_at__gte=first,
        order__issued_at__lt=clock.start_of(date(on.year + 1, 1, 1)),
    ).exclude(order__state__in=NOT_DRAWN)
    if excluding:
        found = found.exclude(order_id=excluding)
    total: Decimal | None = found.aggregate(drawn=Sum(DRAWN))["drawn"]
    return total or Decimal(0)


def families_of(landlord_id: UUID) -> list[str]:
    """Return the families that a landlord has named, to choose from."""
    named = OrderClauses.objects.filter(landlord_id=landlord_id).exclude(purchase_family="")
    names = named.order_by("purchase_family").values_list("purchase_family", flat=True)
    return list(names.distinct()[:MOST_NAMED])
