"""Tasks of orders: load, call a service, stop. What is due stands in the rows themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db.models import Exists, OuterRef

from nexxio.core import clock
from nexxio.core.models import RetentionCode
from nexxio.core.platform.retention_rules import months_kept
from nexxio.core.scoping import system_scope
from orders.certificate_states import ReserveState
from orders.models import (
    AccessCheck,
    Certificate,
    Hold,
    Order,
    Reserve,
    Variation,
    Visit,
    VisitReminder,
    VisitSlot,
)
from orders.services import (
    access_checks,
    appointments,
    certificates,
    chasing,
    erasing,
    holds,
    reminders,
    reserves,
    variations,
)
from orders.states import VisitState

logger = logging.getLogger(__name__)

STEP = 200


@shared_task(name="nexxio.orders.remind_late", ignore_result=True)
def remind_late() -> None:
    """Tell again who keeps others waiting, remind tenants, settle what nobody answers, chase."""
    remind_due()
    chase_due()


def remind_due() -> int:
    """Remind of all that is due, each in a transaction of its own. Returns how many were."""
    with system_scope("orders: remind of what is late"):
        late = [_remind(variations.remind_variation, variation_id=pk) for pk in _due(Variation)]
        late += [_remind(holds.remind_hold, hold_id=pk) for pk in _due(Hold)]
        late += [_remind(reminders.remind_visit, reminder_id=pk) for pk in _due(VisitReminder)]
        late += [
            _remind(certificates.look_at_certificate, certificate_id=pk) for pk in _due(Certificate)
        ]
        late += [_remind(reserves.remind_reserve, reserve_id=pk) for pk in _due(Reserve)]
        late += [_remind(access_checks.settle_unanswered, check_id=pk) for pk in _due(AccessCheck)]
        late += [_remind(appointments.lapse_visit, visit_id=pk) for pk in _unanswered()]
        return sum(late)


def chase_due() -> int:
    """Chase what is silent, and tell which clocks of urgency have passed. Returns how many."""
    with system_scope("orders: chase what does not move"):
        late = [_remind(chasing.chase_silent, order_id=pk) for pk in _orders("chase_at")]
        late += [
            _remind(chasing.tell_urgent_late, order_id=pk) for pk in _orders("urgent_alert_at")
        ]
        return sum(late)


@shared_task(name="nexxio.orders.erase_outdated", ignore_result=True)
def erase_outdated() -> None:
    """Erase contacts and photos of orders that were closed long ago."""
    erase_due()


def erase_due() -> int:
    """Erase a step of what is due; the rest goes at the next tick. Returns how many orders."""
    with system_scope("orders: erase what is past its time"):
        return _erase(
            RetentionCode.ORDER_CONTACT, "contact_erased_at", erasing.erase_contact
        ) + _erase(RetentionCode.ORDER_PHOTOS, "photos_erased_at", erasing.erase_photos)


def _erase(code: RetentionCode, column: str, service: Callable[..., Any]) -> int:
    months = months_kept(code)
    if months is None:
        return 0
    day = clock.months_from(clock.today(), -months)
    last = clock.start_of(day)
    # An order with a reserve that nobody has lifted waits, and holds up no other.
    waiting = Reserve.objects.filter(
        landlord_id=OuterRef("landlord_id"), order_id=OuterRef("pk")
    ).exclude(state=ReserveState.LIFTED)
    due = (
        Order.objects.filter(~Exists(waiting), closed_at__lt=last, **{f"{column}__isnull": True})
        .order_by("closed_at")
        .values_list("pk", flat=True)[:STEP]
    )
    return sum(_remind(service, order_id=pk, closed_before=last) for pk in list(due))


def _orders(column: str) -> list[UUID]:
    """Return the keys of the orders whose instant of that name has come, the oldest first."""
    found = Order.objects.filter(**{f"{column}__lte": clock.now()}).order_by(column)
    return list(found.values_list("pk", flat=True)[:STEP])


def _unanswered() -> list[UUID]:
    """Return the keys of the proposed visits of which no window is left, the oldest first."""
    now = clock.now()
    left = VisitSlot.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        visit_id=OuterRef("pk"),
        withdrawn_at__isnull=True,
        window_end__gt=now,
    )
    found = Visit.objects.filter(~Exists(left), state=VisitState.PROPOSED, window_end__lte=now)
    return list(found.order_by("window_end").values_list("pk", flat=True)[:STEP])


def _due(
    model: type[Variation]
    | type[Hold]
    | type[VisitReminder]
    | type[Certificate]
    | type[Reserve]
    | type[AccessCheck],
) -> list[UUID]:
    """Return the keys of the rows whose reminder is due, the oldest first."""
    found = model.objects.filter(remind_at__lte=clock.now()).order_by("remind_at")
    return list(found.values_list("pk", flat=True)[:STEP])


def _remind(service: Callable[..., Any], **row: Any) -> bool:
    """Remind of one; a failure is logged and holds up no other."""
    try:
        return service(**row) is not None
    except Exception:
        logger.exception("no reminder for %s", row)
        return False
