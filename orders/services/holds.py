"""Writes of holds. The order is locked before its hold, always."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from nexxio.core.transitions import apply
from orders import hold_events as events
from orders import policies
from orders.hold_states import HOLD, HoldReason, HoldState
from orders.models import Hold, Order
from orders.services.moves import lock_order
from orders.working_days import MOST_AHEAD, OFFICE_OPENS, after_working_days, office_moment


@transaction.atomic
def hold_order(*, actor: Actor, order_id: UUID, reason: str, expected_on: date) -> Hold:
    """Say that an order waits, for what and until when. Locks the order.

    Raises Invalid for an unknown reason or a day that is over or beyond a year, Conflict while it
    waits already or isn't with its contractor, Refused for a role that only reads.
    """
    if reason not in HoldReason.values:
        raise Invalid({"reason": ["Choisissez un motif."]})
    _require_future(expected_on)
    order = lock_order(order_id)
    if actor.side is Side.TENANT or not policies.acts(actor):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    current = open_hold(order)
    if not policies.can_hold(actor, order, held=current is not None):
        raise Conflict("La commande est déjà en attente, ou n’est pas chez l’entreprise.")
    hold = Hold(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        tenant_id=order.tenant_id,
        reader_case_id=order.reader_case_id,
        order=order,
        reason=reason,
        expected_on=expected_on,
        remind_at=_morning_after(expected_on, order),
    )
    hold.save(force_insert=True)
    _record(events.OrderHeld(reason=reason, expected_on=expected_on), hold, order, actor)
    return hold


@transaction.atomic
def postpone_hold(*, actor: Actor, order_id: UUID, expected_on: date) -> Hold:
    """Say that it takes longer.

    Raises Invalid for a day that is over or beyond a year, Refused without a hold.
    """
    _require_future(expected_on)
    order = lock_order(order_id)
    hold = _current(order)
    return _move(
        "postpone",
        hold,
        order,
        actor,
        event=events.HoldPostponed(reason=hold.reason, expected_on=expected_on),
        changes={"expected_on": expected_on, "remind_at": _morning_after(expected_on, order)},
    )


@transaction.atomic
def lift_hold(*, actor: Actor, order_id: UUID) -> Hold:
    """Say that nothing holds the order any more; either side may. Refused without a hold."""
    order = lock_order(order_id)
    hold = _current(order)
    return _move(
        "lift",
        hold,
        order,
        actor,
        event=events.HoldLifted(reason=hold.reason, expected_on=hold.expected_on),
        changes={"lifted_at": clock.now(), "remind_at": None},
    )


@transaction.atomic
def remind_hold(*, hold_id: UUID) -> Hold | None:
    """Tell both desks that a hold's day is over, and again each working day while its order waits.

    Runs as the system; locks the order. None when somebody was faster.
    """
    order = lock_order(Hold.objects.get(pk=hold_id).order_id)
    hold: Hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold_id)
    now = clock.now()
    if hold.remind_at is None or hold.remind_at > now:
        return None
    waits = order.state in policies.WITH_CONTRACTOR
    hold.remind_at = after_working_days(now, 1, order.where) if waits else None
    hold.save(update_fields=["remind_at"])
    if not waits:
        return None
    event = events.HoldOverdue(reason=hold.reason, expected_on=hold.expected_on)
    _record(event, hold, order, replace(SYSTEM, organisation_id=order.landlord_id))
    return hold


def end_hold(order: Order, actor: Actor) -> None:
    """Lift what a locked order waited for: it is finished or given up."""
    hold = open_hold(order)
    if hold is not None:
        event = events.HoldLifted(reason=hold.reason, expected_on=hold.expected_on)
        changes = {"lifted_at": clock.now(), "remind_at": None}
        _move("lift", hold, order, actor, event=event, changes=changes, checked=True)


def open_hold(order: Order) -> Hold | None:
    """Return what the order waits for."""
    return Hold.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, state=HoldState.OPEN
    ).first()


# --- inside -----------------------------------------------------------------------------------


def _current(order: Order) -> Hold:
    hold = open_hold(order)
    if hold is None:
        raise Conflict("Cette commande n’est plus en attente.")
    return hold


def _require_future(day: date) -> None:
    if day < clock.today():
        raise Invalid({"expected_on": ["Ce jour est passé."]})
    if day > clock.today() + MOST_AHEAD:
        raise Invalid({"expected_on": ["Ce jour est à plus d’un an : vérifiez l’année."]})


def _morning_after(day: date, order: Order) -> datetime:
    opens = datetime.combine(day + timedelta(days=1), OFFICE_OPENS, clock.PARIS)
    return office_moment(opens, order.where)


def _move(
    name: str,
    hold: Hold,
    order: Order,
    actor: Actor,
    *,
    event: EventType,
    changes: dict[str, Any],
    checked: bool = False,
) -> Hold:
    def policy(who: Actor, _row: Hold) -> Refused | None:
        may = policies.acts(who) and who.link_id is None
        return None if may else Refused("Votre rôle ne le permet pas.", code="role")

    return apply(
        HOLD,
        name,
        model=Hold,
        pk=hold.pk,
        actor=actor,
        policy=None if checked else policy,
        changes=changes,
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
    )


def _record(event: EventType, hold: Hold, order: Order, actor: Actor) -> None:
    record(
        event,
        actor=actor,
        subject=hold,
        subject_type="hold",
        order_id=order.pk,
        case_id=order.case_id,
    )
