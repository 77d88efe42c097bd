"""Lists, boards and desks of orders: keyset pages, capped counts, no query per row."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders.models import Order, Trade, Visit
from orders.querysets import OPEN_STATES
from orders.selectors.status import Ball, Status, ball_of, status_of
from orders.states import OPEN_VISIT, UNDER_WAY, OrderState, Priority, VisitState

PAGE = 50
COUNT_CAP = 1000
EXPORT_CAP = 2000
BOARD_COLUMN = 30
BOARD_OPEN = 600
UNFINISHED_DAYS = 30


@dataclass(frozen=True)
class OrderRow:
    """One line of a list."""

    order: Order
    status: Status
    ball: Ball | None
    visit: Visit | None
    total: Any
    is_late: bool


@dataclass(frozen=True)
class Filters:
    """What the query string asks for. Unknown values are dropped, not refused."""

    q: str = ""
    state: str = ""
    trade: str = ""
    priority: str = ""
    late: bool = False
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, query: Any) -> Filters:
        """Read a query string."""
        state = query.get("etat", "")
        priority = query.get("priorite", "")
        return cls(
            q=query.get("q", "").strip()[:80],
            state=state if state in OrderState.values or state == "open" else "",
            trade=query.get("corps", "")[:20],
            priority=priority if priority in Priority.values else "",
            late=query.get("retard", "") == "1",
            after=query.get("apres", "")[:200],
            before=query.get("avant", "")[:200],
        )

    @property
    def is_active(self) -> bool:
        """Tell whether anything narrows the list."""
        return bool(self.q or self.state or self.trade or self.priority or self.late)


@dataclass(frozen=True)
class OrderList:
    """A page of a list."""

    rows: list[OrderRow]
    filters: Filters
    next_key: str
    previous_key: str
    count: int
    is_capped: bool
    trades: list[Trade] = field(default_factory=list)


def _mine(actor: Actor) -> QuerySet[Order]:
    """Return the actor's orders by the explicit filter that finds the index."""
    if actor.side is Side.LANDLORD:
        return Order.objects.filter(landlord_id=actor.organisation_id)
    return Order.objects.filter(contractor_id=actor.organisation_id)


def _narrow(orders: QuerySet[Order], filters: Filters) -> QuerySet[Order]:
    if filters.state == "open":
        orders = orders.filter(state__in=OPEN_STATES)
    elif filters.state:
        orders = orders.filter(state=filters.state)
    if filters.trade:
        orders = orders.filter(trade_id=filters.trade)
    if filters.priority:
        orders = orders.filter(priority=filters.priority)
    if filters.late:
        orders = orders.filter(state__in=OPEN_STATES, target_date__lt=clock.today())
    for word in filters.q.split():
        orders = orders.filter(
            Q(reference__istartswith=word)
            | Q(title__icontains=word)
            | Q(place_address__icontains=word)
            | Q(place_name__icontains=word)
            | Q(external_number__iexact=word)
        )
    return orders


