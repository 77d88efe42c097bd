"""Works on call: the company opens the order, the landlord regularises it or contests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from nexxio.core import clock, links, places
from nexxio.core.actors import Actor, Role
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Case, Department, Group, Tenant, Unit, UnitKind
from nexxio.core.outbox import record
from nexxio.core.references import next_references
from nexxio.core.templatetags.ui import money_text
from orders import events, policies, urgency
from orders.completeness import MIN_DESCRIPTION
from orders.models import Contract, Order, OrderBudget, OrderContact, Variation
from orders.on_call import at_landlord, covers
from orders.on_call_events import OrderOpenedOnCall
from orders.order_facts import sla_date
from orders.perimeters import groups_within
from orders.services.commitments import give_commitment
from orders.services.departures import ON_SITE_WITHIN
from orders.services.drafts import AlreadyDrafted, OrderInput, order_values
from orders.services.moves import lock_order
from orders.services.pricing import LineInput
from orders.services.territories import territories
from orders.services.variations import (
    VariationInput,
    ask_variation,
    draft_variation,
    grant_variation,
)
from orders.services.visit_parts import (
    confirm,
    first_name_of,
    new_visit,
    own_technician,
    record_visit,
)
from orders.states import ORDER, Asbestos, Hazard, Nature, OrderState, Priority
from orders.variation_states import UrgencyReason, VariationKind

ESTIMATE = "Astreinte : estimation à l’ouverture"

DESK_OF_ON_CALL = Department.PROXIMITE.value
"""Whose a regularisation is until it is given to another service: nobody there ordered it."""


@dataclass(frozen=True, kw_only=True)
class OnCallInput:
    """An emergency as typed. amount: estimated, euros excluding VAT.

    measures: the company's own against asbestos; an emergency doesn't wait for the report.
    """

    group_id: UUID
    number: str
    trade_code: str
    reason: str
    description: str
    caller: str
    phone: str
    amount: Decimal
    measures: str
    hazard: str = ""
    kind: str = UnitKind.DWELLING.value
    entrance: str = ""
    floor: str = ""
    door: str = ""


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What the landlord adds to an order that was opened on call."""

    number: str
    commitment_number: str = ""
    service_code: str = ""
    external_number: str = ""


@transaction.atomic
def open_on_call(
    *, actor: Actor, contract_id: UUID, data: OnCallInput, order_id: UUID | None = None
) -> Order:
    """Open an accepted order of an emergency, and ask its landlord to regularise it.

    It carries the estimate as a regularisation that waits: the landlord's delay runs. A technician
    who opens it has a visit that stands. Locks the counters of references. order_id: key of the new
    order, chosen when the form was shown. Raises Refused for a contract that doesn't have the
    company on call today, Invalid for what was typed, above the contract's cap too, AlreadyDrafted
    for a repeat.
    """
    if not policies.can_open_on_call(actor):
        raise Refused("Votre rôle ne permet pas d’ouvrir une astreinte.", code="role")
    with at_landlord(actor, contract_id) as contract:
        _require(contract, data)
        order = _write(contract, data, order_id)
    record(
        OrderOpenedOnCall(off_hours=not covers(contract, clock.now(), order.where)),
        actor=actor,
        subject=order,
        subject_type=ORDER.name,
        order_id=order.pk,
        case_id=order.case_id,
    )
    if actor.has(Role.TECHNICIAN):
        _go(order, actor)
    line = LineInput(None, Decimal(1), label=ESTIMATE, unit="forfait", unit_price=data.amount)
    asked = VariationInput(
        kind=VariationKind.REGULARISATION.value,
        reason=data.reason,
        urgency=data.description,
        lines=(line,),
    )
    draft = draft_variation(actor=actor, order_id=order.pk, data=asked)
    ask_variation(actor=actor, variation_id=draft.pk)
    return Order.objects.get(pk=order.pk)


@transaction.atomic
def settle_on_call(
    *,
    actor: Actor,
    variation_id: UUID,
    completion: Completion,
    granted: Mapping[UUID, Decimal] | None = None,
    note: str = "",
    reason: str = "",
) -> Variation:
    """Complete an order that was opened on call, and grant its regularisation.

    Locks the order. Raises as `grant_variation`, Refused for any other order, Invalid for a number
    of the dwelling, of the landlord's own order or of its commitment, where the contract asks for
    one.
    """
    order = lock_order(Variation.objects.get(pk=variation_id).order_id)
    contract = order.contract
    if order.nature != Nature.ON_CALL or not policies.acts(actor) or contract is None:
        raise Refused("Cette commande n’a pas été ouverte en astreinte.", code="nature")
    _correct(order, actor, completion)
    numbers = (completion.commitment_number.strip(), completion.service_code.strip())
    if contract.needs_commitment or any(numbers):
        give_commitment(
            actor=actor, order_id=order.pk, commitment_number=numbers[0], service_code=numbers[1]
        )
    return grant_variation(
        actor=actor, variation_id=variation_id, granted=granted, note=note, reason=reason
    )


# --- inside -----------------------------------------------------------------------------------


def _require(contract: Contract, data: OnCallInput) -> None:
    cap = contract.on_call_cap or Decimal(0)
    wrong: dict[str, list[str]] = {}
    if data.trade_code not in contract.trades:
        wrong["trade"] = ["Ce marché ne couvre pas ce corps d’état."]
    if data.hazard and data.hazard not in Hazard.values:
        wrong["hazard"] = ["Choisissez le danger dans la liste."]
    if data.reason not in UrgencyReason.values:
        wrong["reason"] = ["Dites ce qui ne peut pas attendre."]
    if len(data.description.strip()) < MIN_DESCRIPTION:
        wrong["description"] = [f"Dites ce qui se passe, en {MIN_DESCRIPTION} caractères au moins."]
    if not 0 < data.amount <= cap:
        wrong["amount"] = [
            f"Entre 0 et {money_text(cap)} HT, le plafond d’une astreinte : au-delà, appelez le"
            " bailleur."
        ]
    for name in ("caller", "phone", "measures"):
        if not getattr(data, name).strip():
            wrong[name] = ["À renseigner."]
    if wrong:
        raise Invalid(wrong)


