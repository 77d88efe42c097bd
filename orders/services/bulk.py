"""Many orders at once: what a file brings, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nexxio.core import clock, places
from nexxio.core.actors import Actor
from nexxio.core.db.copying import insert_all
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Case, Occupancy, Unit, UnitKind
from nexxio.core.outbox import Entry, record_all
from nexxio.core.references import next_references
from orders import events, policies
from orders.models import (
    Contract,
    HouseRules,
    Order,
    OrderBudget,
    OrderClauses,
    OrderContact,
    OrderLine,
    PriceItem,
)
from orders.natures import IN_HOMES
from orders.order_facts import Facts, facts_from
from orders.services.amounts import totals_of
from orders.services.clauses import ClausesInput, typed_clauses, write_clauses
from orders.services.drafts import OrderInput, order_values
from orders.services.pricing import all_items_in_force, make_lines, typed_lines
from orders.services.territories import territories
from orders.states import Nature, OrderState
from orders.working_days import department_of

_DETAILS = (OrderLine, OrderBudget, OrderContact, OrderClauses)


@transaction.atomic
def draft_orders(
    *,
    actor: Actor,
    drafts: Sequence[OrderInput],
    happened_at: Sequence[datetime | None] | None = None,
) -> list[Order]:
    """Create drafts and their cases, as `draft_order` does one; some ten statements for all.

    happened_at: when each was asked for, where that was earlier. Locks the counters of
    references. Raises Invalid for a unit, contract or price item that the landlord doesn't have,
    Refused when the actor only reads; then nothing is written.
    """
    if not actor.has(*policies.DESK):
        raise Refused("Votre rôle ne permet pas de créer une commande.", code="role")
    if not drafts:
        return []
    landlord_id = actor.own_id
    units = _units(landlord_id, drafts)
    items = _items(landlord_id, drafts)
    occupants = current_occupants(landlord_id, [unit.pk for unit in units.values()])
    numbers = zip(
        next_references(landlord_id=landlord_id, prefix="D", count=len(drafts)),
        next_references(landlord_id=landlord_id, prefix="C", count=len(drafts)),
        strict=True,
    )
    groups = territories(landlord_id, {unit.group_id for unit in units.values()})
    orders = [
        _order(actor, data, units[data.unit_id], occupants, references)
        for data, references in zip(drafts, numbers, strict=True)
    ]
    for order in orders:
        for name, value in groups[order.unit.group_id].items():
            setattr(order, name, value)
    insert_all(Case, [order.case for order in orders])
    insert_all(Order, orders)
    _write_details(orders, drafts, items)
    times = happened_at or [None] * len(orders)
    record_all(
        [
            Entry(events.OrderDrafted(), order, "order", order.pk, order.case_id, at)
            for order, at in zip(orders, times, strict=True)
        ],
        actor=actor,
    )
    return orders


@transaction.atomic
def withdraw_drafts(*, actor: Actor, versions: Mapping[UUID, int]) -> dict[UUID, str]:
    """Delete drafts that are still at the version given; return why the others stay.

    Locks the orders. What was recorded of them stays in the journal. Raises Refused when the
    actor only reads.
    """
    if not actor.has(*policies.DESK):
        raise Refused("Votre rôle ne permet pas de retirer une commande.", code="role")
    orders = list(
        Order.objects.select_for_update(of=("self",))
        .filter(landlord_id=actor.own_id, pk__in=versions)
        .order_by("pk")
    )
    kept = _standing_on(orders)
    for order in orders:
        if order.state != OrderState.DRAFT:
            kept[order.pk] = "la commande n’est plus un brouillon"
        elif order.version != versions[order.pk]:
            kept[order.pk] = "modifiée depuis l’import"
    going = [order for order in orders if order.pk not in kept]
    own: dict[str, Any] = {"landlord_id": actor.own_id, "order_id__in": [o.pk for o in going]}
    for model in _DETAILS:
        model.objects.filter(**own).delete()
    Order.objects.filter(landlord_id=actor.own_id, pk__in=[o.pk for o in going]).delete()
    Case.objects.filter(
        landlord_id=actor.own_id, pk__in=[o.case_id for o in going], orders__isnull=True
    ).delete()
    return kept


def input_of(order: Order) -> OrderInput:
    """Return a stored order as it would be typed."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    contact = OrderContact.objects.get(**own)
    budget = OrderBudget.objects.get(**own)
    return OrderInput(
        unit_id=order.unit_id,
        title=order.title,
        # What was opened on call is ordered again as works of its place.
        nature=_ordered_nature(order),
        priority=order.priority,
        trade_code=order.trade_id or "",
        contract_id=order.contract_id,
        description=order.description,
        target_date=order.target_date,
        entrance=order.place_entrance,
        floor=order.place_floor,
        door=order.place_door,
        contact_name=contact.name,
        phone=contact.phone,
        second_phone=contact.second_phone,
        email=contact.email,
        access=tuple(contact.access),
        access_code=contact.access_code,
        asbestos=order.asbestos,
        asbestos_measures=order.asbestos_measures,
        access_duty=order.access_duty,
        hazard=order.hazard,
        commitment_number=budget.commitment_number,
        service_code=budget.service_code,
        external_number=order.external_number,
        target_note=order.target_note,
        rule_reason=order.rule_reason,
        rule_note=order.rule_note,
        quote_cap=budget.quote_cap,
        clauses=typed_clauses(order),
        lines=typed_lines(order),
    )


