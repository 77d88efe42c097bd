"""Named subsets of orders."""

from __future__ import annotations

from datetime import date
from typing import Self

from nexxio.core.models.base import ScopedManager, ScopedQuerySet
from orders.states import OrderState

OPEN_STATES = (
    OrderState.ISSUED,
    OrderState.RETURNED,
    OrderState.DECLINED,
    OrderState.ACCEPTED,
    OrderState.PARTLY_DONE,
)


class OrderQuerySet(ScopedQuerySet):  # type: ignore[type-arg]
    """Orders."""

    def open(self) -> Self:
        """Issued and not finished."""
        return self.filter(state__in=OPEN_STATES)

    def late(self, today: date) -> Self:
        """Open and past their target date."""
        return self.open().filter(target_date__lt=today)


OrderManager = ScopedManager.from_queryset(OrderQuerySet)
