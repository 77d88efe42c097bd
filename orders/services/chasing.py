"""Chasing an order on which nothing moves: by the other party, once a day, and by the clock.

Across organisations a service is chased, never a person (product.md, Who is protected).
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Conflict, Refused
from nexxio.core.events import EventType
from orders import policies, silence, urgency
from orders.ball import Memory
from orders.chase_events import ApprovalReminded, OrderChased, UrgentLate
from orders.models import Order
from orders.services.moves import lock_order, record_of_order
from orders.states import OrderState
from orders.working_days import after_working_days, office_moment


@transaction.atomic
def chase_order(*, actor: Actor, order_id: UUID) -> Order:
    """Chase the other party, which has a silent order. Locks the order.

    Raises Conflict when it was chased today already, or has moved since; Refused for a role that
    only reads, and where it isn't the other party's turn.
    """
    order = lock_order(order_id)
    if not policies.may_chase(actor, order):
        raise Refused("Ce n’est pas à l’autre partie de jouer.", code="turn")
    if policies.was_chased_today(order):
        raise Conflict("Déjà relancée aujourd’hui : une relance par jour suffit.")
    if not policies.is_silent(order):
        raise Conflict("Cette commande a bougé récemment : il n’y a pas lieu de relancer.")
    order.chased_at = clock.now()
    order.save(update_fields=["chased_at"])
    level = silence.Level.DESK.value
    record_of_order(OrderChased(holder=order.holder, days=_days(order), level=level), order, actor)
    return order


@transaction.atomic
def chase_silent(*, order_id: UUID) -> Order | None:
    """Chase whoever has a silent order, by the clock: the desk first, then who leads it.

    Runs as the system; locks the order. None when somebody was faster, when it was chased today
    already, and while offices are closed: it comes again then.
    """
    order = lock_order(order_id)
    now = clock.now()
    if order.chase_at is None or order.chase_at > now:
        return None
    where = order.where
    opens = office_moment(now, where)
    if opens > now or policies.was_chased_today(order):
        following = after_working_days(now, int(opens == now), where)
        order.chase_at = max(opens, office_moment(following, where))
        order.save(update_fields=["chase_at"])
        return None
    level = silence.level_of(order.chases).value
    days = silence.days_of(order.state, clock.today(), urgent=order.is_pressing) or 1
    order.chase_at = office_moment(after_working_days(now, days, where), where)
    order.chased_at = now
    order.chases += 1
    order.save(update_fields=["chase_at", "chased_at", "chases"])
    event: EventType = OrderChased(holder=order.holder, days=_days(order), level=level)
    if order.state == OrderState.PENDING_APPROVAL:
        event = ApprovalReminded(days=_days(order), level=level)
    record_of_order(event, order, replace(SYSTEM, organisation_id=order.landlord_id))
    return order


@transaction.atomic
def tell_urgent_late(*, order_id: UUID) -> Order | None:
    """Say once that the clock of an urgent order has passed, at any hour. Locks the order.

    Runs as the system; None when somebody was faster.
    """
    order = lock_order(order_id)
    if order.urgent_alert_at is None or order.urgent_alert_at > clock.now():
        return None
    order.urgent_alert_at = None
    order.save(update_fields=["urgent_alert_at"])
    event = UrgentLate(what=urgency.awaited(Memory.read(order.ball)))
    record_of_order(event, order, replace(SYSTEM, organisation_id=order.landlord_id))
    return order


def _days(order: Order) -> int:
    """Return for how many whole days nothing has moved."""
    return (clock.now() - (order.moved_at or order.state_since)).days
