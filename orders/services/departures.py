"""Urgent works don't wait for an appointment: somebody leaves now, and his visit stands."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Actor, Channel
from nexxio.core.errors import Invalid, Refused
from orders import events, policies
from orders.models import Order, Visit
from orders.services.moves import lock_order, move_visit_state, open_visit
from orders.services.visit_parts import (
    confirm,
    first_name_of,
    new_visit,
    own_technician,
    record_visit,
)

ON_SITE_WITHIN = timedelta(hours=2)
"""The window of whoever leaves at once."""
WHY_MOVED = "Urgence : départ immédiat"


@transaction.atomic
def go_now(
    *, actor: Actor, order_id: UUID, technician_id: UUID | None = None, call_noted: bool = False
) -> Visit:
    """Send somebody at once to urgent works: a visit that stands from now on, and he is on the way.

    It takes the place of an appointment that was still to come, with its technician unless another
    one is named; a technician sends himself. Locks the order. Raises Refused for works that aren't
    urgent, or with somebody under way; Invalid without anybody who goes.
    """
    order = lock_order(order_id)
    standing = open_visit(order)
    if not policies.can_go_now(actor, order, standing, clock.now()):
        text = "Le départ immédiat est pour les urgences, tant que personne n’est en route."
        raise Refused(text, code="state")
    if not policies.is_contractors_desk(actor):
        technician_id = actor.membership_id
    elif technician_id is None and standing is not None:
        technician_id = standing.technician_id
    technician = own_technician(technician_id, actor)
    if technician is None:
        raise Invalid({"technician": ["Dites qui part."]})
    start = clock.now()
    end = start + ON_SITE_WITHIN
    if standing is not None:
        move_visit_state(
            "move",
            standing.pk,
            order,
            actor,
            event=events.VisitMoved(start=start, end=end),
            changes={"reason": WHY_MOVED},
        )
    visit = new_visit(
        order,
        start=start,
        end=end,
        technician_id=technician.pk,
        first_name=first_name_of(technician),
    )
    record_visit(events.VisitProposed(start=start, end=end), visit, order, actor)
    visit = confirm(visit, order, actor, call_noted=call_noted)
    return _leave(visit, order, actor)


def _leave(visit: Visit, order: Order, actor: Actor) -> Visit:
    by_office = policies.enters_for(actor, visit)
    return move_visit_state(
        "leave",
        visit.pk,
        order,
        actor.through(Channel.OFFICE) if by_office else actor,
        event=events.TechnicianLeft(),
        changes={"left_at": clock.now()},
    )
