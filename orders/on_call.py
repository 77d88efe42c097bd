"""Contracts under which a company is on call, and what it may learn there of an estate.

A company's scope holds nothing of its landlords' estates. The scope of one landlord is opened here
and nowhere else for somebody who isn't of that house: for a contract in force of the actor's own
company that has it on call (docs/adr/0021). What leaves it are names and addresses of residences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Refused
from nexxio.core.estate.residences import find_ids
from nexxio.core.models import Group
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from orders.models import Contract, Order, Variation
from orders.perimeters import groups_within
from orders.states import Nature
from orders.terms import regularisation_days
from orders.variation_states import VariationKind
from orders.working_days import after_working_days, is_working_day

MOST_FOUND = 12
MOST_READ = 60
"""Residences that are found before the contract's perimeter leaves some out."""


@dataclass(frozen=True)
class Place:
    """A residence as whoever is on call reads it."""

    pk: UUID
    name: str
    address: str
    city: str


def contracts_of(actor: Actor) -> QuerySet[Contract]:
    """Return the contracts under which the actor's company is on call today."""
    today = clock.today()
    if actor.side is not Side.CONTRACTOR or actor.link_id is not None:
        return Contract.objects.none()
    return (
        Contract.objects.filter(
            contractor_id=actor.own_id,
            on_call=True,
            on_call_cap__isnull=False,
            starts_on__lte=today,
            ends_on__gte=today,
        )
        .select_related("landlord")
        .order_by("landlord__name", "number")
    )


def is_on_call(actor: Actor) -> bool:
    """Tell whether the actor's company is on call anywhere today."""
    return contracts_of(actor).exists()


def covers(contract: Contract, at: datetime, where: str = "") -> bool:
    """Tell whether a contract has its company on call at a moment. where: the place's department.

    Outside its hours an emergency is opened all the same: both sides read that it was.
    """
    start, end = contract.on_call_from, contract.on_call_to
    local = at.astimezone(clock.PARIS)
    off = contract.on_call_days_off and not is_working_day(local.date(), where)
    if start is None or end is None or off:
        return True
    moment = local.time()
    return start <= moment < end if start < end else moment >= start or moment < end


def find_contract(actor: Actor, pk: UUID) -> Contract | None:
    """Return a contract under which the actor's company is on call today."""
    return contracts_of(actor).filter(pk=pk).first()


@contextmanager
def at_landlord(actor: Actor, contract_id: UUID) -> Iterator[Contract]:
    """Work in the scope of the landlord of a contract under which the actor's company is on call.

    Raises Refused for any other contract. Platform staff who look in still write nothing.
    """
    contract = find_contract(actor, contract_id)
    if contract is None:
        raise Refused("Ce marché ne vous confie pas d’astreinte aujourd’hui.", code="contract")
    scope = Scope(
        kind=ScopeKind.LANDLORD, landlord_id=contract.landlord_id, entry_id=actor.entry_id
    )
    with open_scope(scope):
        yield contract


def find_places(actor: Actor, contract_id: UUID, q: str) -> list[Place]:
    """Return residences of the contract's perimeter that hold every word of `q`; none without.

    Raises Refused.
    """
    with at_landlord(actor, contract_id) as contract:
        if not any(character.isalnum() for character in q):
            return []
        found = find_ids(q, size=MOST_READ)
        groups = Group.objects.filter(landlord_id=contract.landlord_id, pk__in=found)
        inside = groups_within(groups, contract).order_by("postcode", "name", "id")
        return [_place(group) for group in inside[:MOST_FOUND]]


def find_place(actor: Actor, contract_id: UUID, group_id: UUID) -> Place | None:
    """Return one residence of the contract's landlord. Raises Refused for another contract."""
    with at_landlord(actor, contract_id) as contract:
        own = Group.objects.filter(landlord_id=contract.landlord_id, archived_at__isnull=True)
        group = groups_within(own, contract).filter(pk=group_id).first()
        return _place(group) if group else None


def owes_regularisation(order: Order) -> bool:
    """Tell whether an order was opened on call, and its landlord has granted nothing yet."""
    return bool(owing_regularisation([order]))


def owing_regularisation(orders: Iterable[Order]) -> set[UUID]:
    """Return those of many orders that do. One query, none where none was opened on call."""
    on_call = {order.pk: order.landlord_id for order in orders if order.nature == Nature.ON_CALL}
    granted = Variation.objects.filter(
        landlord_id__in=set(on_call.values()),
        order_id__in=list(on_call),
        kind=VariationKind.REGULARISATION,
        terms__granted__gt=0,
    )
    return set(on_call) - set(granted.values_list("order_id", flat=True))


def may_ask_again_until(order: Order) -> datetime | None:
    """Return until when a company whose regularisation was refused may ask again before its
    landlord certifies that nothing is due: the landlord's own delay. None where none was refused.
    """
    refused = Variation.objects.filter(
        landlord_id=order.landlord_id,
        order_id=order.pk,
        kind=VariationKind.REGULARISATION,
        terms__granted=0,
    )
    last = refused.order_by("-answered_at").first()
    if last is None or last.answered_at is None:
        return None
    own = order.contract.regularisation_days if order.contract else None
    days = regularisation_days(own, clock.day_of(last.answered_at))
    return after_working_days(last.answered_at, days, order.where)


def _place(group: Group) -> Place:
    return Place(group.pk, group.name, group.address, f"{group.postcode} {group.city}")
