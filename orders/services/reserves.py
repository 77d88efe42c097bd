"""Writes of reserves: the contractor says that a defect is gone, the landlord agrees or not.

The order is locked first, then the reserve. The last one lifted certifies the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from nexxio.core.transitions import apply
from orders import certificate_events as events
from orders import certificate_policies
from orders.certificate_states import RESERVE, CertificateState, ReserveState
from orders.models import Certificate, Order, Reserve
from orders.services.moves import lock_order, move_order
from orders.states import OrderState

DEFAULT_DELAY = timedelta(days=30)


@transaction.atomic
def claim_reserve(*, actor: Actor, reserve_id: UUID, answer: str) -> Reserve:
    """Say that the defect is gone, and how. Raises Invalid without a word."""
    if not answer.strip():
        raise Invalid({"answer": ["Dites ce qui a été repris."]})
    reserve, order = _lock(reserve_id)
    changes = {"answer": answer.strip()[:300], "claimed_at": clock.now()}
    event = events.ReserveClaimed(number=reserve.number)
    return _move("claim", reserve, order, actor, event=event, changes=changes)


@transaction.atomic
def keep_reserve(*, actor: Actor, reserve_id: UUID, objection: str) -> Reserve:
    """Say that the defect is still there. Raises Invalid without what is missing."""
    if not objection.strip():
        raise Invalid({"objection": ["Dites ce qui manque encore."]})
    reserve, order = _lock(reserve_id)
    event = events.ReserveKept(number=reserve.number)
    changes = {"objection": objection.strip()[:300], "claimed_at": None}
    return _move("keep", reserve, order, actor, event=event, changes=changes)


@transaction.atomic
def lift_reserve(*, actor: Actor, reserve_id: UUID) -> Reserve:
    """Agree that the defect is gone; with the last one the order is certified. Locks the order."""
    reserve, order = _lock(reserve_id)
    event = events.ReserveLifted(number=reserve.number)
    lifted = _move(
        "lift_reserve", reserve, order, actor, event=event, changes={"lifted_at": clock.now()}
    )
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    left = Reserve.objects.filter(**own).exclude(state=ReserveState.LIFTED).exists()
    if not left and order.state == OrderState.CERTIFIED_WITH_RESERVES:
        move_order("lift_reserves", order, actor, event=events.OrderCertified(how="lifted"))
    return lifted


def add_reserve(order: Order, actor: Actor, *, text: str) -> Reserve:
    """Note another defect on an order that was accepted with reserves; it is locked."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    last = Reserve.objects.filter(**own).aggregate(last=Max("number"))["last"] or 0
    signed = Certificate.objects.filter(**own, state=CertificateState.SIGNED)
    reserve = Reserve(
        **own,
        contractor_id=order.contractor_id,
        certificate=signed.latest("number"),
        number=last + 1,
        text=text[:300],
        due_on=clock.today() + DEFAULT_DELAY,
    )
    reserve.save(force_insert=True)
    record(
        events.ReserveNoted(number=reserve.number),
        actor=actor,
        subject=reserve,
        subject_type="reserve",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return reserve


# --- inside -----------------------------------------------------------------------------------


def _lock(reserve_id: UUID) -> tuple[Reserve, Order]:
    order = lock_order(Reserve.objects.get(pk=reserve_id).order_id)
    locked = Reserve.objects.select_for_update(of=("self",)).get(pk=reserve_id)
    return locked, order


def _move(
    name: str,
    reserve: Reserve,
    order: Order,
    actor: Actor,
    *,
    event: EventType,
    changes: Mapping[str, Any],
) -> Reserve:
    def policy(who: Actor, row: Reserve) -> Refused | None:
        if certificate_policies.can_reserve(name, who, row):
            return None
        return Refused("Votre rôle ne le permet pas.", code="role")

    return apply(
        RESERVE,
        name,
        model=Reserve,
        pk=reserve.pk,
        actor=actor,
        policy=policy,
        changes=changes,
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
    )
