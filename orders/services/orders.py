"""Writes of orders. Each is one atomic block: lock, check, change, record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum

from nexxio.core import clock, links, places
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Incomplete, Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Case, Unit
from nexxio.core.outbox import record
from nexxio.core.references import next_references
from orders import events, policies
from orders.completeness import Facts, check, facts_from
from orders.models import (
    Contract,
    Order,
    OrderBudget,
    OrderContact,
    OrderLine,
    PriceItem,
)
from orders.services.moves import (
    desk_only,
    lock_contract,
    lock_order,
    move_order,
    move_visit_state,
    open_visit,
)
from orders.states import (
    CancelReason,
    DeclineReason,
    Nature,
    OrderState,
    Priority,
    ReturnReason,
)

CENT = Decimal("0.01")
MAX_TOTAL = Decimal("9999999.99")
"""Most that one order may come to, VAT included: ten times the largest contract seen."""
DEFAULT_TARGET = timedelta(days=21)
MUST_CALL = (
    "Un technicien est en route ou sur place : appelez d'abord l'entreprise, puis cochez cette"
    " case."
)
NOT_DRAWN = (
    OrderState.DRAFT,
    OrderState.PENDING_APPROVAL,
    OrderState.DECLINED,
    OrderState.CANCELLED,
)
"""Orders that draw nothing on their contract's ceiling: not sent, refused, or given up."""


@dataclass(frozen=True)
class LineInput:
    """One price line as typed. quantity: in the item's unit."""

    price_item_id: UUID
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class OrderInput:
    """An order as typed. Everything but the unit and the title may still be missing in a draft."""

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
    commitment_number: str = ""
    service_code: str = ""
    external_number: str = ""
    lines: tuple[LineInput, ...] = field(default_factory=tuple)


class AlreadyDrafted(Refused):
    """The form was sent twice; `order` is what the first time made."""

    def __init__(self, order: Order) -> None:
        super().__init__("Cette commande est déjà enregistrée.", code="repeated")
        self.order = order


@transaction.atomic
def draft_order(*, actor: Actor, data: OrderInput, order_id: UUID | None = None) -> Order:
    """Create a draft and its case, for the actor's landlord.

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
    (case_reference,) = next_references(landlord_id=landlord_id, prefix="D")
    (reference,) = next_references(landlord_id=landlord_id, prefix="C")
    # The counters are locked: of two at once, the second one looks when the first is committed.
    if order_id and (made := Order.objects.filter(pk=order_id).first()):
        raise AlreadyDrafted(made)
    case = Case(
        landlord_id=landlord_id,
        unit=unit,
        tenant_id=_tenant_of(unit, data.nature),
        reference=case_reference,
        title=" ".join(data.title.split())[:160],
    )
    case.save(force_insert=True)
    order = Order(
        id=order_id or new_id(),
        landlord_id=landlord_id,
        case=case,
        reference=reference,
        author_id=actor.user_id,
        department=actor.department,
        state_since=clock.now(),
        **order_values(data, unit),
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
    dwelling; an order that has left keeps its place, its contract and its tenant (Invalid). Invalid
    as for a draft.
    """
    order = lock_order(order_id)
    if not policies.can_edit(actor, order):
        raise Refused("Cette commande ne peut plus être modifiée.", code="state")
    if order.version != version:
        raise Refused(
            "Quelqu'un d'autre a modifié la commande entre-temps. Votre saisie est gardée"
            " ci-dessous : comparez, puis enregistrez à nouveau.",
            code="version",
        )
    _require_contract(data)
    unit = _unit(data.unit_id)
    values = {**order_values(data, unit), "version": order.version + 1}
    if order.state != OrderState.DRAFT and unit.pk != order.unit_id:
        raise Invalid({"unit": ["Une commande déjà transmise garde son logement."]})
    if order.contract_id and order.contractor_id and data.contract_id != order.contract_id:
        raise Invalid(
            {"contract": ["Une commande déjà transmise garde son marché et son entreprise."]}
        )
    for name, value in values.items():
        setattr(order, name, value)
    with explained():
        order.save(update_fields=list(values))
    place: dict[str, Any] = {}
    if order.state == OrderState.DRAFT:
        place = {"unit_id": unit.pk, "tenant_id": _tenant_of(unit, data.nature)}
    Case.objects.filter(pk=order.case_id).update(title=order.title, **place)
    _write_details(order, data)
    return order