def with_rows(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Load what a row shows: three queries, however many rows."""
    return orders.select_related(
        "trade", "landlord", "contractor", "budget", "contract"
    ).prefetch_related(Prefetch("visits", queryset=Visit.objects.order_by("number")))


def row_of(order: Order, actor: Actor) -> OrderRow:
    """Return an order as a line of a list. visits, budget and organisations are loaded."""
    visits = list(order.visits.all())
    is_open = order.state in OPEN_STATES
    late = is_open and order.target_date is not None and order.target_date < clock.today()
    return OrderRow(
        order=order,
        status=status_of(order, visits, actor.side),
        ball=ball_of(
            order,
            visits,
            contractor=order.contractor.name if order.contractor else "Entreprise",
            landlord=order.landlord.name,
        ),
        visit=next((visit for visit in visits if visit.state in OPEN_VISIT), None),
        total=order.budget.total_with_vat if hasattr(order, "budget") else None,
        is_late=late,
    )


def order_list(actor: Actor, filters: Filters) -> OrderList:
    """Return one page of the actor's orders, newest first."""
    narrowed = _narrow(_mine(actor), filters)
    backwards = bool(filters.before)
    key = _read_key(filters.before or filters.after)
    page = with_rows(narrowed)
    if key and backwards:
        page = page.filter(Q(created_at__gt=key[0]) | Q(created_at=key[0], id__gt=key[1]))
        found = list(page.order_by("created_at", "id")[: PAGE + 1])
    else:
        if key:
            page = page.filter(Q(created_at__lte=key[0]), ~Q(created_at=key[0], id__gte=key[1]))
        found = list(page.order_by("-created_at", "-id")[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        found.reverse()
    count = narrowed.order_by()[: COUNT_CAP + 1].count()
    has_next, has_previous = (True, more) if backwards else (more, key is not None)
    return OrderList(
        rows=[row_of(order, actor) for order in found],
        filters=filters,
        next_key=_key(found[-1]) if found and has_next else "",
        previous_key=_key(found[0]) if found and has_previous else "",
        count=min(count, COUNT_CAP),
        is_capped=count > COUNT_CAP,
        trades=list(Trade.objects.all()),
    )


def export_rows(actor: Actor, filters: Filters) -> list[OrderRow]:
    """Return the filtered list for an export, newest first, at most EXPORT_CAP rows."""
    found = with_rows(_narrow(_mine(actor), filters)).order_by("-created_at", "-id")[:EXPORT_CAP]
    return [row_of(order, actor) for order in found]


def _key(order: Order) -> str:
    raw = json.dumps([order.created_at.isoformat(), str(order.pk)])
    return base64.urlsafe_b64encode(raw.encode()).decode()


def _read_key(text: str) -> tuple[datetime, UUID] | None:
    try:
        when, pk = json.loads(base64.urlsafe_b64decode(text))
        return datetime.fromisoformat(when), UUID(pk)
    except (ValueError, TypeError):
        return None


@dataclass(frozen=True)
class Column:
    """A column of the board."""

    code: str
    label: str
    icon: str
    rows: list[OrderRow]
    more: int

    @property
    def total(self) -> int:
        """How many orders the column holds, those that aren't shown included."""
        return len(self.rows) + self.more


_COLUMNS = (
    ("issued", "À accepter par l'entreprise", "send", (OrderState.ISSUED,)),
    ("ours", "À nous de jouer", "arrow-back-up", (OrderState.RETURNED, OrderState.DECLINED)),
    ("plan", "À planifier", "calendar-plus", (OrderState.ACCEPTED, OrderState.PARTLY_DONE)),
    ("scheduled", "Rendez-vous pris", "calendar-check", (OrderState.ACCEPTED,)),
    ("today", "En cours", "map-pin", (OrderState.ACCEPTED,)),
    ("done", "Réalisées", "checks", (OrderState.DONE,)),
)
_COLUMN_OF_VISIT = {
    VisitState.PROPOSED.value: "scheduled",
    VisitState.CONFIRMED.value: "scheduled",
    VisitState.ON_THE_WAY.value: "today",
    VisitState.ON_SITE.value: "today",
}


def board(actor: Actor) -> list[Column]:
    """Return the actor's open orders by who must do what next."""
    mine = _mine(actor)
    rows: dict[str, list[OrderRow]] = {code: [] for code, *_rest in _COLUMNS}
    more: dict[str, int] = dict.fromkeys(rows, 0)
    states: dict[str, str] = {}
    for code, _label, _icon, wanted in _COLUMNS:
        for state in wanted:
            states.setdefault(state, code)
    newest = ("-created_at", "-id")
    done = mine.filter(state=OrderState.DONE)
    # Finished orders have a limit of their own: many of them must not hide what is open.
    found = [
        *with_rows(mine.filter(state__in=OPEN_STATES)).order_by(*newest)[:BOARD_OPEN],
        *with_rows(done).order_by(*newest)[:BOARD_COLUMN],
    ]
    more["done"] = max(0, _count(done) - BOARD_COLUMN)
    for order in found:
        row = row_of(order, actor)
        code = states[order.state]
        if row.visit is not None and order.state != OrderState.DONE:
            code = _COLUMN_OF_VISIT[row.visit.state]
        if len(rows[code]) < BOARD_COLUMN:
            rows[code].append(row)
        else:
            more[code] += 1
    return [Column(code, label, icon, rows[code], more[code]) for code, label, icon, _s in _COLUMNS]


@dataclass(frozen=True)
class Desk:
    """What waits for us today: titled groups of rows, and figures."""

    groups: list[tuple[str, str, list[OrderRow]]]
    figures: list[tuple[str, int, str, str]]

    @property
    def is_busy(self) -> bool:
        """Tell whether anything waits."""
        return any(rows for _title, _state, rows in self.groups)


def landlord_desk(actor: Actor) -> Desk:
    """Return what waits for the landlord, oldest first."""
    mine = _mine(actor)
    return Desk(
        groups=[
            ("À compléter", "returned", _oldest(mine, [OrderState.RETURNED], actor)),
            ("Réserves à traiter", "declined", _oldest(mine, [OrderState.DECLINED], actor)),
            ("À valider", "pending_approval", _oldest(mine, [OrderState.PENDING_APPROVAL], actor)),
            ("Brouillons à transmettre", "draft", _oldest(mine, [OrderState.DRAFT], actor)),
        ],
        figures=[
            (
                "Commandes en cours",
                _count(mine.filter(state__in=OPEN_STATES)),
                "?etat=open",
                "info",
            ),
            (
                "En attente d'acceptation",
                _count(mine.filter(state=OrderState.ISSUED)),
                "?etat=issued",
                "warning",
            ),
            (
                "En retard",
                _count(mine.filter(state__in=OPEN_STATES, target_date__lt=clock.today())),
                "?retard=1",
                "danger",
            ),
            ("Réalisées", _count(mine.filter(state=OrderState.DONE)), "?etat=done", "success"),
        ],
    )


def contractor_desk(actor: Actor) -> Desk:
    """Return what waits for the contractor, oldest first, all landlords at once."""
    mine = _mine(actor)
    unplanned = mine.exclude(
        pk__in=Visit.objects.filter(
            contractor_id=actor.organisation_id, state__in=OPEN_VISIT
        ).values("order_id")
    )
    waiting = [OrderState.ACCEPTED, OrderState.PARTLY_DONE]
    return Desk(
        groups=[
            ("À accepter", "issued", _oldest(mine, [OrderState.ISSUED], actor)),
            ("À planifier", "accepted", _oldest(unplanned, waiting, actor)),
        ],
        figures=[
            (
                "À accepter",
                _count(mine.filter(state=OrderState.ISSUED)),
                "?etat=issued",
                "warning",
            ),
            ("En cours", _count(mine.filter(state__in=OPEN_STATES)), "?etat=open", "info"),
            (
                "En retard",
                _count(mine.filter(state__in=OPEN_STATES, target_date__lt=clock.today())),
                "?retard=1",
                "danger",
            ),
            (
                "Renvoyées au bailleur",
                _count(mine.filter(state=OrderState.RETURNED)),
                "?etat=returned",
                "neutral",
            ),
        ],
    )


def _oldest(orders: QuerySet[Order], states: Sequence[str], actor: Actor) -> list[OrderRow]:
    found = with_rows(orders.filter(state__in=states)).order_by("created_at", "id")[:8]
    return [row_of(order, actor) for order in found]


def _count(orders: QuerySet[Order]) -> int:
    return orders.order_by()[: COUNT_CAP + 1].count()


@dataclass(frozen=True)
class PlanDay:
    """A day of the planning, with its visits by time."""

    day: datetime
    visits: list[Visit]
    is_today: bool


def planning(actor: Actor, *, week_of: datetime, days: int = 7) -> list[PlanDay]:
    """Return the contractor's visits of a week, Monday first (days in Europe/Paris)."""
    zone = ZoneInfo("Europe/Paris")
    local = week_of.astimezone(zone)
    monday = (local - timedelta(days=local.weekday())).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    visits = _visits_between(
        Visit.objects.filter(contractor_id=actor.organisation_id), monday, days
    )
    today = clock.today()
    result = []
    for offset in range(days):
        day = monday + timedelta(days=offset)
        result.append(
            PlanDay(
                day=day,
                visits=[v for v in visits if v.window_start.astimezone(zone).date() == day.date()],
                is_today=day.date() == today,
            )
        )
    return result


@dataclass(frozen=True)
class FieldDay:
    """A technician's visits: of former days and still open, of today, of the next six days."""

    unfinished: list[Visit]
    today: list[Visit]
    later: list[Visit]


def technician_day(actor: Actor) -> FieldDay:
    """Return what a technician has before him. A visit stays until somebody has ended it."""
    zone = ZoneInfo("Europe/Paris")
    midnight = clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Visit.objects.filter(
        contractor_id=actor.organisation_id, technician_id=actor.membership_id
    )
    visits = _visits_between(mine, midnight, 7)
    behind = _visits_between(
        mine.filter(state__in=[VisitState.CONFIRMED, *UNDER_WAY]),
        midnight - timedelta(days=UNFINISHED_DAYS),
        UNFINISHED_DAYS,
    )
    tomorrow = midnight + timedelta(days=1)
    return FieldDay(
        unfinished=behind,
        today=[visit for visit in visits if visit.window_start < tomorrow],
        later=[visit for visit in visits if visit.window_start >= tomorrow],
    )


def _visits_between(visits: QuerySet[Visit], start: datetime, days: int) -> list[Visit]:
    hidden = [VisitState.CANCELLED, VisitState.RESCHEDULED]
    found: Iterable[Visit] = (
        visits.filter(window_start__gte=start, window_start__lt=start + timedelta(days=days))
        .exclude(state__in=hidden)
        .select_related("order", "order__trade", "order__landlord", "technician__user")
        .order_by("window_start", "id")
    )
    return list(found)
