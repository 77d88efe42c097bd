"""Named subsets of orders."""

from __future__ import annotations

from orders.states import OrderState

OPEN_STATES = (
    OrderState.ISSUED,
    OrderState.RETURNED,
    OrderState.DECLINED,
    OrderState.ACCEPTED,
    OrderState.PARTLY_DONE,
)