@transaction.atomic
def issue_order(*, actor: Actor, order_id: UUID) -> Order:
    """Send a draft to its contractor, or to approval when it is over the author's limit.

    Locks the order, then its contract. Raises Incomplete with what is missing, Conflict when it has
    already left.
    """
    order = lock_order(order_id)
    total = _budget_total(order)
    if order.state == OrderState.DRAFT:
        _require_complete(order)
    if not policies.within_limit(actor, total):
        return move_order("submit", order, actor, event=events.OrderSubmitted(), changes={})
    return _leave(order, actor, name="issue")


@transaction.atomic
def approve_order(*, actor: Actor, order_id: UUID) -> Order:
    """Approve and issue an order over its author's limit.

    Raises Refused when the approver is the author or his own limit is too low.
    """
    order = lock_order(order_id)
    if order.state == OrderState.PENDING_APPROVAL:
        _require_complete(order)
        if order.author_id == actor.user_id:
            raise Refused("Vous ne pouvez pas valider votre propre commande.", code="author")
        if not policies.within_limit(actor, _budget_total(order)):
            raise Refused("Le montant dépasse aussi votre limite.", code="limit")
    return _leave(order, actor, name="approve")


@transaction.atomic
def send_back_order(*, actor: Actor, order_id: UUID, reason: str) -> Order:
    """Refuse approval: the order is a draft again. The reason is kept on the order."""
    if not reason.strip():
        raise Invalid({"reason": ["Indiquez ce qui doit changer."]})
    return move_order(
        "send_back",
        lock_order(order_id),
        actor,
        event=events.OrderSentBack(),
        changes={"return_note": reason.strip()[:500]},
    )


@transaction.atomic
def reissue_order(*, actor: Actor, order_id: UUID) -> Order:
    """Send a completed order back to its contractor.

    Raises Refused when the amount is over the actor's limit: it may have grown since the order
    was issued. Whoever has a sufficient limit may send it; there is no way back to approval,
    because the contractor has seen the order.
    """
    order = lock_order(order_id)
    if order.state == OrderState.RETURNED:
        _require_complete(order)
        if policies.acts(actor) and not policies.within_limit(actor, _budget_total(order)):
            raise Refused(
                "Le montant dépasse votre limite : demandez à un collègue dont la limite le couvre"
                " de transmettre la commande à nouveau.",
                code="limit",
            )
    return _leave(order, actor, name="complete_and_reissue")


@transaction.atomic
def accept_order(*, actor: Actor, order_id: UUID) -> Order:
    """Take an order. From now on the contractor reads contact and access in clear."""
    return move_order(
        "accept",
        lock_order(order_id),
        actor,
        event=events.OrderAccepted(),
        changes={"accepted_at": clock.now()},
    )


@transaction.atomic
def return_order(*, actor: Actor, order_id: UUID, items: list[str], note: str = "") -> Order:
    """Send an incomplete order back with coded items; free text comes on top.

    Raises Invalid without items, Refused while a technician is under way. An appointment that
    was fixed is cancelled with it.
    """
    known = [item for item in items if item in ReturnReason.values]
    if not known:
        raise Invalid({"items": ["Cochez au moins un élément manquant."]})
    order = lock_order(order_id)
    visit = open_visit(order)

    def policy(who: Actor, row: Order) -> Refused | None:
        if policies.can_return(who, row, visit):
            return None
        under_way = Refused("Un technicien est en route ou sur place.", code="visit")
        return desk_only(who, row) or under_way

    order = move_order(
        "return_incomplete",
        order,
        actor,
        policy=policy,
        event=events.OrderReturned(items=tuple(known)),
        changes={"returned_items": known, "return_note": note.strip()[:500], "accepted_at": None},
    )
    if visit is not None:
        move_visit_state("cancel_visit", visit.pk, order, actor, event=events.VisitCancelled())
    return order


@transaction.atomic
def decline_order(*, actor: Actor, order_id: UUID, reason: str) -> Order:
    """State a reserve with a coded reason."""
    if reason not in DeclineReason.values:
        raise Invalid({"reason": ["Choisissez un motif."]})
    return move_order(
        "decline",
        lock_order(order_id),
        actor,
        event=events.OrderDeclined(reason=reason),
        changes={"decline_reason": reason},
    )


@transaction.atomic
def reopen_order(*, actor: Actor, order_id: UUID, reason: str = "") -> Order:
    """Say that it isn't fixed: the order is the contractor's again, and counts.

    reason: what isn't fixed, for the contractor. Raises Invalid when the landlord gives none; a
    tenant may leave it out.
    """
    if actor.side is Side.LANDLORD and not reason.strip():
        raise Invalid({"reason": ["Indiquez ce qui n'est pas réglé."]})
    order = lock_order(order_id)

    def policy(who: Actor, row: Order) -> Refused | None:
        if policies.can_reopen(who, row, clock.now()):
            return None
        return Refused("Le délai de 72 heures est passé : appelez votre bailleur.", code="late")

    return move_order(
        "reopen",
        order,
        actor,
        event=events.OrderReopened(times=order.reopened + 1),
        policy=policy,
        changes={
            "reopened": order.reopened + 1,
            "reopen_reason": reason.strip()[:200],
            "done_at": None,
        },
    )


