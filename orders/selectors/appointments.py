"""Windows that may still be chosen, of visits that are loaded."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from nexxio.core import clock
from orders import policies
from orders.models import Visit, VisitSlot
from orders.states import VisitState


def slots_by_visit(visits: Iterable[Visit]) -> dict[UUID, list[VisitSlot]]:
    """Return the windows that may still be picked, the earliest first: one query, or none.

    Only a proposed visit has any, and one that is offered at one moment only has none.
    """
    asked = [visit for visit in visits if visit.state == VisitState.PROPOSED]
    if not asked:
        return {}
    found: dict[UUID, list[VisitSlot]] = {}
    for slot in VisitSlot.objects.filter(
        landlord_id__in={visit.landlord_id for visit in asked},
        visit_id__in=[visit.pk for visit in asked],
        withdrawn_at__isnull=True,
        window_end__gt=clock.now(),
    ).order_by("window_start"):
        found.setdefault(slot.visit_id, []).append(slot)
    return found


def other_slots(visit: Visit) -> list[VisitSlot]:
    """Return the windows of a confirmed visit that its tenant may take instead: those that
    nobody took back and that are far enough ahead, the earliest first.
    """
    if visit.state != VisitState.CONFIRMED:
        return []
    now = clock.now()
    offered = VisitSlot.objects.filter(
        landlord_id=visit.landlord_id,
        visit_id=visit.pk,
        chosen_at__isnull=True,
        withdrawn_at__isnull=True,
        window_start__gt=now,
    ).order_by("window_start")
    return [slot for slot in offered if now < policies.cut_off_before(slot.window_start)]
