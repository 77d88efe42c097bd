"""The board and the desks: what waits for whom, each part found and counted by its index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.counts import capped_counts
from orders.certificate_states import ReserveState
from orders.models import URGENT, Order, Reserve, Variation, Visit
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
    silent,
    with_rows,
)
from orders.selectors.territory import EVERYTHING, Reach
from orders.states import OPEN_VISIT, OrderState, VisitState
from orders.variation_states import VariationKind, VariationState
from orders.waits import Waits, waits_of

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
_WITH_CONTRACTOR = (OrderState.ACCEPTED, OrderState.PARTLY_DONE)
"""Only in these states has an order an appointment to come."""


def _unplanned(orders: QuerySet[Order]) -> QuerySet[Order]:
    visits = Visit.objects.filter(
        landlord_id=OuterRef("landlord_id"), order_id=OuterRef("pk"), state__in=OPEN_VISIT
    )
    return orders.exclude(Exists(visits))


def unplanned_orders(actor: Actor, *, shown: int) -> tuple[list[Order], bool]:
    """Return the contractor's oldest orders without an appointment; tell whether there are more."""
    each = [_unplanned(mine_of(actor).filter(state=state)) for state in _WITH_CONTRACTOR]
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
        found[state] = _unplanned(orders) if state in _WITH_CONTRACTOR else orders
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
    if row.visit is not None and row.order.state in _WITH_CONTRACTOR:
        return _COLUMN_OF_VISIT[VisitState(row.visit.state)]
    return _COLUMN_OF_STATE[OrderState(row.order.state)]


