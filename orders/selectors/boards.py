"""The board: what waits for whom, each part found and counted by its index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.counts import capped_counts
from orders.models import Order, Visit
from orders.querysets import OPEN_STATES
from orders.selectors.lists import (
    COUNT_CAP,
    NEWEST,
    OLDEST,
    Filters,
    OrderRow,
    first_keys,
    first_of_each,
    mine_of,
    narrow,
    narrow_to_words,
    row_of,
    with_rows,
)
from orders.selectors.situations import WITH_CONTRACTOR, unplanned
from orders.states import OrderState, VisitState

BOARD_COLUMN = 30


@dataclass(frozen=True)
class Column:
    """A column of the board. total: all its orders, at most COUNT_CAP."""

    code: str
    label: str
    icon: str
    rows: list[OrderRow]
    total: int
    is_capped: bool

    @property
    def more(self) -> int:
        """How many aren't shown."""
        return self.total - len(self.rows)


_COLUMNS = (
    ("issued", "À accepter par l'entreprise", "send"),
    ("ours", "À nous de jouer", "arrow-back-up"),
    ("plan", "À planifier", "calendar-plus"),
    ("scheduled", "Rendez-vous pris", "calendar-check"),
    ("today", "En cours", "map-pin"),
    ("done", "Réalisées", "checks"),
)
_COLUMN_OF_STATE: dict[str, str] = {
    OrderState.ISSUED: "issued",
    OrderState.RETURNED: "ours",
    OrderState.DECLINED: "ours",
    OrderState.ACCEPTED: "plan",
    OrderState.PARTLY_DONE: "plan",
    OrderState.DONE: "done",
}
_COLUMN_OF_VISIT: dict[str, str] = {
    VisitState.PROPOSED: "scheduled",
    VisitState.CONFIRMED: "scheduled",
    VisitState.ON_THE_WAY: "today",
    VisitState.ON_SITE: "today",
}


def unplanned_orders(actor: Actor, *, shown: int) -> tuple[list[Order], bool]:
    """Return the contractor's oldest orders without an appointment; tell whether there are more."""
    each = [unplanned(mine_of(actor).filter(state=state)) for state in WITH_CONTRACTOR]
    keys = [first_keys(orders, *OLDEST, size=shown + 1) for orders in each]
    found = list(first_of_each(*keys).select_related("trade", "landlord").order_by(*OLDEST))
    return found[:shown], len(found) > shown


def _by_state(actor: Actor, filters: Filters) -> dict[str, QuerySet[Any]]:
    """Return the orders of the columns without appointment, one queryset for each state."""
    found: dict[str, QuerySet[Any]] = {}
    mine = narrow(mine_of(actor), filters)
    if filters.late:
        mine = mine.filter(state__in=OPEN_STATES)
    for state in _COLUMN_OF_STATE:
        # Searched state by state: what was finished long ago crowds nothing out.
        orders = narrow_to_words(mine.filter(state=state), actor, replace(filters, state=state))
        found[state] = unplanned(orders) if state in WITH_CONTRACTOR else orders
    return found


def _by_visit(actor: Actor, filters: Filters) -> dict[str, QuerySet[Any]]:
    """Return the appointments to come, one queryset for each state. An order has one at most."""
    mine = narrow(Visit.objects.filter(landlord_id=actor.own_id), filters, "order__")
    mine = narrow_to_words(mine, actor, replace(filters, state="open"), "order__")
    return {state: mine.filter(state=state) for state in _COLUMN_OF_VISIT}


def board(actor: Actor, filters: Filters | None = None) -> list[Column]:
    """Return a landlord's open orders by who must do what next, and the last finished ones.

    filters: of the list; its state apart, which the columns tell. Appointments come by their time,
    all others newest first.
    """
    filters = filters or Filters()
    by_state, by_visit = _by_state(actor, filters), _by_visit(actor, filters)
    found = first_of_each(
        *(first_keys(orders, *NEWEST, size=BOARD_COLUMN) for orders in by_state.values()),
        *(
            visits.order_by("window_start", "id").values("order_id")[:BOARD_COLUMN]
            for visits in by_visit.values()
        ),
    )
    rows: dict[str, list[OrderRow]] = {code: [] for code, *_rest in _COLUMNS}
    for order in with_rows(found).order_by(*NEWEST):
        row = row_of(order, actor)
        rows[_column_of(row)].append(row)
    for code in ("scheduled", "today"):
        rows[code].sort(key=lambda row: row.visit.window_start if row.visit else clock.now())
    counts = dict.fromkeys(rows, 0)
    columns = _COLUMN_OF_STATE | _COLUMN_OF_VISIT
    for state, count in capped_counts(by_state | by_visit, cap=COUNT_CAP).items():
        counts[columns[state]] += count
    return [
        Column(
            code=code,
            label=label,
            icon=icon,
            rows=rows[code][:BOARD_COLUMN],
            total=min(counts[code], COUNT_CAP),
            is_capped=counts[code] > COUNT_CAP,
        )
        for code, label, icon in _COLUMNS
    ]


def _column_of(row: OrderRow) -> str:
    if row.visit is not None and row.order.state in WITH_CONTRACTOR:
        return _COLUMN_OF_VISIT[VisitState(row.visit.state)]
    return _COLUMN_OF_STATE[OrderState(row.order.state)]