def input_again(order: Order) -> OrderInput:
    """Return a stored order as it would be typed again today, for a case of its own.

    Where somebody else lives there now, he is called, and nothing of the former tenant goes along.
    """
    return replace(input_of(order), **(contact_since(order) or {}))


def contact_since(order: Order) -> dict[str, Any] | None:
    """Return the contact of whoever has come to live in an order's home since, as it is typed.

    None where nobody has changed, and for works outside homes. Empty texts where nobody lives
    there, and for what only the former tenant could say.
    """
    if _ordered_nature(order) not in IN_HOMES:
        return None
    living = places.tenant_of(order.unit)
    former_id = order.tenant_id or order.case.tenant_id
    if former_id == (living.pk if living else None):
        return None
    return {
        "contact_name": str(living) if living else "",
        "phone": living.phone if living else "",
        "email": living.email if living else "",
        "second_phone": "",
        "access_code": "",
    }


def ordinary_nature(unit: Unit) -> str:
    """Return the nature of works by contract at a place."""
    common = unit.kind == UnitKind.COMMON_AREA
    return (Nature.COMMON_PARTS if common else Nature.MAINTENANCE).value


def facts_of_input(
    data: OrderInput,
    *,
    contract: Contract | None,
    total: Decimal,
    left: Decimal | None,
    unit: Unit,
    house: HouseRules,
    vat_rates: Iterable[Decimal] = (),
) -> Facts:
    """Return what completeness asks of an order that is still only typed.

    total: of its lines, euros excluding VAT; vat_rates: theirs, in percent. left: what is left of
    the contract's ceiling. unit: the place, with its group.
    """
    return facts_from(
        {**vars(data), **vars(data.clauses), "trade": data.trade_code, "unit": data.unit_id},
        contract=contract,
        ceiling_left=left,
        line_count=len(data.lines),
        total=total,
        where=department_of(unit.group.postcode),
        unit_kind=unit.kind,
        house_needs_commitment=house.needs_commitment,
        house_mentions_vat=house.vat_mention,
        vat_rates=vat_rates,
    )


def current_occupants(landlord_id: UUID, unit_ids: Sequence[UUID]) -> dict[UUID, Occupancy]:
    """Return who lives in each unit today, with the tenant; the last to come where several do."""
    today = clock.today()
    found = (
        Occupancy.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            landlord_id=landlord_id,
            unit_id__in=set(unit_ids),
            starts_on__lte=today,
        )
        .select_related("tenant")
        .order_by("starts_on", "id")
    )
    return {occupancy.unit_id: occupancy for occupancy in found}


# --- inside -----------------------------------------------------------------------------------


