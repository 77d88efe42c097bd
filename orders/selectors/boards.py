"""The board and the desks: what waits for whom, each part found and counted by its index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.counts import capped_counts
from nexxio.core.members.absences import stood_for
from nexxio.core.models import Membership
from orders import policies
from orders.models import URGENT, Order, Variation, Visit
from orders.querysets import OPEN_STATES
from orders.selectors.approvals import Above, approvable, approvers
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
from orders.waits import waits_of

BOARD_COLUMN = 30
DESK_GROUP = 8
TO_APPROVE, ABOVE_LIMIT = "À valider", "À valider par d’autres"


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
    above: list[Above] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        """Tell whether anything waits."""
        return any(rows for _title, _state, rows in self.groups)


def landlord_desk(actor: Actor, reach: Reach = EVERYTHING) -> Desk:
    """Return what waits for the landlord in a part of its estate, oldest first."""
    mine = reach.narrow(mine_of(actor))
    pending = mine.filter(state=OrderState.PENDING_APPROVAL)
    stands_in = stood_for(actor)
    able = approvable(actor, pending, stands_in)
    groups = {
        ("À compléter", OrderState.RETURNED): [mine.filter(state=OrderState.RETURNED)],
        ("Réserves à traiter", OrderState.DECLINED): [mine.filter(state=OrderState.DECLINED)],
        (TO_APPROVE, OrderState.PENDING_APPROVAL): [
            able,
            pending.exclude(pk__in=able.values("pk")),
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
    slices = [
        asked.filter(kind=kind).order_by("asked_at", "id").values("order_id")[:DESK_GROUP]
        for kind in VariationKind
    ]
    return _by_approver(actor, _desk(actor, groups, figures, asked=slices), stands_in)


def _by_approver(actor: Actor, desk: Desk, stands_in: list[Membership]) -> Desk:
    """Part what the reader may approve from what only others may, and say who."""
    groups = []
    above: list[Above] = []
    for title, state, rows in desk.groups:
        if title != TO_APPROVE:
            groups.append((title, state, rows))
            continue
        mine = [
            row
            for row in rows
            if policies.can_approve(actor, row.order, row.order.budget.total_without_vat, stands_in)
        ]
        others = [row for row in rows if row not in mine][:DESK_GROUP]
        names = approvers([row.order for row in others])
        above = [Above(row.order.reference, names[row.order.pk]) for row in others]
        groups += [(title, state, mine[:DESK_GROUP]), (ABOVE_LIMIT, "above", others)]
    return Desk(groups=groups, figures=desk.figures, above=above)


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
    return _desk(actor, groups, figures)


def _desk(
    actor: Actor,
    groups: Mapping[tuple[str, OrderState], list[QuerySet[Order]]],
    figures: Mapping[tuple[str, str, str], QuerySet[Order]],
    *,
    asked: list[QuerySet[Any]] | None = None,
) -> Desk:
    """Return the desk; each state belongs to one group, the first one that names it.

    asked: slices of orders whose variation or regularisation waits for the reader's answer; they
    come first, what has the nearest deadline at the top.
    """
    flat = [orders for group in groups.values() for orders in group]
    keys = [first_keys(orders, *OLDEST, size=DESK_GROUP) for orders in flat]
    found = with_rows(first_of_each(*keys, *(asked or []))).order_by(*OLDEST)
    rows: dict[str, list[OrderRow]] = {state: [] for _title, state in groups}
    waiting: list[OrderRow] = []
    unsettled: list[OrderRow] = []
    for order in found:
        waits = waits_of(order)
        if asked and waits.regularisation_due is not None:
            unsettled.append(row_of(order, actor))
        if asked and waits.variation_since is not None:
            waiting.append(row_of(order, actor))
        if asked and (waits.variation_since or waits.regularisation_due):
            continue
        state = OrderState.ACCEPTED if order.state == OrderState.PARTLY_DONE else order.state
        # Those to approve are parted afterwards into the reader's and the others'.
        most = 2 * DESK_GROUP if state == OrderState.PENDING_APPROVAL else DESK_GROUP
        if len(rows[state]) < most:
            rows[state].append(row_of(order, actor))
    counts = capped_counts(
        {label: orders for (label, *_), orders in figures.items()}, cap=COUNT_CAP
    )
    waiting.sort(key=lambda row: waits_of(row.order).variation_since or clock.now())
    unsettled.sort(key=lambda row: waits_of(row.order).regularisation_due or clock.now())
    first = [
        ("Régularisations à régler", "regularisation", unsettled[:DESK_GROUP]),
        ("Devis complémentaires à examiner", "variation", waiting[:DESK_GROUP]),
    ]
    return Desk(
        groups=[
            *(first if asked else []),
            *((title, state.value, rows[state]) for title, state in groups),
        ],
        figures=[(label, counts[label], query, tone) for label, query, tone in figures],
    )
