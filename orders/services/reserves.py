"""Writes of reserves: the contractor says that a defect is gone, the landlord agrees or not.

The order is locked first, then the reserve. The last one lifted certifies the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import clock, files
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import StoredFile
from nexxio.core.outbox import record
from nexxio.core.transitions import apply
from orders import certificate_events as events
from orders import certificate_policies
from orders.certificate_states import RESERVE, CertificateState, ReserveState
from orders.models import Certificate, Order, Reserve
from orders.services.lifting import write_lifting
from orders.services.moves import lock_order, move_order
from orders.states import OrderState
from orders.working_days import OFFICE_OPENS, after_working_days, office_moment

DEFAULT_DELAY = timedelta(days=30)
AGAIN_DAYS = 5
MAX_REMINDERS = 8


@transaction.atomic
def claim_reserve(
    *, actor: Actor, reserve_id: UUID, answer: str, photo: IO[bytes] | None = None
) -> Reserve:
    """Say that the defect is gone, and how, with a photo of it. Raises Invalid without a word."""
    if not answer.strip():
        raise Invalid({"answer": ["Dites ce qui a été repris."]})
    cleaned = None if photo is None else files.clean_photo(photo)
    reserve, order = _lock(reserve_id)
    changes: dict[str, Any] = {
        "answer": answer.strip()[:300],
        "claimed_at": clock.now(),
        "remind_at": None,
    }
    if cleaned is not None:
        changes["claim_photo"] = store_photo(order, cleaned, f"reserve-{reserve.number}-reprise")
    event = events.ReserveClaimed(number=reserve.number)
    return _move("claim", reserve, order, actor, event=event, changes=changes)


@transaction.atomic
def keep_reserve(*, actor: Actor, reserve_id: UUID, objection: str) -> Reserve:
    """Say that the defect is still there. Raises Invalid without what is missing."""
    if not objection.strip():
        raise Invalid({"objection": ["Dites ce qui manque encore."]})
    reserve, order = _lock(reserve_id)
    event = events.ReserveKept(number=reserve.number)
    changes = {
        "objection": objection.strip()[:300],
        "claimed_at": None,
        "remind_at": reminded_from(reserve.due_on, order),
    }
    return _move("keep", reserve, order, actor, event=event, changes=changes)


@transaction.atomic
def lift_reserve(*, actor: Actor, reserve_id: UUID) -> Reserve:
    """Agree that the defect is gone; with the last one the order is certified, and the record
    of it is written. Locks the order.
    """
    reserve, order = _lock(reserve_id)
    event = events.ReserveLifted(number=reserve.number)
    changes = {"lifted_at": clock.now(), "lifted_by_id": actor.user_id, "remind_at": None}
    lifted = _move("lift_reserve", reserve, order, actor, event=event, changes=changes)
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    left = Reserve.objects.filter(**own).exclude(state=ReserveState.LIFTED).exists()
    if not left:
        write_lifting(actor=actor, order=order)
    if not left and order.state == OrderState.CERTIFIED_WITH_RESERVES:
        move_order("lift_reserves", order, actor, event=events.OrderCertified(how="lifted"))
    return lifted


@transaction.atomic
def remind_reserve(*, reserve_id: UUID) -> Reserve | None:
    """Tell both that the day of a reserve has passed, every working week while it is open.

    Runs as the system; locks the order. None when somebody was faster.
    """
    reserve, order = _lock(reserve_id)
    now = clock.now()
    if reserve.remind_at is None or reserve.remind_at > now:
        return None
    reserve.reminders += 1
    last = reserve.reminders >= MAX_REMINDERS or order.closed_at is not None
    reserve.remind_at = None if last else after_working_days(now, AGAIN_DAYS, order.where)
    reserve.save(update_fields=["reminders", "remind_at"])
    record(
        events.ReserveOverdue(number=reserve.number, times=reserve.reminders),
        actor=replace(SYSTEM, organisation_id=order.landlord_id),
        subject=reserve,
        subject_type="reserve",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return reserve


def reminded_from(due_on: date, order: Order) -> datetime:
    """Return when the clock looks at a reserve that nobody lifts: the working day after its own."""
    opens = datetime.combine(due_on + timedelta(days=1), OFFICE_OPENS, clock.PARIS)
    return max(office_moment(opens, order.where), clock.now() + timedelta(days=1))


def store_photo(order: Order, photo: bytes, name: str) -> StoredFile:
    """Keep a photo of a defect: both organisations read it, no tenant."""
    return files.store(
        photo,
        media_type="image/jpeg",
        name=f"{order.reference}-{name}.jpg",
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        tenant_id=None,
        reader_case_id=None,
        order_id=order.pk,
    )


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
        remind_at=reminded_from(clock.today() + DEFAULT_DELAY, order),
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