def _write(contract: Contract, data: OnCallInput, order_id: UUID | None) -> Order:
    """Keep case, order, contact and budget, in the landlord's scope."""
    landlord_id, now = contract.landlord_id, clock.now()
    own = Group.objects.filter(landlord_id=landlord_id, archived_at__isnull=True)
    group = groups_within(own, contract).filter(pk=data.group_id).first()
    if group is None:
        raise Invalid({"residence": ["Ce marché ne couvre pas cette résidence."]})
    (case_reference,) = next_references(landlord_id=landlord_id, prefix="D")
    (reference,) = next_references(landlord_id=landlord_id, prefix="C")
    # The counters are locked: of two at once, the second one looks when the first is committed.
    if order_id:
        mine = Order.objects.filter(pk=order_id, contractor_id=contract.contractor_id)
        if made := mine.first():
            raise AlreadyDrafted(made)
    unit = places.unit_of(group, UnitKind(data.kind), data.number)
    title = " ".join(data.description.split())[:160]
    case = Case(landlord_id=landlord_id, unit=unit, reference=case_reference, title=title)
    case.save(force_insert=True)
    within = contract.on_call_hours or contract.urgent_hours
    ack, arrival = urgency.deadlines(
        Priority.URGENT, data.hazard, within, now, contract.urgent_ack_hours
    )
    order = Order(
        id=order_id or new_id(),
        landlord_id=landlord_id,
        contractor_id=contract.contractor_id,
        case=case,
        reference=reference,
        department=DESK_OF_ON_CALL,
        state=OrderState.ACCEPTED,
        state_since=now,
        issued_at=now,
        accepted_at=now,
        ack_due_at=ack,
        arrival_due_at=arrival,
        **order_values(_as_ordered(contract, data, unit, title), unit),
        **territories(landlord_id, [group.pk])[group.pk],
    )
    try:
        with explained():
            order.save(force_insert=True)
    except IntegrityError as error:  # the key of an order that isn't ours
        raise Invalid({"send_key": ["Rechargez la page, puis recommencez."]}) from error
    OrderBudget(landlord_id=landlord_id, contractor_id=contract.contractor_id, order=order).save(
        force_insert=True
    )
    OrderContact(
        landlord_id=landlord_id, order=order, name=data.caller.strip(), phone=data.phone
    ).save(force_insert=True)
    return order


def _as_ordered(contract: Contract, data: OnCallInput, unit: Unit, title: str) -> OrderInput:
    return OrderInput(
        unit_id=unit.pk,
        title=title,
        nature=Nature.ON_CALL.value,
        priority=Priority.URGENT.value,
        trade_code=data.trade_code,
        contract_id=contract.pk,
        description=data.description,
        target_date=sla_date(contract, Priority.URGENT),
        entrance=data.entrance or unit.entrance,
        floor=data.floor,
        door=data.door,
        phone=data.phone,
        hazard=data.hazard,
        asbestos=Asbestos.URGENT.value,
        asbestos_measures=data.measures.strip(),
    )


def _go(order: Order, actor: Actor) -> None:
    """Give the technician who opens an order a visit that stands from now on."""
    member = own_technician(actor.membership_id, actor)
    assert member is not None
    start = clock.now()
    end = start + ON_SITE_WITHIN
    visit = new_visit(
        order, start=start, end=end, technician_id=member.pk, first_name=first_name_of(member)
    )
    record_visit(events.VisitProposed(start=start, end=end), visit, order, actor)
    confirm(visit, order, actor, call_noted=True)


def _correct(order: Order, actor: Actor, completion: Completion) -> None:
    """Write the dwelling and the landlord's own number; the case follows its dwelling.

    Who lives there reads along from now on, and is the one to call before whoever called.
    """
    number = " ".join(completion.number.split())
    unit = order.unit
    if number != unit.number:
        unit = places.get_or_make_unit(
            actor=actor, group_id=unit.group_id, kind=UnitKind(unit.kind), number=number
        )
        Case.objects.filter(landlord_id=order.landlord_id, pk=order.case_id).update(unit=unit)
    order.unit = unit
    order.place_unit = str(unit)
    order.external_number = completion.external_number.strip()
    changed = ["unit", "place_unit", "external_number"]
    tenant = places.tenant_of(unit) if unit.kind == UnitKind.DWELLING else None
    if tenant is not None and order.reader_case_id is None:
        _attach(order, tenant)
        changed += ["tenant", "reader_case"]
    with explained():
        order.save(update_fields=changed)


def _attach(order: Order, tenant: Tenant) -> None:
    Case.objects.filter(landlord_id=order.landlord_id, pk=order.case_id).update(tenant=tenant)
    order.tenant_id, order.reader_case_id = tenant.pk, order.case_id
    # What is written to the tenant must not reach a caretaker or a neighbour who called.
    contact = OrderContact.objects.get(landlord_id=order.landlord_id, order_id=order.pk)
    if contact.phone != tenant.phone:
        contact.second_phone = contact.phone
    contact.name, contact.phone, contact.email = str(tenant), tenant.phone, tenant.email
    contact.save(update_fields=["name", "phone", "second_phone", "email"])
    links.link_for(Case.objects.get(landlord_id=order.landlord_id, pk=order.case_id))
