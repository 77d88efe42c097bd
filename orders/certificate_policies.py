"""Pure predicates: who may do what to a certificate, a reserve or a tenant's sign-off."""

from __future__ import annotations

from nexxio.core.actors import Actor, Channel, Role, Side
from orders import policies
from orders.certificate_states import CERTIFICATE, RESERVE, CertificateState
from orders.models import Certificate, LiftingRecord, Order, Reserve, SealState, SignOff, Visit
from orders.states import FINISHED, OrderState, VisitState


def desk(actor: Actor) -> bool:
    """Tell whether the actor works at a desk of one of the two organisations, not on paper."""
    return actor.side is not Side.TENANT and actor.has(*policies.DESK) and actor.link_id is None


def can_do(name: str, actor: Actor, certificate: Certificate, order: Order) -> bool:
    """Tell whether the table lets the actor do `name` while the order's works are done.

    The signer's limit and open checks are obstacles of their own: the page says them.
    """
    return (
        desk(actor)
        and order.state == OrderState.DONE
        and CERTIFICATE.permits(name=name, state=certificate.state, side=actor.side)
    )


def can_correct(actor: Actor, order: Order, last: Certificate | None) -> bool:
    """The contractor, on works that are done: after a refusal, or where none was made.

    With a printed order in hand too, of that order: whoever has no account has no other way.
    """
    is_own = actor.link_id is None or actor.order_id == order.pk
    return (
        actor.side is Side.CONTRACTOR
        and actor.has(*policies.DESK)
        and is_own
        and order.state == OrderState.DONE
        and (
            last is None
            or last.state
            in (CertificateState.DRAFT, CertificateState.REFUSED, CertificateState.EXPIRED)
        )
    )


def can_ask_seal(actor: Actor, row: Certificate | LiftingRecord | SignOff) -> bool:
    """The landlord's desk asks again for a PDF that could not be sealed."""
    return actor.side is Side.LANDLORD and desk(actor) and row.seal == SealState.FAILED


def can_reserve(name: str, actor: Actor, reserve: Reserve) -> bool:
    """Tell whether the table lets the actor's desk do `name` to a reserve.

    With a printed order in hand one says that a defect of that order is gone, and no more.
    """
    on_paper = name == "claim" and actor.link_id is not None and actor.order_id == reserve.order_id
    allowed = desk(actor) or (on_paper and actor.has(*policies.DESK))
    return allowed and RESERVE.permits(name=name, state=reserve.state, side=actor.side)


def can_check(actor: Actor) -> bool:
    """The landlord's desk answers a tenant who said that it isn't fixed."""
    return actor.side is Side.LANDLORD and desk(actor)


def takes_sign_off(actor: Actor, visit: Visit) -> bool:
    """The technician of the visit, or his desk, hands the screen over; never on paper.

    Before he leaves: while he is on site, or just after the visit was finished.
    """
    if actor.side is not Side.CONTRACTOR or actor.channel is Channel.PAPER:
        return False
    own = actor.has(*policies.DESK) or (
        actor.has(Role.TECHNICIAN) and visit.technician_id == actor.membership_id
    )
    there = (VisitState.ON_SITE, VisitState.DONE, VisitState.PARTLY_DONE)
    over = visit.order.closed_at is not None
    return own and visit.reader_case_id is not None and visit.state in there and not over


def signs_off(actor: Actor, order: Order, visit: Visit | None) -> bool:
    """The tenant by his own link or code, once the works are said to be done, or part of them; paid
    or not: a clock or a payment ends no right to say that it isn't fixed.
    """
    return (
        actor.side is Side.TENANT
        and order.state in (*FINISHED, OrderState.PARTLY_DONE)
        and visit is not None
        and visit.state in (VisitState.DONE, VisitState.PARTLY_DONE)
    )
