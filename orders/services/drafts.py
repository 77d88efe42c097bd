"""Typing an order: drafts, and completing what came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from nexxio.core import clock, places
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Case, Unit
from nexxio.core.outbox import record
from nexxio.core.references import next_references
from orders import events, policies
from orders.models import (
    Contract,
    Order,
    OrderBudget,
    OrderContact,
    OrderLine,
    VariationLine,
)
from orders.natures import IN_HOMES
from orders.order_facts import sla_date
from orders.services.amounts import MAX_TOTAL
from orders.services.clauses import ClausesInput, company_typed, write_clauses
from orders.services.moves import (
    lock_order,
)
from orders.services.pricing import LineInput, make_lines, price_date, resolve, write_totals
from orders.services.territories import territories
from orders.states import (
    AccessDuty,
    Asbestos,
    Hazard,
    Nature,
    OrderState,
    Priority,
    SupersedeReason,
)
from orders.terms import AttributionReason
from orders.working_days import department_of


@dataclass(frozen=True, kw_only=True)
class OrderInput:
    """An order as typed. Everything but the unit and the title may still be missing in a draft.

    quote_cap: euros excluding VAT up to which works are accepted without another approval.
    """

    unit_id: UUID
    title: str
    nature: str = Nature.MAINTENANCE
    priority: str = Priority.NORMAL
    trade_code: str = ""
    contract_id: UUID | None = None
    description: str = ""
    target_date: date | None = None
    entrance: str = ""
    floor: str = ""
    door: str = ""
    contact_name: str = ""
    phone: str = ""
    second_phone: str = ""
    email: str = ""
    access: tuple[str, ...] = ()
    access_code: str = ""
    asbestos: str = ""
    asbestos_measures: str = ""
    access_duty: str = ""
    hazard: str = ""
    commitment_number: str = ""
    service_code: str = ""
    external_number: str = ""
    target_note: str = ""
    rule_reason: str = ""
    rule_note: str = ""
    quote_cap: Decimal | None = None
    clauses: ClausesInput = field(default_factory=ClausesInput)
    lines: tuple[LineInput, ...] = field(default_factory=tuple)


class AlreadyDrafted(Refused):
    """The form was sent twice; `order` is what the first time made."""

    def __init__(self, order: Order) -> None:
        super().__init__("Cette commande est déjà enregistrée.", code="repeated")
        self.order = order


@transaction.atomic
def draft_order(
    *,
    actor: Actor,
    data: OrderInput,
    order_id: UUID | None = None,
    replaces: Order | None = None,
    follows: Order | None = None,
    own_case: bool = False,
) -> Order:
    """Create a draft and its case, for the actor's landlord.

    replaces: a locked order of the same dwelling whose place it will take; follows: one that goes
    on beside it. Both lend it their case unless own_case says otherwise.

    order_id: key of the new order, chosen when the form was shown, so that sending it twice makes
    one. Locks the counters of references. Raises Invalid for a unit, contract or price item that
    the landlord doesn't have and for a number of his own that another order has, Refused when the
    actor only reads, AlreadyDrafted for a repeat.
    """
    if not actor.has(*policies.DESK):
        raise Refused("Votre rôle ne permet pas de créer une commande.", code="role")
    unit = _unit(data.unit_id)
    _require_contract(data)
    landlord_id = unit.landlord_id
    former = None if own_case else replaces or follows
    (case_reference,) = (
        next_references(landlord_id=landlord_id, prefix="D") if former is None else ("",)
    )
    (reference,) = next_references(landlord_id=landlord_id, prefix="C")
    # The counters are locked: of two at once, the second one looks when the first is committed.
    if order_id and (made := Order.objects.filter(pk=order_id).first()):
        raise AlreadyDrafted(made)
    case = former.case if former is not None else _new_case(unit, data, case_reference)
    order = Order(
        id=order_id or new_id(),
        landlord_id=landlord_id,
        case=case,
        supersedes=replaces,
        follows_id=_goes_on_after(replaces, follows),
        reference=reference,
        author_id=actor.user_id,
        department=actor.department,
        state_since=clock.now(),
        **order_values(_completed(data), unit),
        **_territory(unit),
    )
    try:
        with explained():
            order.save(force_insert=True)
    except IntegrityError as error:  # the key of an order that isn't ours
        raise Invalid({"own_id": ["Rechargez la page, puis recommencez."]}) from error
    OrderBudget(landlord_id=landlord_id, order=order).save(force_insert=True)
    OrderContact(landlord_id=landlord_id, order=order).save(force_insert=True)
    _write_details(order, data)
    record(
        events.OrderDrafted(),
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=case.pk,
    )
    return order


@transaction.atomic
def update_order(*, actor: Actor, order_id: UUID, version: int, data: OrderInput) -> Order:
    """Rewrite a draft, or an order that was returned.

    Locks the order. Raises Refused when it can't be edited any more, and when `version` isn't the
    one the form was opened with: somebody else saved in between. A draft's case follows its
    dwelling; an order that has left keeps its place, its contract and its tenant (Invalid). What
    corrects another order for another dwelling gets a case of its own. Invalid as for a draft.
    """
    order = lock_order(order_id)
    if not policies.can_edit(actor, order):
        raise Refused("Cette commande ne peut plus être modifiée.", code="state")
    if order.version != version:
        raise Refused(
            "Quelqu’un d’autre a modifié la commande entre-temps. Votre saisie est gardée"
            " ci-dessous : comparez, puis enregistrez à nouveau.",
            code="version",
        )
    _require_contract(data)
    unit = _unit(data.unit_id)
    values: dict[str, Any] = {
        **order_values(_completed(data), unit),
        **_territory(unit),
        "version": order.version + 1,
    }
    if unit.pk != order.unit_id:
        why = why_it_stays(order)
        if why:
            raise Invalid({"unit": [why]})
        if _is_on_case_of(order, [order.supersedes_id]):
            values["case"] = _new_case(unit, data)  # who lives at the wrong place reads nothing
    _require_same_company(order, data)
    for name, value in values.items():
        setattr(order, name, value)
    with explained():
        order.save(update_fields=list(values))
    # What its tenant reads stays the former order's until a successor leaves; what follows
    # another order on its case never renames that.
    place: dict[str, Any] = {}
    lent = [order.follows_id]
    if order.state == OrderState.DRAFT:
        place = {"unit_id": unit.pk, "tenant_id": _tenant_of(unit, data.nature)}
        lent.append(order.supersedes_id)
    if not _is_on_case_of(order, lent):
        Case.objects.filter(pk=order.case_id).update(title=order.title, **place)
    _write_details(order, data)
    return order


def why_it_stays(order: Order) -> str:
    """Return in words why an order can't get another dwelling; "" where it can.

    A draft can, unless it goes on after another order, or has another company take one over.
    """
    if order.state != OrderState.DRAFT:
        return "Une commande déjà transmise garde son logement."
    if order.follows_id is not None:
        return "La suite d’une commande garde son logement."
    if order.supersedes_id is None:
        return ""
    former = Order.objects.filter(pk=order.supersedes_id, landlord_id=order.landlord_id).first()
    if former is not None and former.superseded_reason != SupersedeReason.CORRECTED:
        return "Une commande qui en remplace une autre garde son logement."
    return ""


def order_values(data: OrderInput, unit: Unit) -> dict[str, Any]:
    """Return the columns of an order as typed; its unit comes with its group."""
    group = unit.group
    return {
        "unit_id": unit.pk,
        "title": " ".join(data.title.split())[:160],
        "nature": data.nature,
        "priority": data.priority,
        "trade_id": data.trade_code or None,
        "contract_id": data.contract_id,
        "description": data.description.strip(),
        "target_date": data.target_date,
        "external_number": data.external_number.strip(),
        "place_name": group.name,
        "place_address": group.address,
        "place_city": f"{group.postcode} {group.city}",
        "place_unit": str(unit),
        "place_entrance": data.entrance,
        "place_floor": data.floor,
        "place_door": data.door,
        "has_phone": bool(data.phone),
        "has_access": bool(data.access),
        "asbestos": data.asbestos,
        "asbestos_measures": data.asbestos_measures,
        # What is a danger is never closed for want of access.
        "access_duty": data.access_duty or (AccessDuty.HAZARD.value if data.hazard else ""),
        "hazard": data.hazard if data.hazard in Hazard.values else "",
        "target_note": data.target_note.strip()[:200],
        "rule_reason": data.rule_reason if data.rule_reason in AttributionReason.values else "",
        "rule_note": data.rule_note.strip()[:300],
    }


def _new_case(unit: Unit, data: OrderInput, reference: str = "") -> Case:
    """Make the case of a dwelling. reference: one that is taken already."""
    if not reference:
        (reference,) = next_references(landlord_id=unit.landlord_id, prefix="D")
    case = Case(
        landlord_id=unit.landlord_id,
        unit=unit,
        tenant_id=_tenant_of(unit, data.nature),
        reference=reference,
        title=" ".join(data.title.split())[:160],
    )
    case.save(force_insert=True)
    return case


def _goes_on_after(replaces: Order | None, follows: Order | None) -> UUID | None:
    """Return what a new order follows; one that takes a following order's place, the same."""
    if follows is not None:
        return follows.pk
    return replaces.follows_id if replaces is not None else None


