"""Clocks of urgent orders and of hazards: taken in charge, then somebody on site. Pure, dated.

What a contract says for its urgent orders goes before; a hazard has a clock of its own, urgent or
not, and the shorter one holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nexxio.core import clock
from orders.ball import Memory
from orders.dated import figure_of
from orders.states import Hazard, OrderState, Priority

ACK, ARRIVAL = "ack", "arrival"


@dataclass(frozen=True)
class Hours:
    """Within how many hours of its issue an order is taken in charge, and somebody is on site."""

    ack: int
    arrival: int


# From which day on. None of these is a figure of law: they are defaults, to be replaced by dated
# rows where a text or a contract says otherwise.
_URGENT_ACK = ((date(2026, 1, 1), 2),)
_URGENT_ARRIVAL = ((date(2026, 1, 1), 24),)
_HAZARDS: tuple[tuple[date, dict[str, Hours]], ...] = (
    (
        date(2026, 1, 1),
        {
            Hazard.GAS: Hours(ack=1, arrival=4),
            Hazard.LIFT: Hours(ack=1, arrival=8),
            Hazard.DAMP: Hours(ack=24, arrival=240),
            Hazard.MOULD: Hours(ack=24, arrival=240),
        },
    ),
)


def hours_of(
    priority: str, hazard: str, urgent_hours: int | None, day: date, ack_hours: int | None = None
) -> Hours | None:
    """Return an order's clocks; None without urgency or hazard.

    urgent_hours, ack_hours: of its contract; the default of the day where that says nothing, and
    without a contract (hors marché, GPA).
    """
    found = []
    if priority == Priority.URGENT:
        arrival = urgent_hours or figure_of(_URGENT_ARRIVAL, day)
        found.append(Hours(min(ack_hours or figure_of(_URGENT_ACK, day), arrival), arrival))
    of_hazards = figure_of(_HAZARDS, day)
    if hazard in of_hazards:
        found.append(of_hazards[hazard])
    if not found:
        return None
    return Hours(min(each.ack for each in found), min(each.arrival for each in found))


def deadlines(
    priority: str,
    hazard: str,
    urgent_hours: int | None,
    issued_at: datetime,
    ack_hours: int | None = None,
) -> tuple[datetime | None, datetime | None]:
    """Return until when an order issued now is taken in charge, and somebody is on site."""
    day = clock.day_of(issued_at)
    hours = hours_of(priority, hazard, urgent_hours, day, ack_hours)
    if hours is None:
        return None, None
    return issued_at + timedelta(hours=hours.ack), issued_at + timedelta(hours=hours.arrival)


def awaited(memory: Memory) -> str:
    """Return which of the two is still awaited; "" when neither is."""
    if memory.state == OrderState.ISSUED:
        return ACK
    working = memory.state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE)
    return ARRIVAL if working and not memory.arrived else ""
