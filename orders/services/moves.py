"""Locks and moves that the services of orders and visits share.

Locks are taken in one order, so that nobody waits in a circle: the order, then those whose place it
takes or that it goes on after, then its visit, then its contract. The contract is locked by
whatever draws on its ceiling (issue, approve, reissue).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from nexxio.core.transitions import apply
from orders import policies
from orders.models import Contract, Order, Visit
from orders.services.ceilings import fold_draws
from orders.states import LATE_ENDS, OPEN_VISIT, ORDER, VISIT, VisitState


def lock_order(pk: UUID) -> Order:
    """Lock an order's row (its own table only) until the transaction ends.

    Whoever changes an order and a visit locks the order first. Raises Order.DoesNotExist when
    it isn't visible.
    """
    order: Order = Order.objects.select_for_update(of=("self",)).get(pk=pk)
    return order


def lock_contract(order: Order) -> None:
    """Hold the contract of a locked order until the transaction ends: its ceiling is drawn on.

    Only against others that draw: who reads it, or points at it with a key, doesn't wait.
    """
    if order.contract_id is not None:
        Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=order.contract_id)
        fold_draws(order.contract_id)


def open_visit(order: Order) -> Visit | None:
    """Return the order's visit that is to come or under way."""
    return Visit.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, state__in=OPEN_VISIT
    ).first()


def record_of_order(event: EventType, order: Order, actor: Actor) -> Order:
    """Record what happened to an order that moves by nothing else, and return it."""
    record(
        event,
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return order


def desk_only(actor: Actor, _order: Order) -> Refused | None:
    """Policy: readers and technicians don't move orders."""
    return None if policies.acts(actor) else Refused("Votre rôle ne le permet pas.", code="role")


def move_order(
    name: str,
    order: Order,
    actor: Actor,
    *,
    event: EventType,
    policy: Callable[[Actor, Order], Refused | None] | None = desk_only,
    changes: Mapping[str, Any] | None = None,
    happened_at: datetime | None = None,
) -> Order:
    """Move an order that the caller has locked, and note since when it is in its new state."""
    return apply(
        ORDER,
        name,
        model=Order,
        pk=order.pk,
        actor=actor,
        policy=policy,
        changes={**(changes or {}), "state_since": clock.now()},
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
        happened_at=happened_at,
    )


def move_visit_state(
    name: str,
    visit_id: UUID,
    order: Order,
    actor: Actor,
    *,
    event: EventType | Callable[[Visit], EventType],
    changes: Mapping[str, Any] | None = None,
    late_changes: Mapping[str, Any] | None = None,
    late_event: Callable[[Visit], EventType] | None = None,
    happened_at: datetime | None = None,
    on_behalf_of: str = "",
) -> Visit:
    """Move a visit whose order is locked. Not a service of its own: others call it."""

    def policy(who: Actor, visit: Visit) -> Refused | None:
        own = visit.technician_id == who.membership_id
        if who.side in (Side.TENANT, Side.SYSTEM) or who.has(*policies.DESK):
            return None
        if own and who.has(Role.TECHNICIAN):
            return None
        return Refused("Ce passage n’est pas le vôtre.", code="role")

    return apply(
        VISIT,
        name,
        model=Visit,
        pk=visit_id,
        actor=actor,
        policy=policy,
        changes=changes,
        late_changes=late_changes,
        # Two ends contradict each other whichever came first.
        since=None if VISIT.transitions[name].target in LATE_ENDS else _since,
        late_event=late_event,
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
        happened_at=happened_at,
        on_behalf_of=on_behalf_of,
    )


def _since(visit: Visit) -> datetime | None:
    """Return when the visit came to the state in which late facts may reach it."""
    return visit.arrived_at if visit.state == VisitState.ON_SITE else visit.finished_at
