"""Lists of orders and the plannings: keyset pages, capped counts, no query per row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.counts import capped_counts
from nexxio.core.ids import is_reference
from orders import policies
from orders.ball import Holder
from orders.models import Order, OrderUnread, Visit, pressing
from orders.querysets import OPEN_STATES
from orders.selectors import criteria, parties, search, sorting
from orders.selectors.criteria import Criteria
from orders.selectors.situations import own_of
from orders.selectors.status import Ball, Status, ball_of, company_of, status_of
from orders.selectors.territory import EVERYTHING, Reach, reach_of
from orders.selectors.times import times_of
from orders.selectors.trades import trade_choices
from orders.states import OPEN_VISIT, OrderState, Priority
from orders.waits import waits_of, with_waits

PAGE = 50
COUNT_CAP = 1000
SEARCH_CAP = 200
EXPORT_CAP = 2000
EXPORT_MOST = 100_000
EXPORT_STEP = 500
UNFINISHED_DAYS = 30
_LONGEST_KEY = 300
SILENT = "1"
"""Longer than its state allows; or for so many days at least."""
SILENT_DAYS = ("5", "10", "20", "30")


@dataclass(frozen=True)
class OrderRow:
    """One line of a list."""

    order: Order
    company: str
    status: Status
    ball: Ball | None
    visit: Visit | None
    total: Any
    is_late: bool
    is_silent: bool = False
    is_unread: bool = False
    times: dict[str, timedelta] = field(default_factory=dict)
    """How long each party has had it; loaded for a whole export only."""

    @property
    def since(self) -> datetime | None:
        """Since when the party that has it has it."""
        return self.order.held_since


@dataclass(frozen=True)
class Filters:
    """What the query string asks for. Unknown values are dropped, not refused."""

    q: str = ""
    state: str = ""
    trade: str = ""
    priority: str = ""
    late: bool = False
    holder: str = ""
    silence: str = ""
    sort: str = sorting.NEWEST
    after: str = ""
    before: str = ""
    reach: Reach = EVERYTHING
    criteria: Criteria = criteria.NOTHING

    @classmethod
    def read(cls, query: Any, actor: Actor) -> Filters:
        """Read a query string, as the actor reads it: his own part of the estate comes first."""
        state = query.get("etat", "")
        priority = query.get("priorite", "")
        holder = query.get("tour", "")
        silent = query.get("silence", "")
        sort = query.get("tri", "")
        return cls(
            q=query.get("q", "").strip()[:80],
            state=state if state in OrderState.values or state == "open" else "",
            trade=query.get("corps", "")[:20],
            priority=priority if priority in Priority.values else "",
            late=query.get("retard", "") == "1",
            holder=holder if holder in Holder.values else "",
            silence=silent if silent in (SILENT, *SILENT_DAYS) else "",
            sort=sort if sort in sorting.SORTS else sorting.NEWEST,
            after=query.get("apres", "")[:_LONGEST_KEY],
            before=query.get("avant", "")[:_LONGEST_KEY],
            reach=reach_of(actor, query),
            criteria=Criteria.read(query, actor),
        )

    @property
    def states(self) -> tuple[str, ...]:
        """States that the list is narrowed to; none for all."""
        if self.late or self.state == "open":
            wanted = {self.state} if self.state not in ("", "open") else set(OPEN_STATES)
            return tuple(state for state in OPEN_STATES if state in wanted)
        return (self.state,) if self.state else ()

    @property
    def case_reference(self) -> str:
        """The searched words, when they are the reference of a case and nothing else."""
        words = self.q.upper()
        return words if words.startswith("D") and is_reference(words) else ""

    @property
    def late_before(self) -> date | None:
        """Target dates before this one are late; None when it doesn't matter."""
        return clock.today() if self.late else None

    @property
    def agency_id(self) -> UUID | None:
        """The agency that is looked at; None for all."""
        return self.reach.agency_id

    @property
    def sector_id(self) -> UUID | None:
        """The sector that is looked at; None for all."""
        return self.reach.sector_id

    @property
    def is_active(self) -> bool:
        """Tell whether anything narrows the list, the part of the estate apart."""
        narrowing = (self.q, self.state, self.trade, self.priority, self.late, self.holder)
        return any((*narrowing, self.silence)) or self.criteria.is_active

    def for_search(self) -> dict[str, Any]:
        """Return what narrows a search beside its arguments (selectors/search.py)."""
        found = self.criteria.for_search()
        if self.holder:
            found["holder"] = self.holder
        if self.silence:
            found["silent_at"] = clock.now().isoformat()
        if self.moved_before:
            found["moved_before"] = self.moved_before.isoformat()
        return found

    @property
    def moved_before(self) -> datetime | None:
        """Until when an order has moved last, at the latest; None when it doesn't matter."""
        if self.silence not in SILENT_DAYS:
            return None
        return clock.now() - timedelta(days=int(self.silence))