def _is_on_case_of(order: Order, others: Iterable[UUID | None]) -> bool:
    """Tell whether an order is on the case of one of others, which lent it."""
    keys = [pk for pk in others if pk is not None]
    if not keys:
        return False
    lenders = Order.objects.filter(landlord_id=order.landlord_id, pk__in=keys)
    return lenders.filter(case_id=order.case_id).exists()


def _completed(data: OrderInput) -> OrderInput:
    """Have an order without a date take the one that its contract's delay gives.

    An urgent one with the company's measures takes urgency as its ground of exemption (asbestos).
    """
    if data.priority == Priority.URGENT and data.asbestos_measures.strip() and not data.asbestos:
        data = replace(data, asbestos=Asbestos.URGENT.value)
    if data.target_date is not None or data.contract_id is None:
        return data
    contract = Contract.objects.get(pk=data.contract_id)
    where = department_of(_unit(data.unit_id).group.postcode)
    return replace(data, target_date=sla_date(contract, data.priority, where=where))


def _unit(unit_id: UUID) -> Unit:
    unit = places.find_unit(unit_id)
    if unit is None:
        raise Invalid({"unit": ["Ce logement n’existe pas dans votre patrimoine."]})
    return unit


def _territory(unit: Unit) -> dict[str, UUID | None]:
    return territories(unit.landlord_id, [unit.group_id])[unit.group_id]