def _late(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.filter(state__in=OPEN_STATES, target_date__lt=clock.today())


def _past_clock(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Keep those whose clock of urgency has passed; the sort by that clock shows them first."""
    return orders.alias(clock=URGENT).filter(clock__lt=clock.now())


@dataclass(frozen=True)
class Desk:
    """What waits for us today: titled groups of rows, and figures (label, count, query, tone)."""

    groups: list[tuple[str, str, list[OrderRow]]]
    figures: list[tuple[str, int, str, str]]

    @property
    def is_busy(self) -> bool:
        """Tell whether anything waits."""
        return any(rows for _title, _state, rows in self.groups)


def landlord_desk(actor: Actor, reach: Reach = EVERYTHING) -> Desk:
    """Return what waits for the landlord in a part of its estate, oldest first."""
    mine = reach.narrow(mine_of(actor))
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
        ("Urgences dépassées", "?tri=urgence", "danger"): _past_clock(mine),
        ("Silencieuses", "?silence=1", "warning"): silent(mine),
        ("Réalisées", "?etat=done", "success"): mine.filter(state=OrderState.DONE),
    }
    asked = Variation.objects.filter(landlord_id=actor.own_id, state=VariationState.ASKED)
    # What the landlord proposed itself waits for the company.
    mine_to_answer = asked.exclude(asked_by="landlord")
    slices: list[QuerySet[Any]] = [
        mine_to_answer.filter(kind=kind).order_by("asked_at", "id").values("order_id")[:DESK_GROUP]
        for kind in VariationKind
    ]
    claimed = Reserve.objects.filter(landlord_id=actor.own_id, state=ReserveState.CLAIMED)
    slices.append(claimed.order_by("due_on", "id").values("order_id")[:DESK_GROUP])
    return _desk(actor, groups, figures, first=_OF_LANDLORD, asked=slices)


def contractor_desk(actor: Actor) -> Desk:
    """Return what waits for the contractor, oldest first, all landlords at once."""
    mine = mine_of(actor)
    groups = {
        ("À accepter", OrderState.ISSUED): [mine.filter(state=OrderState.ISSUED)],
        ("À planifier", OrderState.ACCEPTED): [
            _unplanned(mine.filter(state=state)) for state in _WITH_CONTRACTOR
        ],
    }
    figures = {
        ("À accepter", "?etat=issued", "warning"): mine.filter(state=OrderState.ISSUED),
        ("En cours", "?etat=open", "info"): mine.filter(state__in=OPEN_STATES),
        ("En retard", "?retard=1", "danger"): _late(mine),
        ("Urgences dépassées", "?tri=urgence", "danger"): _past_clock(mine),
        ("Silencieuses", "?silence=1", "warning"): silent(mine),
        ("Renvoyées au bailleur", "?etat=returned", "neutral"): mine.filter(
            state=OrderState.RETURNED
        ),
    }
    asked = Variation.objects.filter(
        contractor_id=actor.own_id, state=VariationState.ASKED, asked_by="landlord"
    )
    to_lift = Reserve.objects.filter(contractor_id=actor.own_id, state=ReserveState.OPEN)
    again = _unplanned(mine.filter(state=OrderState.ACCEPTED, reopened__gt=0))
    slices: list[QuerySet[Any]] = [
        first_keys(again, *OLDEST, size=DESK_GROUP),
        asked.order_by("asked_at", "id").values("order_id")[:DESK_GROUP],
        to_lift.order_by("due_on", "id").values("order_id")[:DESK_GROUP],
    ]
    return _desk(actor, groups, figures, first=_OF_CONTRACTOR, asked=slices)


# What is answered on an order whatever its state, before all else: title, code, since when (or
# until when) it waits, which sorts.
_First = tuple[tuple[str, str, Callable[[Order, Waits], datetime | None]], ...]
_OF_LANDLORD: _First = (
    ("Régularisations à régler", "regularisation", lambda _order, waits: waits.regularisation_due),
    ("Devis complémentaires à examiner", "variation", lambda _order, waits: waits.variation_since),
    (
        "Moins-values à examiner",
        "reduction",
        lambda _order, waits: None if waits.reduction_by == "landlord" else waits.reduction_since,
    ),
    ("Reprises de réserves à vérifier", "claimed", lambda _order, waits: waits.claimed_since),
)
_OF_CONTRACTOR: _First = (
    (
        "Non réglées, à replanifier",
        "reopened",
        lambda order, _waits: (
            order.state_since if order.reopened and order.state == OrderState.ACCEPTED else None
        ),
    ),
    (
        "Moins-values à examiner",
        "reduction",
        lambda _order, waits: waits.reduction_since if waits.reduction_by == "landlord" else None,
    ),
    ("Réserves à lever", "reserves", lambda _order, waits: waits.reserves_until),
)


def _desk(
    actor: Actor,
    groups: Mapping[tuple[str, OrderState], list[QuerySet[Order]]],
    figures: Mapping[tuple[str, str, str], QuerySet[Order]],
    *,
    first: _First,
    asked: list[QuerySet[Any]],
) -> Desk:
    """Return the desk; each state belongs to one group, the first one that names it.

    asked: slices of orders of which something waits for the reader's answer (`first`); they come
    before the others, what has the nearest deadline at the top.
    """
    flat = [orders for group in groups.values() for orders in group]
    keys = [first_keys(orders, *OLDEST, size=DESK_GROUP) for orders in flat]
    found = with_rows(first_of_each(*keys, *asked)).order_by(*OLDEST)
    rows: dict[str, list[OrderRow]] = {state: [] for _title, state in groups}
    waiting: dict[str, list[tuple[datetime, OrderRow]]] = {code: [] for _title, code, _by in first}
    for order in found:
        waits = waits_of(order)
        moments = [(code, by(order, waits)) for _title, code, by in first]
        for code, at in moments:
            if at is not None:
                waiting[code].append((at, row_of(order, actor)))
        state = OrderState.ACCEPTED if order.state == OrderState.PARTLY_DONE else order.state
        taken = any(at is not None for _code, at in moments)
        if not taken and len(rows[state]) < DESK_GROUP:
            rows[state].append(row_of(order, actor))
    counts = capped_counts(
        {label: orders for (label, *_), orders in figures.items()}, cap=COUNT_CAP
    )
    nearest = {code: sorted(pairs, key=lambda pair: pair[0]) for code, pairs in waiting.items()}
    return Desk(
        groups=[
            *(
                (title, code, [row for _at, row in nearest[code]][:DESK_GROUP])
                for title, code, _by in first
            ),
            *((title, state.value, rows[state]) for title, state in groups),
        ],
        figures=[(label, counts[label], query, tone) for label, query, tone in figures],
    )
