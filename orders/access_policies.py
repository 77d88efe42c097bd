"""Pure predicates: who may answer, settle and decide when nobody opened."""

from __future__ import annotations

from nexxio.core.actors import Actor, Side
from orders import policies
from orders.access_states import ACCESS_CHECK
from orders.models import AccessCheck, Order, Visit
from orders.states import VisitState


def answers(actor: Actor, order: Order, visit: Visit) -> bool:
    """The tenant of the visit, while its order is with the company and nobody has settled it."""
    return (
        actor.side is Side.TENANT
        and visit.reader_case_id is not None
        and visit.reader_case_id == actor.case_id
        and visit.state == VisitState.NO_ACCESS
        and order.state in policies.WITH_CONTRACTOR
    )


def can_say(name: str, actor: Actor, order: Order, visit: Visit, check: AccessCheck) -> bool:
    """Tell whether the tenant may give this answer now."""
    return answers(actor, order, visit) and ACCESS_CHECK.permits(
        name=name, state=check.state, side=actor.side
    )


def can_settle(name: str, actor: Actor, check: AccessCheck) -> bool:
    """Tell whether the table lets the actor's desk do `name` to a check."""
    own = policies.desk(actor, Side.LANDLORD) or policies.desk(actor, Side.CONTRACTOR)
    return own and ACCESS_CHECK.permits(name=name, state=check.state, side=actor.side)


def decides(actor: Actor, order: Order, visit: Visit | None) -> bool:
    """The landlord's desk, on an order with its contractor and without an open visit."""
    return (
        policies.desk(actor, Side.LANDLORD)
        and visit is None
        and order.state in policies.WITH_CONTRACTOR
    )


def writes_letters(actor: Actor, order: Order) -> bool:
    """The landlord's desk, where a tenant lives and the order isn't finished."""
    return (
        policies.desk(actor, Side.LANDLORD)
        and order.reader_case_id is not None
        and order.state in (*policies.WITH_CONTRACTOR, "closed_no_access")
    )