def _tenant_of(unit: Unit, nature: str) -> UUID | None:
    """Return who will follow the case: the dwelling's tenant, for works in his home."""
    tenant = places.tenant_of(unit) if nature in IN_HOMES else None
    return tenant.pk if tenant else None


def _require_contract(data: OrderInput) -> None:
    if data.contract_id and not Contract.objects.filter(pk=data.contract_id).exists():
        raise Invalid({"contract": ["Ce marché n’existe pas."]})
    if data.contract_id and data.nature == Nature.OFF_CONTRACT:
        text = "Une commande hors marché n’a pas de marché : laissez le champ « Marché » vide."
        raise Invalid({"contract": [text]})


def _require_same_company(order: Order, data: OrderInput) -> None:
    """Raise Invalid where an order that has left would become another company's."""
    if order.contractor_id is None:
        return
    company = company_typed(data.clauses, data.nature)
    named = company == order.contractor_id or (company is None and order.contract_id is not None)
    if data.contract_id != order.contract_id or not named:
        field = "contract" if data.contract_id != order.contract_id else "company"
        raise Invalid({field: ["Une commande déjà transmise garde son marché et son entreprise."]})


def _said(lines: Iterable[OrderLine]) -> list[tuple[str, Decimal, Decimal]]:
    return sorted((line.label, line.quantity, line.unit_price) for line in lines)


def _write_details(order: Order, data: OrderInput) -> None:
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    OrderContact.objects.filter(**own).update(
        name=data.contact_name,
        phone=data.phone,
        second_phone=data.second_phone,
        email=data.email,
        access=list(data.access),
        access_code=data.access_code,
    )
    items = resolve(
        data.contract_id,
        [line.price_item_id for line in data.lines if line.price_item_id],
        price_date(order),
    )
    lines = make_lines(order, data.lines, items)
    taken_off = VariationLine.objects.filter(of_line__order_id=order.pk)
    if not taken_off.filter(landlord_id=order.landlord_id).exists():
        OrderLine.objects.filter(**own).delete()
        write_totals(order, lines)
        OrderLine.objects.bulk_create(lines)
    elif _said(lines) != _said(OrderLine.objects.filter(**own)):
        raise Invalid({"lines": ["Une moins-value porte sur ces lignes : elles ne changent plus."]})
    if data.quote_cap is not None and not 0 < data.quote_cap <= MAX_TOTAL:
        raise Invalid({"quote_cap": ["Indiquez un plafond de plus de 0 €."]})
    OrderBudget.objects.filter(**own).update(
        commitment_number=data.commitment_number,
        service_code=data.service_code,
        quote_cap=data.quote_cap,
    )
    write_clauses(order, data.clauses)
