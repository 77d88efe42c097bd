"""The board: what waits for whom, each part found and counted by its index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.counts import capped_firsts
from orders.ball import Holder
from orders.hold_states import HoldState
from orders.models import Hold, Order, Visit
from orders.querysets import OPEN_STATES
from orders.selectors.lists import (
    COUNT_CAP,
    NEWEST,
    OLDEST,
    SEARCH_CAP,
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
from orders.selectors.situations import SITUATIONS, WITH_CONTRACTOR, own_of, unplanned
from orders.states import UNDER_WAY, OrderState, VisitState
from orders.waits import waits_of

BOARD_COLUMN = 30


@dataclass(frozen=True)
class Column:
    """A column of the board. total: all its orders, at most COUNT_CAP; SEARCH_CAP if narrowed."""

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


L, C = Side.LANDLORD, Side.CONTRACTOR
_COLUMNS: tuple[tuple[str, str, dict[Side, str]], ...] = (
    ("draft", "pencil", {L: "Brouillons"}),
    ("pending", "hourglass", {L: "À valider"}),
    ("issued", "send", {L: "À accepter par l’entreprise", C: "À accepter"}),
    ("ours", "arrow-back-up", {L: "À nous de jouer", C: "Chez le bailleur"}),
    ("plan", "calendar-plus", {L: "À planifier", C: "À planifier"}),
    ("scheduled", "calendar-check", {L: "Rendez-vous pris", C: "Rendez-vous pris"}),
    ("held", "player-pause", {L: "En attente", C: "En attente"}),
    ("today", "map-pin", {L: "En cours", C: "En cours"}),
    ("done", "checks", {L: "Réalisées", C: "Réalisées"}),
    ("reserves", "flag", {L: "Avec réserves", C: "Avec réserves"}),
)
"""Code, icon, and the label of each side that has the column."""
_COLUMN_OF_STATE: dict[str, str] = {
    OrderState.DRAFT: "draft",
    OrderState.PENDING_APPROVAL: "pending",
    OrderState.ISSUED: "issued",
    OrderState.RETURNED: "ours",
    OrderState.DECLINED: "ours",
    OrderState.ACCEPTED: "plan",
    OrderState.PARTLY_DONE: "plan",
    OrderState.DONE: "done",
    OrderState.CERTIFIED_WITH_RESERVES: "reserves",
}
_HELD = "held"
_OURS = "ours"
_UNSENT = (OrderState.DRAFT, OrderState.PENDING_APPROVAL)
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


def _held(key: str) -> Exists:
    """Tell of a row whether its order waits for something. key: how it names the order."""
    mine = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef(key)}
    return Exists(Hold.objects.filter(**mine, state=HoldState.OPEN))


def _by_state(actor: Actor, filters: Filters) -> dict[str, QuerySet[Any]]:
    """Return the orders of the columns without appointment, one queryset for each state."""
    found: dict[str, QuerySet[Any]] = {}
    mine = narrow(mine_of(actor), filters).annotate(key=F("pk"))
    for state in _COLUMN_OF_STATE:
        if actor.side is Side.CONTRACTOR and state in _UNSENT:
            continue
        if filters.late and state not in OPEN_STATES:
            continue
        # Searched state by state: what was finished long ago crowds nothing out.
        orders = narrow_to_words(mine.filter(state=state), actor, replace(filters, state=state))
        if state in WITH_CONTRACTOR:
            orders = unplanned(orders).exclude(_held("pk"))
            # An absence to judge, a quote to answer: nobody plans before the landlord has spoken.
            found[_turned(state)] = orders.filter(holder=Holder.LANDLORD).order_by(*NEWEST)
            orders = orders.exclude(holder=Holder.LANDLORD)
        found[state] = orders.order_by(*NEWEST)
    return found


def _by_visit(actor: Actor, filters: Filters) -> dict[str, QuerySet[Any]]:
    """Return the appointments to come, one queryset for each state, by their time.

    An order has one at most.
    """
    own = own_of(actor)
    mine: QuerySet[Any] = Visit.objects.filter(**own).annotate(key=F("order_id"))
    if filters.is_active or filters.reach.is_narrow:
        # What is true of every appointment to come lets the few orders that fit be found first.
        theirs = {f"order__{side}": pk for side, pk in own.items()}
        mine = mine.filter(**theirs, order__state__in=WITH_CONTRACTOR)
    mine = narrow(mine, filters, "order__")
    mine = narrow_to_words(mine, actor, replace(filters, state="open"), "order__")
    mine = mine.order_by("window_start", "id")
    return {
        state: mine.filter(state=state)
        if state in UNDER_WAY
        else mine.filter(state=state).exclude(_held("order_id"))
        for state in _COLUMN_OF_VISIT
    }


def _waiting(actor: Actor, filters: Filters) -> QuerySet[Any]:
    """Return what waits for something while nobody is under way, as rows of holds."""
    mine = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("order_id")}
    under_way = Visit.objects.filter(**mine, state__in=UNDER_WAY)
    rows = narrow(SITUATIONS["en-attente"].rows(own_of(actor)), filters, "order__")
    rows = narrow_to_words(rows, actor, replace(filters, state="open"), "order__")
    found: QuerySet[Any] = rows.exclude(Exists(under_way)).annotate(key=F("order_id"))
    return found.order_by("created_at", "id")


def board(actor: Actor, filters: Filters | None = None) -> list[Column]:
    """Return one side's open orders by who must do what next, and the last finished ones.

    filters: of the list; its state apart, which the columns tell. Appointments come by their time,
    what waits by its end, all others newest first.
    """
    filters = filters or Filters()
    asked = _by_state(actor, filters) | _by_visit(actor, filters)
    asked[_HELD] = _waiting(actor, filters)
    cap = SEARCH_CAP if filters.is_active else COUNT_CAP
    found = capped_firsts(asked, cap=cap, size=BOARD_COLUMN)
    keys = {key for first in found.values() for key in first.keys}
    rows: dict[str, list[OrderRow]] = {code: [] for code, *_rest in _COLUMNS}
    for order in with_rows(Order.objects.filter(pk__in=keys)).order_by(*NEWEST):
        row = row_of(order, actor)
        rows[_column_of(row)].append(row)
    for code in ("scheduled", "today"):
        rows[code].sort(key=lambda row: row.visit.window_start if row.visit else clock.now())
    rows[_HELD].sort(key=lambda row: waits_of(row.order).hold_until or clock.today())
    counts = dict.fromkeys(rows, 0)
    turned = {_turned(state): _OURS for state in WITH_CONTRACTOR}
    columns = _COLUMN_OF_STATE | turned | _COLUMN_OF_VISIT | {_HELD: _HELD}
    for state, first in found.items():
        counts[columns[state]] += first.count
    return [
        Column(
            code=code,
            label=labels[actor.side],
            icon=icon,
            rows=rows[code][:BOARD_COLUMN],
            total=min(counts[code], cap),
            is_capped=counts[code] > cap,
        )
        for code, icon, labels in _COLUMNS
        if actor.side in labels
    ]


def _turned(state: str) -> str:
    """Name the orders of a state that wait for the landlord, not for a technician."""
    return f"{state}, {_OURS}"


def _column_of(row: OrderRow) -> str:
    if row.order.state not in WITH_CONTRACTOR:
        return _COLUMN_OF_STATE[OrderState(row.order.state)]
    under_way = row.visit is not None and row.visit.state in UNDER_WAY
    if waits_of(row.order).hold_since is not None and not under_way:
        return _HELD
    if row.visit is not None:
        return _COLUMN_OF_VISIT[VisitState(row.visit.state)]
    if row.order.holder == Holder.LANDLORD:
        return _OURS
    return _COLUMN_OF_STATE[OrderState(row.order.state)]
