"""What the filters of a list offer, and the names of what they are set to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from nexxio.core.actors import Actor, Side
from nexxio.core.models import Group, Unit
from orders.models import Contract, Order
from orders.selectors import situations
from orders.selectors.criteria import Criteria
from orders.states import Hazard, Nature

MOST = 500


@dataclass(frozen=True)
class Offer:
    """Values and labels to choose from. others: companies of a landlord, a company's landlords."""

    others: list[tuple[str, str]]
    contracts: list[tuple[str, str]]
    situations: list[tuple[str, str]]
    natures: list[tuple[str, str]]
    hazards: list[tuple[str, str]]


def offer_of(actor: Actor) -> Offer:
    """Return what the actor's lists can be narrowed to. One query."""
    other = "contractor" if actor.side is Side.LANDLORD else "landlord"
    rows = list(
        Contract.objects.filter(**situations.own_of(actor))
        .order_by(f"{other}__name", "number")
        .values_list(f"{other}_id", f"{other}__name", "id", "number")[:MOST]
    )
    others = {str(pk): name for pk, name, *_contract in rows}
    return Offer(
        others=list(others.items()),
        contracts=[(str(pk), f"{number} · {name}") for _other, name, pk, number in rows],
        situations=situations.choices(actor.side),
        natures=[(value, str(label)) for value, label in Nature.choices],
        hazards=[(value, str(label)) for value, label in Hazard.choices],
    )


def party_names(actor: Actor, asked: Criteria, orders: Iterable[Order]) -> dict[str, str]:
    """Return what company (or landlord) and contract are called; nothing for unknown ones.

    orders: some that fit, with both loaded. Without any, one query for each that is asked.
    """
    shown = next(iter(orders), None)
    found = {}
    if asked.company is not None:
        other = asked.other_side.removesuffix("_id")
        party = getattr(shown, other) if shown else None
        found["company"] = party.name if party else _party_name(actor, other, asked.company)
    if asked.contract is not None:
        contract = shown.contract if shown else None
        if contract is None:
            contract = (
                Contract.objects.filter(**situations.own_of(actor), pk=asked.contract)
                .select_related("contractor", "landlord")
                .first()
            )
        found["contract"] = contract.number if contract else ""
    return found


def _party_name(actor: Actor, other: str, pk: UUID) -> str:
    rows = Contract.objects.filter(**situations.own_of(actor), **{f"{other}_id": pk})
    return rows.values_list(f"{other}__name", flat=True).first() or ""


def place_names(actor: Actor, asked: Criteria) -> dict[str, str]:
    """Return what residence and dwelling are called; nothing for those that nobody shows him.

    One query for each that is asked. A contractor reads the place on its orders.
    """
    found = {}
    if asked.group is not None:
        group = Group.objects.filter(landlord_id=actor.own_id, pk=asked.group).first()
        found["group"] = group.name if group else ""
    if asked.unit is not None:
        found["unit"] = _unit_name(actor, asked.unit)
    return found


def _unit_name(actor: Actor, pk: UUID) -> str:
    if actor.side is Side.LANDLORD:
        unit = Unit.objects.select_related("group").filter(landlord_id=actor.own_id, pk=pk).first()
        return f"{unit}, {unit.group.name}" if unit else ""
    own = situations.own_of(actor)
    place = Order.objects.filter(**own, unit_id=pk).values_list("place_unit", "place_address")
    return ", ".join(place.first() or ())
