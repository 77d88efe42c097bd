"""How lists of orders are sorted: each sort has its index and its keys (keyset pages)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Func, Q, QuerySet
from django.db.models.expressions import OrderBy

from orders.models import (
    DUE,
    HELD,
    NO_TRADE,
    PLACE,
    PLACE_LENGTH,
    STATE_RANK,
    TRADE,
    URGENT,
    Order,
)
from orders.selectors.parties import PartyPlace
from orders.states import OrderState

NEWEST = "-creation"
Key = tuple[Any, UUID]


@dataclass(frozen=True)
class Sort:
    """One way to sort: an expression, then the id, both in one direction.

    read: turns the key's text back into the expression's value; ValueError or TypeError for
    anything else, another sort's keys included. by_creation: the index holds this order within
    each state too. mark: set before a value in the key, where another sort's could be taken for it.
    join: the relation that holds the value; it is narrowed to one side's own, for its index.
    by_party: by the other party's name, which selectors/parties.py walks; the value is the place.
    """

    code: str
    expression: F | Func | Case
    value: Callable[[Order], Any]
    read: Callable[[Any], Any]
    descending: bool = False

    by_creation: bool = False
    mark: str = ""
    join: str = ""
    by_party: bool = False

    def order(self, *, backwards: bool) -> list[OrderBy]:
        """Return the order of reading, or from the end (`backwards`), for order_by."""
        down = self.descending != backwards
        ends = (self.expression, F("id"))
        return [end.desc() if down else end.asc() for end in ends]

    def after(self, orders: QuerySet[Order], key: Key, *, backwards: bool) -> QuerySet[Order]:
        """Keep what comes after `key`, or before it (`backwards`).

        The first condition is the index's, the second one takes out the equals already read.
        """
        value, pk = key
        down = self.descending != backwards
        side, passed = ("lte", "id__gte") if down else ("gte", "id__lte")
        return orders.alias(sort_value=self.expression).filter(
            Q(**{f"sort_value__{side}": value}), ~Q(sort_value=value, **{passed: pk})
        )

    def key(self, order: Order) -> str:
        """Return an order's place in this sort, for the query string."""
        value = self.value(order)
        said = value.isoformat() if isinstance(value, date) else value
        text = value if isinstance(value, int) else f"{self.mark}{said}"
        return base64.urlsafe_b64encode(json.dumps([text, str(order.pk)]).encode()).decode()

    def read_key(self, text: str) -> Key | None:
        """Return the place that `key` wrote; None for anything else."""
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(text))
            if self.mark and not value.startswith(self.mark):
                return None
            return self.read(value[len(self.mark) :] if self.mark else value), UUID(pk)
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            return None


_NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _sum(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not found.is_finite():
        raise ValueError(text)
    return found


def _rank(number: Any) -> int:
    if not isinstance(number, int) or not 0 <= number <= len(OrderState):
        raise ValueError(number)
    return number


_RANKS = {state: rank for rank, state in enumerate(OrderState.values)}


def _both(
    code: str,
    expression: Any,
    value: Callable[[Order], Any],
    read: Callable[[Any], Any],
    **more: Any,
) -> dict[str, Sort]:
    return {
        name: Sort(name, expression, value, read, descending=down, **more)
        for name, down in ((code, False), (f"-{code}", True))
    }


SORTS: dict[str, Sort] = {
    **_both(
        "creation", F("created_at"), lambda order: order.created_at, _instant, by_creation=True
    ),
    **_both(
        "echeance", DUE, lambda order: order.target_date or date(9999, 12, 31), date.fromisoformat
    ),
    **_both("attente", HELD, lambda order: order.held_since or _NEVER, _instant, mark="attente "),
    **_both("urgence", URGENT, lambda order: order.urgent_at or _NEVER, _instant, mark="urgence "),
    **_both(
        "montant",
        F("budget__total_with_vat"),
        lambda order: order.budget.total_with_vat,
        _sum,
        mark="montant ",
        join="budget",
    ),
    **_both("partie", F("id"), PartyPlace.of, PartyPlace.read, mark="partie ", by_party=True),
    **_both(
        "lieu",
        PLACE,
        lambda order: f"{order.place_city} {order.place_address}"[:PLACE_LENGTH],
        str,
        mark="lieu ",
    ),
    **_both("corps", TRADE, lambda order: order.trade_id or NO_TRADE, str, mark="corps "),
    **_both("etat", STATE_RANK, lambda order: _RANKS[order.state], _rank),
}
