"""Pure predicates of what is said on an order: who writes, and to whom."""

from __future__ import annotations

from nexxio.core.actors import Actor, Role, Side
from orders.models import Audience, Order

_WRITERS = (Role.MANAGER, Role.CLERK)


def _works(actor: Actor) -> bool:
    """The desks of both sides, and the contractor's technicians; no printed order's code."""
    if actor.link_id is not None or actor.side not in (Side.LANDLORD, Side.CONTRACTOR):
        return False
    crew = actor.side is Side.CONTRACTOR and actor.has(Role.TECHNICIAN)
    return crew or actor.has(*_WRITERS)


def can_write(actor: Actor, order: Order) -> bool:
    """From the day on which the contractor has the order until it is closed."""
    if order.contractor_id is None or order.closed_at is not None:
        return False
    if actor.side is Side.TENANT:
        return order.reader_case_id is not None
    return _works(actor)


def can_note(actor: Actor) -> bool:
    """Whoever works with orders writes notes for his own house, whatever the order's state."""
    return _works(actor) and actor.entry_id is None


def can_mark_read(actor: Actor) -> bool:
    """Whoever reads for his side; a role that only looks leaves no mark."""
    return actor.side is Side.TENANT or _works(actor)


def audiences(actor: Actor, order: Order) -> tuple[Audience, ...]:
    """Return to whom the actor may write, the narrowest first."""
    if not can_write(actor, order):
        return ()
    if actor.side is Side.TENANT:
        return (Audience.EVERYONE, Audience.LANDLORD)
    if order.reader_case_id is None:
        return (Audience.ORGANISATIONS,)
    if actor.side is Side.LANDLORD:
        return (Audience.ORGANISATIONS, Audience.EVERYONE, Audience.LANDLORD)
    return (Audience.ORGANISATIONS, Audience.EVERYONE)