@transaction.atomic
def cancel_order(*, actor: Actor, order_id: UUID, reason: str, call_noted: bool = False) -> Order:
    """Give an order up, with a coded reason and its appointment.

    call_noted: the company was called. Raises Invalid without it while somebody is on the way or
    on site: he must hear it from a person.
    """
    if reason not in CancelReason.values:
        raise Invalid({"reason": ["Choisissez un motif."]})
    order = lock_order(order_id)
    visit = open_visit(order)
    called = False
    if visit is not None:
        called = policies.is_under_way(visit)
        if called and not call_noted and policies.can_cancel(actor, order):
            raise Invalid({"call_noted": [MUST_CALL]})
        name = "recall" if called else "cancel_visit"
        move_visit_state(name, visit.pk, order, actor, event=events.VisitCancelled())
    return move_order(
        "cancel",
        order,
        actor,
        event=events.OrderCancelled(reason=reason, call_noted=called),
        changes={"cancel_reason": reason, "closed_at": clock.now()},
    )


@transaction.atomic
def renew_link(*, actor: Actor, order_id: UUID) -> Order:
    """End the links by which the order's tenant follows it, and send him another one.

    Locks the order. Raises Refused when no tenant follows it, or the actor only reads.
    """
    order = lock_order(order_id)
    if not policies.can_renew_link(actor, order):
        raise Refused("Aucun locataire ne suit cette commande par un lien.", code="link")
    links.renew(order.case)
    record(
        events.LinkRenewed(),
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return order


@transaction.atomic
def read_contact(*, actor: Actor, order_id: UUID) -> OrderContact:
    """Return contact and access in clear, and log the look (organisation and role)."""
    order = Order.objects.get(pk=order_id)
    contact = OrderContact.objects.get(order_id=order_id)
    record(
        events.ContactRead(),
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return contact


def typed_values(order: Order) -> dict[str, Any]:
    """Return a stored order by the names of the form's fields."""
    contact, budget = order.contact, order.budget
    return {
        "unit": order.unit_id,
        "nature": order.nature,
        "priority": order.priority,
        "title": order.title,
        "description": order.description,
        "trade": order.trade_id,
        "contract": order.contract_id,
        "target_date": order.target_date,
        "entrance": order.place_entrance,
        "floor": order.place_floor,
        "door": order.place_door,
        "contact_name": contact.name,
        "phone": contact.phone,
        "second_phone": contact.second_phone,
        "email": contact.email,
        "access": contact.access,
        "access_code": contact.access_code,
        "asbestos": order.asbestos,
        "asbestos_measures": order.asbestos_measures,
        "commitment_number": budget.commitment_number,
        "service_code": budget.service_code,
        "external_number": order.external_number,
    }


def facts_of(order: Order) -> Facts:
    """Return what completeness asks of a stored order."""
    lines = OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return facts_from(
        typed_values(order),
        contract=order.contract,
        ceiling_left=ceiling_left(order.contract, excluding=order.pk) if order.contract else None,
        line_count=lines.count(),
        total=_budget_total(order),
    )


def ceiling_left(contract: Contract, *, excluding: UUID | None = None) -> Decimal | None:
    """Return what is left of a contract's ceiling, euros excluding VAT; None without ceiling."""
    return ceilings_left([contract], excluding=excluding)[contract.pk]


def ceilings_left(
    contracts: Sequence[Contract], *, excluding: UUID | None = None
) -> dict[UUID, Decimal | None]:
    """Return what is left of each contract's ceiling, by its id. The database adds up."""
    limited = [contract for contract in contracts if contract.ceiling is not None]
    drawn = OrderBudget.objects.filter(
        order__contract_id__in=[contract.pk for contract in limited],
        order__landlord_id__in={contract.landlord_id for contract in limited},
    ).exclude(order__state__in=NOT_DRAWN)
    if excluding:
        drawn = drawn.exclude(order_id=excluding)
    sums = dict(
        drawn.order_by().values_list("order__contract_id").annotate(Sum("total_without_vat"))
        if limited
        else ()
    )
    return {
        contract.pk: None
        if contract.ceiling is None
        else contract.ceiling - sums.get(contract.pk, Decimal(0))
        for contract in contracts
    }


# --- inside -----------------------------------------------------------------------------------


def _require_complete(order: Order) -> None:
    """Check an order that is about to draw on its contract's ceiling. Locks the contract."""
    lock_contract(order)
    found = check(facts_of(order))
    if not found.is_complete:
        raise Incomplete(
            "La commande ne peut pas partir : il manque des éléments.",
            missing=[(rule.code, str(rule.sentence)) for rule in found.missing],
        )


def _leave(order: Order, actor: Actor, *, name: str) -> Order:
    """Issue: the contractor (and the tenant, if there is one) may read from now on."""
    contract = order.contract
    tenant_side = order.nature == Nature.MAINTENANCE
    changes: dict[str, Any] = {
        "contractor_id": contract.contractor_id if contract else None,
        "tenant_id": order.case.tenant_id if tenant_side else None,
        "reader_case_id": order.case_id if tenant_side else None,
        "issued_at": order.issued_at or clock.now(),
        "returned_items": [],
        "return_note": "",
    }
    again = name == "complete_and_reissue"
    moved = move_order(
        name,
        order,
        actor,
        event=events.OrderIssued(again=again),
        changes=changes,
    )
    for model in (OrderLine, OrderBudget):
        model.objects.filter(landlord_id=order.landlord_id, order_id=order.pk).update(
            contractor_id=moved.contractor_id
        )
    if tenant_side:
        links.link_for(order.case)
    return moved


def _budget_total(order: Order) -> Decimal:
    return OrderBudget.objects.get(order_id=order.pk).total_without_vat


def _unit(unit_id: UUID) -> Unit:
    unit = places.find_unit(unit_id)
    if unit is None:
        raise Invalid({"unit": ["Ce logement n'existe pas dans votre patrimoine."]})
    return unit


def _tenant_of(unit: Unit, nature: str) -> UUID | None:
    """Return who will follow the case: the dwelling's tenant, for works in his home."""
    tenant = places.tenant_of(unit) if nature == Nature.MAINTENANCE else None
    return tenant.pk if tenant else None


def _require_contract(data: OrderInput) -> None:
    if data.contract_id and not Contract.objects.filter(pk=data.contract_id).exists():
        raise Invalid({"contract": ["Ce marché n'existe pas."]})


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
    }


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
    items = {
        item.pk: item
        for item in PriceItem.objects.filter(
            landlord_id=order.landlord_id,
            contract=data.contract_id,
            pk__in=[line.price_item_id for line in data.lines],
        )
    }
    if any(line.price_item_id not in items for line in data.lines):
        raise Invalid({"lines": ["Un article n'appartient pas au bordereau de ce marché."]})
    OrderLine.objects.filter(**own).delete()
    lines = [
        line_of(order, items[line.price_item_id], line.quantity, rank)
        for rank, line in enumerate(data.lines, start=1)
    ]
    without_vat, vat = totals_of(lines)
    if without_vat + vat > MAX_TOTAL:
        largest = max(lines, key=lambda line: line.total_without_vat)
        raise Invalid(
            {
                "lines": [
                    "Le montant de la commande dépasse 9 999 999,99 € TTC : vérifiez la"
                    f" quantité de la ligne {largest.rank} ({largest.code})."
                ]
            }
        )
    OrderLine.objects.bulk_create(lines)
    OrderBudget.objects.filter(**own).update(
        total_without_vat=without_vat,
        total_vat=vat,
        total_with_vat=without_vat + vat,
        commitment_number=data.commitment_number,
        service_code=data.service_code,
    )


def line_of(order: Order, item: PriceItem, quantity: Decimal, rank: int) -> OrderLine:
    """Return an unsaved line that copies its article."""
    total = (item.unit_price * quantity).quantize(CENT, ROUND_HALF_UP)
    return OrderLine(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order=order,
        price_item=item,
        rank=rank,
        code=item.code,
        label=item.label,
        unit=item.unit,
        unit_price=item.unit_price,
        vat_rate=item.vat_rate,
        quantity=quantity,
        total_without_vat=total,
    )


def totals_of(lines: list[OrderLine]) -> tuple[Decimal, Decimal]:
    """Return (total excluding VAT, VAT): VAT is rounded once per rate group."""
    groups: dict[Decimal, Decimal] = {}
    for line in lines:
        groups[line.vat_rate] = groups.get(line.vat_rate, Decimal(0)) + line.total_without_vat
    vat = sum(
        ((total * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate, total in groups.items()),
        Decimal(0),
    )
    return sum(groups.values(), Decimal(0)), vat
