"""What tells a regularisation from a variation when they are written: events, delay, proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nexxio.core import clock
from nexxio.core.events import EventType
from orders import reduction_events, regularisation_events, variation_events
from orders.models import Order, Variation
from orders.terms import regularisation_days
from orders.variation_states import VariationKind
from orders.working_days import after_working_days

ANSWER_DAYS = 3
URGENT_HOURS = 4
"""How long the landlord has to answer where an order has no contract that says it."""


@dataclass(frozen=True, kw_only=True)
class Events:
    """The event types of a kind."""

    drafted: Callable[..., EventType]
    granted: Callable[..., EventType]
    partly_granted: Callable[..., EventType]
    rejected: Callable[..., EventType]
    withdrawn: Callable[..., EventType]
    dropped: Callable[..., EventType]
    acknowledged: Callable[..., EventType]


_VARIATION = Events(
    drafted=variation_events.VariationDrafted,
    granted=variation_events.VariationGranted,
    partly_granted=variation_events.VariationPartlyGranted,
    rejected=variation_events.VariationRejected,
    withdrawn=variation_events.VariationWithdrawn,
    dropped=variation_events.VariationDropped,
    acknowledged=variation_events.VariationAcknowledged,
)
_REGULARISATION = Events(
    drafted=regularisation_events.RegularisationDrafted,
    granted=regularisation_events.RegularisationGranted,
    partly_granted=regularisation_events.RegularisationPartlyGranted,
    rejected=regularisation_events.RegularisationRejected,
    withdrawn=regularisation_events.RegularisationWithdrawn,
    dropped=regularisation_events.RegularisationDropped,
    acknowledged=regularisation_events.RegularisationAcknowledged,
)


def events_of(kind: str) -> Events:
    """Return the event types of a kind."""
    return _REGULARISATION if kind == VariationKind.REGULARISATION else _VARIATION


def asking(variation: Variation, order: Order, now: datetime) -> tuple[EventType, dict[str, Any]]:
    """Return the event of asking, and the columns that it sets: until when, and who reads."""
    if variation.kind == VariationKind.REGULARISATION:
        own = order.contract.regularisation_days if order.contract else None
        days = regularisation_days(own, clock.day_of(now))
        where = order.where
        due = after_working_days(now, days, where)
        event: EventType = regularisation_events.RegularisationAsked(
            number=variation.number, reason=variation.reason, days=days
        )
        early = after_working_days(now, days - 1, where) if days > 1 else due
        return event, {"asked_at": now, "answer_due_at": due, "remind_at": early}
    due = _due(order, now)
    return variation_events.VariationAsked(number=variation.number, reason=variation.reason), {
        "asked_at": now,
        "answer_due_at": due,
        "remind_at": due,
        "tenant_id": order.tenant_id,
        "reader_case_id": order.reader_case_id,
    }


def _due(order: Order, now: datetime) -> datetime:
    """Return until when a variation is to be answered: what the contract says."""
    contract = order.contract
    if order.is_pressing:
        return now + timedelta(hours=contract.variation_hours if contract else URGENT_HOURS)
    days = contract.variation_days if contract else ANSWER_DAYS
    return after_working_days(now, days, order.where)


def reminding(variation: Variation, now: datetime, where: str) -> tuple[EventType, datetime | None]:
    """Return the event of a reminder, already counted, and when the next one is due if late.

    where: the department of the order's place, whose holidays count.
    """
    assert variation.answer_due_at is not None
    if variation.kind == VariationKind.REGULARISATION:
        late = now >= variation.answer_due_at
        event: EventType = regularisation_events.RegularisationReminded(
            number=variation.number, times=variation.reminders, is_late=late
        )
        return event, after_working_days(now, 1, where) if late else variation.answer_due_at
    if variation.kind == VariationKind.REDUCTION:
        less = reduction_events.ReductionReminded(
            number=variation.number, by=variation.asked_by, times=variation.reminders
        )
        return less, after_working_days(now, 1, where)
    reminded = variation_events.VariationReminded(
        number=variation.number, times=variation.reminders
    )
    return reminded, after_working_days(now, 1, where)