def _units(landlord_id: UUID, drafts: Sequence[OrderInput]) -> dict[UUID, Unit]:
    wanted = {data.unit_id for data in drafts}
    units: dict[UUID, Unit] = (
        Unit.objects.filter(landlord_id=landlord_id).select_related("group").in_bulk(list(wanted))
    )
    if len(units) != len(wanted):
        raise Invalid({"unit": ["Un logement n’existe pas dans votre patrimoine."]})
    contracts = {data.contract_id for data in drafts if data.contract_id}
    known = Contract.objects.filter(landlord_id=landlord_id, pk__in=contracts)
    if known.count() != len(contracts):
        raise Invalid({"contract": ["Un marché n’existe pas."]})
    return units


def _items(landlord_id: UUID, drafts: Sequence[OrderInput]) -> dict[UUID, PriceItem]:
    wanted = {line.price_item_id for data in drafts for line in data.lines if line.price_item_id}
    items: dict[UUID, PriceItem] = all_items_in_force(landlord_id, clock.today()).in_bulk(
        list(wanted)
    )
    for data in drafts:
        for line in data.lines:
            item = items.get(line.price_item_id) if line.price_item_id else None
            if line.price_item_id and (item is None or item.contract_id != data.contract_id):
                raise Invalid({"lines": ["Un article n’appartient pas au bordereau du marché."]})
    return items


def _order(
    actor: Actor,
    data: OrderInput,
    unit: Unit,
    occupants: Mapping[UUID, Occupancy],
    references: tuple[str, str],
) -> Order:
    living = occupants.get(unit.pk) if data.nature in IN_HOMES else None
    case = Case(
        landlord_id=unit.landlord_id,
        unit=unit,
        tenant_id=living.tenant_id if living else None,
        reference=references[0],
        title=data.title,
    )
    return Order(
        landlord_id=unit.landlord_id,
        case=case,
        reference=references[1],
        author_id=actor.user_id,
        department=actor.department,
        state_since=clock.now(),
        **order_values(data, unit),
    )


def _write_details(
    orders: Sequence[Order], drafts: Sequence[OrderInput], items: Mapping[UUID, PriceItem]
) -> None:
    lines: list[OrderLine] = []
    budgets, contacts = [], []
    for order, data in zip(orders, drafts, strict=True):
        own = {"landlord_id": order.landlord_id, "order": order}
        made = make_lines(order, data.lines, items)
        lines += made
        without_vat, vat = totals_of(made)
        budgets.append(
            OrderBudget(
                **own,
                total_without_vat=without_vat,
                total_vat=vat,
                total_with_vat=without_vat + vat,
                commitment_number=data.commitment_number,
                service_code=data.service_code,
                quote_cap=data.quote_cap,
            )
        )
        contacts.append(
            OrderContact(
                **own,
                name=data.contact_name,
                phone=data.phone,
                second_phone=data.second_phone,
                email=data.email,
                access=list(data.access),
                access_code=data.access_code,
            )
        )
    insert_all(OrderBudget, budgets)
    insert_all(OrderContact, contacts)
    insert_all(OrderLine, lines)
    for order, data in zip(orders, drafts, strict=True):
        if data.clauses != ClausesInput():
            write_clauses(order, data.clauses)


def _standing_on(orders: Sequence[Order]) -> dict[UUID, str]:
    """Say for each order that something of another kind refers to it or to its case."""
    found: dict[UUID, str] = {}
    by_case = {order.case_id: order.pk for order in orders}
    for owner, ids in ((Order, {o.pk: o.pk for o in orders}), (Case, by_case)):
        for relation in owner._meta.related_objects:
            model: Any = relation.related_model
            if model in _DETAILS or model is Order:
                continue
            name = relation.field.attname
            used = model.objects.filter(**{f"{name}__in": list(ids)}).values_list(name, flat=True)
            for pk in used.distinct():
                found[ids[pk]] = f"un objet y est rattaché ({model._meta.verbose_name})"
    return found


def _ordered_nature(order: Order) -> str:
    return ordinary_nature(order.unit) if order.nature == Nature.ON_CALL else order.nature
