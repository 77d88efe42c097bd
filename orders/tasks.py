"""Tasks of orders: load, call a service, stop. What is due stands in the rows themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import shared_task

from nexxio.core import clock
from nexxio.core.scoping import system_scope
from orders.models import AccessCheck, Certificate, Hold, Order, Variation, VisitReminder
from orders.services import access_checks, certificates, chasing, holds, reminders, variations

logger = logging.getLogger(__name__)

STEP = 200


@shared_task(name="nexxio.orders.remind_late", ignore_result=True)
def remind_late() -> None:
    """Tell again who keeps others waiting, remind tenants, settle what nobody answers in time."""
    remind_due()


def remind_due() -> int:
    """Remind of all that is due, each in a transaction of its own. Returns how many were."""
    with system_scope("orders: remind of what is late"):
        late = [_remind(variations.remind_variation, variation_id=pk) for pk in _due(Variation)]
        late += [_remind(holds.remind_hold, hold_id=pk) for pk in _due(Hold)]
        late += [_remind(reminders.remind_visit, reminder_id=pk) for pk in _due(VisitReminder)]
        late += [
            _remind(certificates.look_at_certificate, certificate_id=pk) for pk in _due(Certificate)
        ]
        late += [_remind(access_checks.settle_unanswered, check_id=pk) for pk in _due(AccessCheck)]
        late += [_remind(chasing.chase_silent, order_id=pk) for pk in _silent()]
        return sum(late)


def _silent() -> list[UUID]:
    """Return the keys of the orders that are to be chased, the oldest silence first."""
    found = Order.objects.filter(chase_at__lte=clock.now()).order_by("chase_at")
    return list(found.values_list("pk", flat=True)[:STEP])


def _due(
    model: type[Variation]
    | type[Hold]
    | type[VisitReminder]
    | type[Certificate]
    | type[AccessCheck],
) -> list[UUID]:
    """Return the keys of the rows whose reminder is due, the oldest first."""
    found = model.objects.filter(remind_at__lte=clock.now()).order_by("remind_at")
    return list(found.values_list("pk", flat=True)[:STEP])


def _remind(service: Callable[..., Any], **row: UUID) -> bool:
    """Remind of one; a failure is logged and holds up no other."""
    try:
        return service(**row) is not None
    except Exception:
        logger.exception("no reminder for %s", row)
        return False
