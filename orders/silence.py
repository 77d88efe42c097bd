"""When an order is silent: nothing has moved for so many working days. Pure; the figures are dated.

An appointment that stands and a wait with an expected end are no silence before they are over.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from nexxio.core import clock
from orders import ball
from orders.access_states import UNSETTLED
from orders.ball import Holder, Memory
from orders.certificate_states import CertificateState
from orders.dated import figure_of
from orders.states import FINISHED, OrderState, VisitState
from orders.working_days import after_working_days, office_moment

NEWS = ball.KINDS | {
    "message.sent",
    "visit.assigned",
    "visit.arrival_narrowed",
    "visit.photo_added",
}
"""The events after which an order has moved."""

# From which day on: after how many working days without news an order is silent, by its state.
# Product defaults, no source in law; a draft lies with its author and is nobody's wait.
_DAYS: tuple[tuple[date, dict[str, int]], ...] = (
    (
        date(2026, 1, 1),
        {
            OrderState.PENDING_APPROVAL: 2,
            OrderState.ISSUED: 2,
            OrderState.RETURNED: 3,
            OrderState.DECLINED: 3,
            OrderState.ACCEPTED: 5,
            OrderState.PARTLY_DONE: 5,
            OrderState.DONE: 10,
            OrderState.CERTIFIED_WITH_RESERVES: 10,
        },
    ),
)
_URGENT_DAYS = 1
# Product default: a tenant who gave an appointment up, or couldn't be there at any of its windows,
# waits for others.
_REPLAN_DAYS: tuple[tuple[date, int], ...] = ((date(2026, 1, 1), 2),)


class Level(StrEnum):
    """Whom the clock tells: the desk first, then who leads it."""

    DESK = "desk"
    HEAD = "head"


def days_of(state: str, day: date, *, urgent: bool) -> int | None:
    """Return after how many working days an order in a state is silent; None where it never is."""
    days = figure_of(_DAYS, day).get(state)
    return min(days, _URGENT_DAYS) if days is not None and urgent else days


def silent_at(
    memory: Memory, moved_at: datetime, *, urgent: bool, where: str = ""
) -> datetime | None:
    """Return from when on an order is silent if nothing moves any more; None when it never is.

    where: its place's department, whose holidays count.
    """
    if ball.holder_of(memory) == Holder.NOBODY:
        return None
    start = max(moved_at, _quiet_until(memory) or moved_at)
    day = clock.day_of(moved_at)
    days = days_of(memory.state, day, urgent=urgent)
    if days is not None and _is_to_replan(memory):
        days = min(days, figure_of(_REPLAN_DAYS, day))
    return None if days is None else after_working_days(start, days, where)


def chase_at(memory: Memory, silent: datetime | None, where: str = "") -> datetime | None:
    """Return when the clock chases a silent order: while offices are open there, and whom it may.

    None where the tenant has it, and where another reminder runs already: a certificate reminds of
    itself while it waits for a signature, not before its company has written it.
    """
    certified = memory.state in FINISHED and not _owes_certificate(memory)
    reminded = memory.variation or _is_held(memory) or certified
    if silent is None or reminded or memory.check in UNSETTLED:
        return None
    if ball.holder_of(memory) == Holder.TENANT:
        return None
    return office_moment(silent, where)


def level_of(times: int) -> Level:
    """Return whom the clock tells after it has told `times` times already."""
    return Level.HEAD if times else Level.DESK


def _is_to_replan(memory: Memory) -> bool:
    """Tell whether the company owes other windows than those that came to nothing."""
    return memory.replan and ball.holder_of(memory) == Holder.CONTRACTOR


def _owes_certificate(memory: Memory) -> bool:
    """Tell whether the company has yet to say what it did: works were stopped, or it corrects."""
    if memory.state != OrderState.DONE or ball.holder_of(memory) != Holder.CONTRACTOR:
        return False
    return memory.certificate in (CertificateState.DRAFT, CertificateState.REFUSED)


def _is_held(memory: Memory) -> bool:
    """Tell whether a hold explains the silence: one of an order sent back explains nothing."""
    return bool(memory.hold) and memory.state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE)


def _quiet_until(memory: Memory) -> datetime | None:
    """Return the end of what is agreed: an appointment, or what the order waits for."""
    if _is_held(memory) and memory.hold_until:
        day = date.fromisoformat(memory.hold_until) + timedelta(days=1)
        return clock.start_of(day)
    if memory.state == OrderState.PARTLY_DONE and memory.next_until:
        day = date.fromisoformat(memory.next_until) + timedelta(days=1)
        return clock.start_of(day)
    if memory.visit == VisitState.CONFIRMED and memory.visit_until:
        return datetime.fromisoformat(memory.visit_until)
    return None
