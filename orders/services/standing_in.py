"""Limits of whoever stands in for an absent colleague: what the colleague may commit, he may."""

from __future__ import annotations

from decimal import Decimal

from nexxio.core.actors import Actor
from nexxio.core.members.absences import stood_for
from nexxio.core.models import Membership, PartyModel
from nexxio.core.outbox import record
from orders import policies
from orders.events import ApprovedForAnother
from orders.models import Order


def limit_of(actor: Actor) -> Decimal | None:
    """Return what the actor may commit today, euros excluding VAT; None without limit.

    One query for who has a limit of his own.
    """
    if actor.limit is None:
        return None
    limits = [member.limit for member in stood_for(actor)]
    known = [limit for limit in limits if limit is not None]
    return None if len(known) < len(limits) else max([actor.limit, *known])


def covers(actor: Actor, total: Decimal) -> bool:
    """Tell whether the actor's limit, or that of somebody for whom he stands in, covers a sum."""
    return policies.within_limit(actor, total) or in_place_of(actor, total) is not None


def in_place_of(actor: Actor, total: Decimal) -> Membership | None:
    """Return in whose place the actor commits a sum above his own limit; None within it."""
    if policies.within_limit(actor, total):
        return None
    absent = stood_for(actor)
    return next((member for member in absent if policies.within_limit(member, total)), None)


def note_in_place_of(
    actor: Actor, total: Decimal, subject: PartyModel, order: Order, *, act: str
) -> None:
    """Record in whose place the actor just committed a sum, where it was above his own limit."""
    absent = in_place_of(actor, total)
    if absent is not None:
        record(
            ApprovedForAnother(membership_id=absent.pk, act=act),
            actor=actor,
            subject=subject,
            subject_type=act,
            order_id=order.pk,
            case_id=order.case_id,
        )
