"""The moves of an order. Each is one atomic block: lock, check, change, record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, links
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members.absences import stood_for
from nexxio.core.members.wording import department_choices
from nexxio.core.models import Case
from nexxio.core.outbox import record
from orders import events, policies, urgency
from orders.attribution import Due
from orders.models import (
    Order,
    OrderBudget,
    OrderClauses,
    OrderContact,
    OrderLine,
)
from orders.natures import IN_HOMES
from orders.obstacles import obstacle_to
from orders.services.attribution import due_of, note_departure
from orders.services.clauses import company_of, mention_vat
from orders.services.facts import committed_of, facts_of, require_complete
from orders.services.follow_ups import link_to_former
from orders.services.holds import end_hold
from orders.services.house import house_rules
from orders.services.moves import (
    desk_only,
    lock_contract,
    lock_order,
    move_order,
    move_visit_state,
    open_visit,
)
from orders.services.order_files import open_files
from orders.services.pricing import reprice
from orders.services.reductions import end_reduction
from orders.services.standing_in import covers, note_in_place_of
from orders.services.superseding import supersede_former
from orders.services.variations import require_none_open
from orders.states import (
    CancelReason,
    DeclineReason,
    Nature,
    OrderState,
    ReturnReason,
)

MUST_CALL = (
    "Un technicien est en route ou sur place : appelez d’abord l’entreprise, puis cochez cette"
    " case."
)
MUST_CALL_OWN = (
    "Un technicien est en route ou sur place : appelez-le d’abord, puis cochez cette case."
)


@transaction.atomic
def issue_order(*, actor: Actor, order_id: UUID) -> Order:
    """Send a draft to its contractor, or to approval when it is over the author's limit.

    Locks the order, those before it, then its contract. Raises Incomplete with what is missing,
    Conflict when it has already left.
    """
    order = lock_order(order_id)
    if order.state == OrderState.DRAFT:
        _require_complete(order)
    if not policies.within_limit(actor, committed_of(order)):
        answered = {"return_note": ""}
        return move_order("submit", order, actor, event=events.OrderSubmitted(), changes=answered)
    return _leave(order, actor, name="issue")


@transaction.atomic
def approve_order(*, actor: Actor, order_id: UUID) -> Order:
    """Approve and issue an order over its author's limit.

    Raises Refused when the approver is the author, or neither his own limit nor that of somebody
    absent for whom he stands in covers it; in whose place he approves is recorded. Whose turn it
    is was asked of its author: meanwhile it may have become another's, which changes nothing.
    """
    order = lock_order(order_id)
    absent = None
    if order.state == OrderState.PENDING_APPROVAL:
        _require_complete(order, asks_turn=False)
        total = committed_of(order)
        if order.author_id == actor.user_id:
            raise Refused("Vous ne pouvez pas valider votre propre commande.", code="author")
        if not policies.within_limit(actor, total):
            absent = policies.approves_for(order, total, stood_for(actor))
            if absent is None:
                raise Refused("Le montant dépasse aussi votre limite.", code="limit")
    moved = _leave(order, actor, name="approve")
    if absent is not None:
        record(
            events.ApprovedForAnother(membership_id=absent.pk, act="order"),
            actor=actor,
            subject=moved,
            subject_type="order",
            order_id=moved.pk,
            case_id=moved.case_id,
        )
    return moved


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
def recall_order(*, actor: Actor, order_id: UUID) -> Order:
    """Take an order of one's own back from approval: it is a draft again. Locks it.

    Raises Refused for anybody but its author, Conflict when it isn't there any more.
    """
    order = lock_order(order_id)
    if order.state == OrderState.PENDING_APPROVAL and order.author_id != actor.user_id:
        raise Refused("Seul son auteur reprend une commande en validation.", code="author")
    return move_order("send_back", order, actor, event=events.OrderRecalled(), changes={})


@transaction.atomic
def reissue_order(*, actor: Actor, order_id: UUID) -> Order:
    """Send a completed order back to its contractor.

    Raises Refused when the amount is over the actor's limit and that of whoever he stands in for:
    it may have grown since the order was issued. He asks a colleague then (reissuing.py); there is
    no way back to approval, because the contractor has seen the order.
    """
    order = lock_order(order_id)
    total = Decimal(0)
    if order.state == OrderState.RETURNED:
        _require_complete(order)
        total = committed_of(order)
        if policies.acts(actor) and not covers(actor, total):
            raise Refused(
                "Le montant dépasse votre limite : demandez à un collègue dont la limite le couvre"
                " de transmettre la commande à nouveau.",
                code="limit",
            )
    moved = _leave(order, actor, name="complete_and_reissue")
    note_in_place_of(actor, total, moved, moved, act="order")
    return moved


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
def decline_order(*, actor: Actor, order_id: UUID, reason: str, note: str = "") -> Order:
    """State a reserve with a coded reason; words for the landlord come on top."""
    if reason not in DeclineReason.values:
        raise Invalid({"reason": ["Choisissez un motif."]})
    return move_order(
        "decline",
        lock_order(order_id),
        actor,
        event=events.OrderDeclined(reason=reason),
        changes={"decline_reason": reason, "decline_note": note.strip()[:300]},
    )


@transaction.atomic
def reopen_order(*, actor: Actor, order_id: UUID, reason: str = "") -> Order:
    """Say that it isn't fixed: the order is the contractor's again, and counts.

    reason: what isn't fixed, for the contractor. Raises Invalid when the landlord gives none; a
    tenant may leave it out; Refused once an invoice of it is approved.
    """
    if actor.side is Side.LANDLORD and not reason.strip():
        raise Invalid({"reason": ["Indiquez ce qui n’est pas réglé."]})
    order = lock_order(order_id)
    obstacle = obstacle_to("reopen", order)

    def policy(who: Actor, row: Order) -> Refused | None:
        if obstacle is not None and who.side is not Side.TENANT:
            return obstacle
        if obstacle is not None:  # he reads nothing of invoices
            text = "Dites ce qui ne va pas en signant : votre bailleur vérifie et vous répond."
            return Refused(text, code="checked")
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
            "invoice_remind_at": None,
        },
    )


@transaction.atomic
def cancel_order(
    *, actor: Actor, order_id: UUID, reason: str, note: str = "", call_noted: bool = False
) -> Order:
    """Give an order up, with a coded reason and its appointment: the landlord, or its company
    where the contract grants it.

    note: in words, on top of the reason, for the other organisation. call_noted: the company was
    called. Raises Invalid without it while somebody is on the way or on site: he must hear it from
    a person; Refused while a variation waits for an answer.
    """
    if reason not in CancelReason.values:
        raise Invalid({"reason": ["Choisissez un motif."]})
    order = lock_order(order_id)
    if policies.can_cancel(actor, order):
        require_none_open(order, gives_up=True)
    visit = open_visit(order)
    called = False
    if visit is not None:
        called = policies.is_under_way(visit)
        if called and not call_noted and policies.can_cancel(actor, order):
            own = actor.side is Side.CONTRACTOR
            raise Invalid({"call_noted": [MUST_CALL_OWN if own else MUST_CALL]})
        name = "recall" if called else "cancel_visit"
        move_visit_state(name, visit.pk, order, actor, event=events.VisitCancelled())
    order = move_order(
        "cancel",
        order,
        actor,
        event=events.OrderCancelled(reason=reason, call_noted=called),
        policy=_may_cancel,
        changes={
            "cancel_reason": reason,
            "cancel_note": note.strip()[:300],
            "closed_at": clock.now(),
        },
    )
    end_hold(order, actor)
    end_reduction(order, actor)
    return order


@transaction.atomic
def give_department(*, actor: Actor, order_id: UUID, department: str) -> Order:
    """Give what the landlord owes on an order to one of its services, which answers from now on.

    Locks the order. Raises Invalid for no service of a landlord.
    """
    if department not in dict(department_choices(Side.LANDLORD)):
        raise Invalid({"department": ["Choisissez un service."]})
    order = lock_order(order_id)
    if actor.side is not Side.LANDLORD or not policies.acts(actor):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    if order.department == department:
        return order
    order.department = department
    order.save(update_fields=["department"])
    record(
        events.DepartmentGiven(department=department),
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return order


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


def _require_complete(order: Order, *, asks_turn: bool = True) -> None:
    """Check an order that is about to draw on its contract's ceiling, at the prices in force.

    asks_turn: a reason is wanted where it isn't the company's turn. Locks the orders that this one
    takes the place of and goes on after, then the contract.
    """
    if order.issued_at is None:  # they change when it leaves: orders come before contracts
        for former_id in filter(None, (order.supersedes_id, order.follows_id)):
            lock_order(former_id)
    lock_contract(order)
    reprice(order)
    facts = facts_of(order)
    require_complete(facts if asks_turn else replace(facts, leaves_rule=False))


def _may_cancel(actor: Actor, order: Order) -> Refused | None:
    if policies.can_cancel(actor, order):
        return None
    return Refused("Votre rôle ou le marché ne le permet pas.", code="role")


def _leave(order: Order, actor: Actor, *, name: str) -> Order:
    """Issue: the contractor (and the tenant, if there is one) may read from now on.

    Whatever order it takes the place of ends first, in the same transaction.
    """
    if order.supersedes_id is not None and order.issued_at is None:
        supersede_former(order, actor)
        Case.objects.filter(pk=order.case_id).update(title=order.title)
    first = order.issued_at is None
    due = due_of(order) if first else Due()
    contract, now = order.contract, clock.now()
    company_id = company_of(order)
    if order.contractor_id is not None and order.contractor_id != company_id:
        raise Refused("Une commande déjà transmise garde son entreprise.", code="company")
    # A dwelling's own works are followed by whoever lives there; other natures only if one does.
    in_home = order.nature in IN_HOMES and order.case.tenant_id is not None
    tenant_side = order.nature == Nature.MAINTENANCE or in_home
    changes: dict[str, Any] = {
        "contractor_id": company_id,
        "tenant_id": order.case.tenant_id if tenant_side else None,
        "reader_case_id": order.case_id if tenant_side else None,
        "issued_at": order.issued_at or now,
        "returned_items": [],
        "return_note": "",
        "reissue_asked_at": None,
        "reissue_note": "",
    }
    hours = (contract.urgent_hours, contract.urgent_ack_hours) if contract else (None, None)
    changes["ack_due_at"], changes["arrival_due_at"] = urgency.deadlines(
        order.priority, order.hazard, hours[0], now, hours[1]
    )
    if first and not due.leaves_rule(order.contract_id):
        changes |= {"rule_reason": "", "rule_note": ""}
    again = name == "complete_and_reissue"
    moved = move_order(
        name,
        order,
        actor,
        event=events.OrderIssued(again=again),
        changes=changes,
    )
    note_departure(moved, due, actor)
    house = house_rules(order.landlord_id)
    if first and house.vat_mention:
        mention_vat(moved)
    if first:
        link_to_former(moved, actor)
    open_files(moved)
    for model in (OrderLine, OrderBudget, OrderClauses):
        model.objects.filter(landlord_id=order.landlord_id, order_id=order.pk).update(
            contractor_id=moved.contractor_id
        )
    OrderBudget.objects.filter(landlord_id=order.landlord_id, order_id=order.pk).update(
        billing_address=house.billing_address
    )
    if tenant_side:
        links.link_for(order.case)
    return moved