@dataclass(frozen=True)
class OrderList:
    """A page of a list."""

    rows: list[OrderRow]
    filters: Filters
    next_key: str
    previous_key: str
    count: int
    is_capped: bool
    trades: list[tuple[str, str]] = field(default_factory=list)
    near: str = ""
    """The words that were searched instead of those that nothing holds."""


def mine_of(actor: Actor) -> QuerySet[Order]:
    """Return the actor's orders by the explicit filter that finds the index."""
    if actor.side is Side.LANDLORD:
        return Order.objects.filter(landlord_id=actor.organisation_id)
    return Order.objects.filter(contractor_id=actor.organisation_id)


def _by_words(actor: Actor, filters: Filters) -> bool:
    """Tell whether words are searched; a case, which only its landlord knows, is looked up."""
    return bool(filters.q) and not (filters.case_reference and actor.side is Side.LANDLORD)


def _narrow(orders: QuerySet[Order], filters: Filters) -> QuerySet[Order]:
    """Keep what the filters ask for, searched words apart."""
    orders = narrow(orders, filters)
    if filters.case_reference:
        orders = orders.filter(case__reference=filters.case_reference)
    if filters.state or filters.late:
        orders = orders.filter(state__in=filters.states)
    return orders


def narrow(rows: QuerySet[Any], filters: Filters, prefix: str = "") -> QuerySet[Any]:
    """Keep what the filters ask for, state and words apart. prefix: as `Reach.narrow` takes it."""
    rows = filters.criteria.narrow(filters.reach.narrow(rows, prefix), prefix)
    wanted = {
        "trade_id": filters.trade,
        "holder": filters.holder,
        "target_date__lt": filters.late_before,
        "silent_at__lte": clock.now() if filters.silence else None,
        "moved_at__lt": filters.moved_before,
    }
    if filters.priority == Priority.URGENT:
        rows = rows.filter(pressing(prefix))
    elif filters.priority:
        wanted["priority"] = filters.priority
    return rows.filter(**{f"{prefix}{name}": value for name, value in wanted.items() if value})


def silent(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Keep those on which nothing has moved for longer than their state allows."""
    return orders.filter(silent_at__lte=clock.now())


def narrow_to_words(
    rows: QuerySet[Any], actor: Actor, filters: Filters, prefix: str = ""
) -> QuerySet[Any]:
    """Keep what holds the searched words: of the newest SEARCH_CAP in the filters' states."""
    if not filters.q:
        return rows
    if not _by_words(actor, filters):
        return rows.filter(**{f"{prefix}case__reference": filters.case_reference})
    found = search.find(filters, key=None, backwards=False, size=SEARCH_CAP)
    return rows.filter(**{f"{prefix}pk__in": found})


def first_of_each(*slices: QuerySet[Any]) -> QuerySet[Order]:
    """Return the orders whose keys the slices give, each slice found by its index.

    Asked together they would be sorted whole: an index holds them in order within one state.
    """
    first, *others = slices
    return Order.objects.filter(pk__in=first.union(*others, all=True) if others else first)


def first_keys(orders: QuerySet[Order], *order: Any, size: int) -> QuerySet[Any]:
    """Return a slice for `first_of_each`: the keys of the first `size` orders."""
    return orders.order_by(*order).values("pk")[:size]


def with_rows(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Load what a row shows: three queries, however many rows."""
    return (
        with_waits(orders)
        .annotate(unread_by=Subquery(_unread_sides()))
        .select_related("trade", "landlord", "contractor", "budget", "contract__contractor")
        .prefetch_related(Prefetch("visits", queryset=Visit.objects.order_by("number")))
    )


def _unread_sides() -> QuerySet[Any]:
    """Return the side of the reader where it has something to read: others' rows are not its."""
    mine = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}
    return OrderUnread.objects.filter(**mine).values("side")[:1]


def row_of(order: Order, actor: Actor) -> OrderRow:
    """Return an order as a line of a list. visits, budget and organisations are loaded."""
    visits = list(order.visits.all())
    is_open = order.state in OPEN_STATES
    late = is_open and order.target_date is not None and order.target_date < clock.today()
    return OrderRow(
        order=order,
        company=company_of(order),
        status=status_of(order, visits, actor.side, waits_of(order)),
        ball=ball_of(
            order,
            visits,
            waits_of(order),
            contractor=order.contractor.name if order.contractor else "Entreprise",
            landlord=order.landlord.name,
        ),
        visit=next((visit for visit in visits if visit.state in OPEN_VISIT), None),
        total=order.budget.total_with_vat if hasattr(order, "budget") else None,
        is_late=late,
        is_silent=policies.is_silent(order),
        is_unread=vars(order).get("unread_by") == actor.side.value,
    )


NEWEST = ("-created_at", "-id")
OLDEST = ("created_at", "id")


def order_list(actor: Actor, filters: Filters) -> OrderList:
    """Return one page of the actor's orders, newest first unless asked otherwise."""
    sort = sorting.SORTS[filters.sort]
    key = sort.read_key(filters.before or filters.after)
    backwards = bool(filters.before and key)
    asked, cap, near, sought = filters, COUNT_CAP, "", None
    if _by_words(actor, filters):
        cap = SEARCH_CAP
        sought = search.look(filters, cap=cap)
        near, count = sought.near, len(sought.keys)
        filters = replace(filters, q=near or filters.q)
    else:
        narrowed = _narrow(mine_of(actor), filters)
        count = capped_counts({"all": narrowed}, cap=cap)["all"]
    page = _page(actor, filters, key, backwards=backwards, size=PAGE + 1, sought=sought)
    found = list(with_rows(page))
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, key is not None)
    return OrderList(
        rows=[row_of(order, actor) for order in found],
        filters=asked,
        next_key=sort.key(found[-1]) if found and has_next else "",
        previous_key=sort.key(found[0]) if found and has_previous else "",
        count=min(count, cap),
        is_capped=count > cap,
        trades=trade_choices(),
        near=near if found else "",
    )


