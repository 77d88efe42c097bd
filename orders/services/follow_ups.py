"""Works done in part that another trade goes on with, or that wait for the landlord's word."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid
from orders import events, policies
from orders.models import LinkRole, Order, OrderLink
from orders.next_steps import NextStep
from orders.services.bulk import contact_since
from orders.services.drafts import AlreadyDrafted, OrderInput, draft_order
from orders.services.moves import lock_order, record_of_order
from orders.services.order_files import copy_files


@transaction.atomic
def draft_follow_up(
    *, actor: Actor, former_id: UUID, data: OrderInput, order_id: UUID | None = None
) -> Order:
    """Draft the order of another trade on the case of works that are done in part.

    The former order goes on as it is; its files but quotes go along. Where somebody else lives
    there now the works have a case of their own: the former tenant reads nothing of them.
    order_id: as `draft_order` takes it. Locks the former order. Raises Conflict unless it waits
    for another trade and none has been begun, Invalid for another place, AlreadyDrafted for a
    repeat.
    """
    former = lock_order(former_id)
    if order_id and (made := Order.objects.filter(pk=order_id).first()):
        raise AlreadyDrafted(made)
    if not policies.can_order_follow_up(actor, former):
        raise Conflict("Cette commande n’attend plus d’autre corps d’état.")
    if begun := _unsent_follower(former):
        raise Conflict(f"La commande {begun.reference} est déjà préparée pour l’autre métier.")
    if data.unit_id != former.unit_id:
        raise Invalid({"unit": ["La suite d’une commande garde son logement."]})
    order = draft_order(
        actor=actor,
        data=data,
        order_id=order_id,
        follows=former,
        own_case=contact_since(former) is not None,
    )
    copy_files(former, order, same_company=False)
    return order


@transaction.atomic
def decide_next_step(*, actor: Actor, order_id: UUID, decision: str) -> Order:
    """Say how works done in part go on: the company reads it, and it is its turn again.

    decision: in words, at most 300 characters; it replaces what was planned, and the tenant reads
    it too. Locks the order. Raises Invalid without it, Conflict unless it waits for the landlord.
    """
    if not decision.strip():
        raise Invalid({"decision": ["Écrivez votre décision."]})
    order = lock_order(order_id)
    if not policies.can_decide_next_step(actor, order):
        raise Conflict("Cette commande n’attend pas votre décision.")
    order.next_step = decision.strip()[:300]
    order.next_kind = NextStep.RETURN
    order.save(update_fields=["next_step", "next_kind"])
    record_of_order(events.NextStepDecided(), order, actor)
    return order


def link_to_former(order: Order, actor: Actor) -> None:
    """Link an order that has just left with the one that it follows: both companies read it.

    The former one, locked since before the contract, is its company's turn again.
    """
    if order.follows_id is None:
        return
    former = lock_order(order.follows_id)
    for one, other, role in (
        (order, former, LinkRole.FOLLOWS),
        (former, order, LinkRole.FOLLOWED),
    ):
        OrderLink(
            landlord_id=one.landlord_id,
            contractor_id=one.contractor_id,
            order=one,
            other=other,
            role=role,
            reference=other.reference,
            trade_id=other.trade_id,
        ).save(force_insert=True)
    if former.next_kind == NextStep.OTHER_TRADE:
        former.next_kind = NextStep.RETURN
        former.save(update_fields=["next_kind"])
    event = events.OrderFollowed(reference=order.reference, trade=order.trade_id or "")
    record_of_order(event, former, actor)


# --- inside -----------------------------------------------------------------------------------


def _unsent_follower(former: Order) -> Order | None:
    """Return the order of another trade that was begun on the case and hasn't left."""
    found = Order.objects.filter(
        landlord_id=former.landlord_id,
        case_id=former.case_id,
        follows_id=former.pk,
        issued_at__isnull=True,
        closed_at__isnull=True,
    )
    return found.first()
