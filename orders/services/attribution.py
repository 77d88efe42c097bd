"""Whose turn an order is: contracts in force for its trade and place; and orders that left it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from django.db.models import Q, Sum

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Unit
from nexxio.core.outbox import record
from orders.attribution import AGENCY, EVERYWHERE, RESIDENCE, SECTOR, Candidate, Due, decide
from orders.attribution_events import RuleLeft
from orders.models import Contract, ContractDraw, ContractPlace, Order, RuleDeparture
from orders.services.ceilings import ceilings_left
from orders.states import ORDER
from orders.terms import Attribution

COUNTED = timedelta(days=365)
"""How far back orders are counted for shares and on a contract's page."""
GIVEN_UP_FOR = ("reserves", "no_capacity", "no_answer", "late", "urgent", "default")
"""Reasons to take an order away from a company that say that its turn on this case is over."""


@dataclass(frozen=True)
class Where:
    """Where works are: the residence with its agency and its sector."""

    group_id: UUID
    agency_id: UUID | None = None
    sector_id: UUID | None = None


def where_of_unit(unit: Unit) -> Where:
    """Return where a unit lies; its group is loaded."""
    sector = unit.group.sector
    return Where(unit.group_id, sector.agency_id if sector else None, unit.group.sector_id)


def due_at(
    landlord_id: UUID,
    *,
    trade: str,
    where: Where | None,
    on: date | None = None,
    excluding: Collection[UUID] = (),
) -> Due:
    """Return whose turn it is on a day; without a trade all contracts in force, and no rule.

    excluding: companies that have given the case up.
    """
    on = on or clock.today()
    rows = Contract.objects.filter(landlord_id=landlord_id, starts_on__lte=on, ends_on__gte=on)
    if trade:
        rows = rows.filter(trades__contains=[trade])
    contracts = list(rows.select_related("contractor").order_by("number"))
    narrowness = _narrowness(contracts, where)
    inside = [one for one in contracts if one.pk in narrowness]
    outside = {one.pk for one in contracts} - set(narrowness)
    if not trade:
        return Due((), tuple(inside), frozenset(outside))
    orders = _counts(inside)
    found = [Candidate(one, narrowness[one.pk], orders[one.pk]) for one in _with_room(inside)]
    return decide(found, excluding=excluding, outside=outside)


def sole_contracts(landlord_id: UUID, on: date) -> dict[str, UUID]:
    """Return by trade the contract in force on a day, where there is one and it has no perimeter.

    What nobody has to choose. Two queries, for files of many orders.
    """
    rows = Contract.objects.filter(landlord_id=landlord_id, starts_on__lte=on, ends_on__gte=on)
    able: dict[str, list[UUID]] = {}
    for pk, trades in rows.values_list("pk", "trades"):
        for trade in trades:
            able.setdefault(trade, []).append(pk)
    places = ContractPlace.objects.filter(landlord_id=landlord_id)
    narrow = set(places.values_list("contract_id", flat=True))
    found = {trade: pks[0] for trade, pks in able.items() if len(pks) == 1}
    return {trade: pk for trade, pk in found.items() if pk not in narrow}


def where_of_order(order: Order) -> Where:
    """Return where a stored order is."""
    return Where(order.unit.group_id, order.agency_id, order.sector_id)


def due_of(order: Order) -> Due:
    """Return whose turn a stored order is; who gave its case up has had his."""
    return due_at(
        order.landlord_id,
        trade=order.trade_id or "",
        where=where_of_order(order),
        excluding=gave_up(order),
    )


def gave_up(order: Order) -> set[UUID]:
    """Return the companies whose turn on the order's case is over."""
    if order.supersedes_id is None and not order.superseded_reason:
        return set()
    # After a move what takes a place has a case of its own (services/successors.py).
    former = Order.objects.filter(
        Q(case_id=order.case_id) | Q(pk=order.supersedes_id),
        landlord_id=order.landlord_id,
        superseded_reason__in=GIVEN_UP_FOR,
        contractor__isnull=False,
    )
    found = former.values_list("contractor_id", flat=True)
    return cast("set[UUID]", set(found))


def note_departure(order: Order, due: Due, actor: Actor) -> None:
    """Record that an order, which has just left, left the rule. It carries its reason.

    due: whose turn it was before it left. One without a reason had its turn when it was submitted.
    """
    if due.first is None or not order.rule_reason or not due.leaves_rule(order.contract_id):
        return
    RuleDeparture(
        landlord_id=order.landlord_id,
        contractor_id=due.first.contractor_id,
        contract=due.first,
        order=order,
        reason=order.rule_reason,
    ).save(force_insert=True)
    record(
        RuleLeft(reason=order.rule_reason),
        actor=actor,
        subject=order,
        subject_type=ORDER.name,
        order_id=order.pk,
        case_id=order.case_id,
    )


# --- inside -----------------------------------------------------------------------------------


def _narrowness(contracts: Sequence[Contract], where: Where | None) -> dict[UUID, int]:
    """Return for each contract that covers the place how narrow the part is in which it lies."""
    places: dict[UUID, list[ContractPlace]] = {}
    for place in ContractPlace.objects.filter(
        landlord_id__in={one.landlord_id for one in contracts},
        contract_id__in=[one.pk for one in contracts],
    ):
        places.setdefault(place.contract_id, []).append(place)
    found: dict[UUID, int] = {}
    for contract in contracts:
        own = places.get(contract.pk, [])
        steps = [EVERYWHERE] if not own or where is None else list(_steps(own, where))
        if steps:
            found[contract.pk] = max(steps)
    return found


def _steps(places: Iterable[ContractPlace], where: Where) -> Iterable[int]:
    for place in places:
        if place.group_id == where.group_id:
            yield RESIDENCE
        elif place.sector_id and place.sector_id == where.sector_id:
            yield SECTOR
        elif place.agency_id and place.agency_id == where.agency_id:
            yield AGENCY


def _counts(contracts: Sequence[Contract]) -> Counter[UUID]:
    """Return how many orders each contract had; counted only where several take turns.

    Of the last twelve months, from the first day of the first one on: as they are kept.
    """
    turning = [one for one in contracts if one.attribution == Attribution.ROTATION]
    if len(turning) < 2:  # noqa: PLR2004 (nobody to share with)
        return Counter()
    rows = ContractDraw.objects.filter(
        landlord_id__in={one.landlord_id for one in turning},
        contract_id__in=[one.pk for one in turning],
        month__gte=(clock.today() - COUNTED).replace(day=1),
    )
    return Counter(dict(rows.order_by().values_list("contract_id").annotate(Sum("orders"))))


def _with_room(contracts: list[Contract]) -> list[Contract]:
    """Leave out those whose ceiling is used up, unless nobody else is there."""
    if len(contracts) < 2:  # noqa: PLR2004 (nobody else)
        return contracts
    left = ceilings_left(contracts)
    able = [one for one in contracts if (room := left[one.pk]) is None or room > 0]
    return able or contracts
