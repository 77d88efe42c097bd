"""The board and the desks: what waits for whom, each part found and counted by its index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.counts import capped_counts
from orders.models import Order, Visit
from orders.querysets import OPEN_STATES
from orders.selectors.lists import (
    COUNT_CAP,
    NEWEST,
    OLDEST,
    OrderRow,
    first_of_each,
    mine_of,
    row_of,
    with_rows,
)
from orders.states import OPEN_VISIT, UNDER_WAY, OrderState, VisitState

BOARD_COLUMN = 30
DESK_GROUP = 8


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
_COLUMN_OF_STATE = {
    OrderState.ISSUED: "issued",
    OrderState.RETURNED: "ours",
    OrderState.DECLINED: "ours",
    OrderState.ACCEPTED: "plan",
    OrderState.PARTLY_DONE: "plan",
    OrderState.DONE: "done",
}
_BEFORE_THE_VISIT = tuple(state for state in OPEN_VISIT if state not in UNDER_WAY)


def _with_visit(states: Sequence[VisitState]) -> Exists:
    visits = Visit.objects.filter(
        landlord_id=OuterRef("landlord_id"), order_id=OuterRef("pk"), state__in=states
    )
    return Exists(visits)


def _parts(actor: Actor) -> dict[str, list[QuerySet[Order]]]:
    """Return the board's columns as querysets of one state each: their union is the column."""
    mine = mine_of(actor)
    parts: dict[str, list[QuerySet[Order]]] = {code: [] for code, *_rest in _COLUMNS}
    for state in OPEN_STATES:
        orders = mine.filter(state=state)
        parts[_COLUMN_OF_STATE[state]].append(orders.exclude(_with_visit(OPEN_VISIT)))
        parts["scheduled"].append(orders.filter(_with_visit(_BEFORE_THE_VISIT)))
        parts["today"].append(orders.filter(_with_visit(UNDER_WAY)))
    parts["done"].append(mine.filter(state=OrderState.DONE))
    return parts


def _column_of(row: OrderRow) -> str:
    if row.visit is not None and row.order.state != OrderState.DONE:
        return "today" if row.visit.state in UNDER_WAY else "scheduled"
    return _COLUMN_OF_STATE[OrderState(row.order.state)]


def board(actor: Actor) -> list[Column]:
    """Return the actor's open orders by who must do what next, and the last finished ones."""
    parts = _parts(actor)
    flat = [orders for column in parts.values() for orders in column]
    rows: dict[str, list[OrderRow]] = {code: [] for code in parts}
    found = with_rows(first_of_each(flat, *NEWEST, size=BOARD_COLUMN)).order_by(*NEWEST)
    for order in found:
        row = row_of(order, actor)
        column = rows[_column_of(row)]
        if len(column) < BOARD_COLUMN:
            column.append(row)
    numbered = {f"{code} {n}": orders for code in parts for n, orders in enumerate(parts[code])}
    counts = dict.fromkeys(parts, 0)
    for name, count in capped_counts(numbered, cap=COUNT_CAP).items():
        counts[name.split()[0]] += count
    return [
        Column(
            code, label, icon, rows[code], min(counts[code], COUNT_CAP), counts[code] > COUNT_CAP
        )
        for code, label, icon in _COLUMNS
    ]


def _late(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.filter(state__in=OPEN_STATES, target_date__lt=clock.today())


@dataclass(frozen=True)
class Desk:
    """What waits for us today: titled groups of rows, and figures (label, count, query, tone)."""

    groups: list[tuple[str, str, list[OrderRow]]]
    figures: list[tuple[str, int, str, str]]

    @property
    def is_busy(self) -> bool:
        """Tell whether anything waits."""
        return any(rows for _title, _state, rows in self.groups)


def landlord_desk(actor: Actor) -> Desk:
    """Return what waits for the landlord, oldest first."""
    mine = mine_of(actor)
    groups = {
        ("À compléter", OrderState.RETURNED): [mine.filter(state=OrderState.RETURNED)],
        ("Réserves à traiter", OrderState.DECLINED): [mine.filter(state=OrderState.DECLINED)],
        ("À valider", OrderState.PENDING_APPROVAL): [
            mine.filter(state=OrderState.PENDING_APPROVAL)
        ],
        ("Brouillons à transmettre", OrderState.DRAFT): [mine.filter(state=OrderState.DRAFT)],
    }
    figures = {
        ("Commandes en cours", "?etat=open", "info"): mine.filter(state__in=OPEN_STATES),
        ("En attente d'acceptation", "?etat=issued", "warning"): mine.filter(
            state=OrderState.ISSUED
        ),
        ("En retard", "?retard=1", "danger"): _late(mine),
        ("Réalisées", "?etat=done", "success"): mine.filter(state=OrderState.DONE),
    }
    return _desk(actor, groups, figures)


def contractor_desk(actor: Actor) -> Desk:
    """Return what waits for the contractor, oldest first, all landlords at once."""
    mine = mine_of(actor)
    accepted, partly = (
        mine.filter(state=state) for state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE)
    )
    groups = {
        ("À accepter", OrderState.ISSUED): [mine.filter(state=OrderState.ISSUED)],
        ("À planifier", OrderState.ACCEPTED): [
            orders.exclude(_with_visit(OPEN_VISIT)) for orders in (accepted, partly)
        ],
    }
    figures = {
        ("À accepter", "?etat=issued", "warning"): mine.filter(state=OrderState.ISSUED),
        ("En cours", "?etat=open", "info"): mine.filter(state__in=OPEN_STATES),
        ("En retard", "?retard=1", "danger"): _late(mine),
        ("Renvoyées au bailleur", "?etat=returned", "neutral"): mine.filter(
            state=OrderState.RETURNED
        ),
    }
    return _desk(actor, groups, figures)


def _desk(
    actor: Actor,
    groups: Mapping[tuple[str, OrderState], list[QuerySet[Order]]],
    figures: Mapping[tuple[str, str, str], QuerySet[Order]],
) -> Desk:
    """Return the desk; each state belongs to one group, the first one that names it."""
    flat = [orders for group in groups.values() for orders in group]
    found = with_rows(first_of_each(flat, *OLDEST, size=DESK_GROUP)).order_by(*OLDEST)
    rows: dict[str, list[OrderRow]] = {state: [] for _title, state in groups}
    for order in found:
        state = OrderState.ACCEPTED if order.state == OrderState.PARTLY_DONE else order.state
        if len(rows[state]) < DESK_GROUP:
            rows[state].append(row_of(order, actor))
    counts = capped_counts(
        {label: orders for (label, *_), orders in figures.items()}, cap=COUNT_CAP
    )
    return Desk(
        groups=[(title, state.value, rows[state]) for title, state in groups],
        figures=[(label, counts[label], query, tone) for label, query, tone in figures],
    )