def _page(
    actor: Actor,
    filters: Filters,
    key: sorting.Key | None,
    *,
    size: int,
    backwards: bool = False,
    sought: search.Found | None = None,
) -> QuerySet[Order]:
    """Return at most `size` orders from `key` on, in the order of reading.

    sought: the newest that hold the words, where they are known: they aren't searched again.
    """
    sort = sorting.SORTS[filters.sort]
    order = sort.order(backwards=backwards)
    by_words = _by_words(actor, filters)
    if by_words and filters.sort == sorting.NEWEST:
        ids: Any = search.find(filters, key=key, backwards=backwards, size=size)
        if sought is not None and key is None:
            ids = sought.keys[:size]
        return Order.objects.filter(pk__in=ids).order_by(*order)
    orders = _found(filters, sought) if by_words else _narrow(mine_of(actor), filters)
    if sort.by_party:
        down = sort.descending != backwards
        return parties.page(actor, orders, key, down=down, size=size, few=by_words)
    if sort.join:
        own = own_of(actor)
        orders = orders.filter(**{f"{sort.join}__{side}": pk for side, pk in own.items()})
    if key:
        orders = sort.after(orders, key, backwards=backwards)
    if sort.by_creation and len(filters.states) > 1 and not (filters.late or filters.q):
        each = (orders.filter(state=state) for state in filters.states)
        orders = first_of_each(*(first_keys(found, *order, size=size) for found in each))
    return orders.order_by(*order)[:size]


def _found(filters: Filters, sought: search.Found | None) -> QuerySet[Order]:
    """Return the newest that hold the words and all else that is asked, as many as are counted."""
    ids: Any = search.find(filters, key=None, backwards=False, size=SEARCH_CAP)
    if sought is not None:
        ids = sought.keys[:SEARCH_CAP]
    return Order.objects.filter(pk__in=ids)


def _with_near(actor: Actor, filters: Filters) -> Filters:
    """Return the filters with the near words that the list shows where nothing holds its own."""
    if not _by_words(actor, filters):
        return filters
    near = search.look(filters, cap=1).near
    return replace(filters, q=near) if near else filters


def keys_and_states(actor: Actor, filters: Filters) -> list[tuple[UUID, str]]:
    """Return key and state of a list's first EXPORT_CAP orders."""
    page = _page(actor, _with_near(actor, filters), None, size=EXPORT_CAP)
    return list(page.values_list("pk", "state"))


def export_total(actor: Actor, filters: Filters) -> int:
    """Return how many rows a whole export has, at most EXPORT_MOST + 1."""
    if _by_words(actor, filters):
        return len(search.look(filters, cap=EXPORT_MOST).keys)
    narrowed = _narrow(mine_of(actor), filters)
    return capped_counts({"all": narrowed}, cap=EXPORT_MOST)["all"]


def export_chunk(actor: Actor, filters: Filters, after: str) -> tuple[list[OrderRow], str]:
    """Return the rows of a whole export that follow the key `after`, and the key of the next ones.

    By creation, so that what is written meanwhile moves nothing; "" at both ends.
    """
    newest = replace(_with_near(actor, filters), sort=sorting.NEWEST)
    sort = sorting.SORTS[sorting.NEWEST]
    key = sort.read_key(after)
    found = list(with_rows(_page(actor, newest, key, size=EXPORT_STEP + 1)))
    more, found = len(found) > EXPORT_STEP, found[:EXPORT_STEP]
    times = times_of(actor, found)
    rows = [replace(row_of(order, actor), times=times[order.pk]) for order in found]
    return rows, sort.key(found[-1]) if more else ""


def export_rows(actor: Actor, filters: Filters) -> list[OrderRow]:
    """Return the filtered list for an export, sorted like the list, at most EXPORT_CAP rows."""
    found = with_rows(_page(actor, _with_near(actor, filters), None, size=EXPORT_CAP))
    return [row_of(order, actor) for order in found]
