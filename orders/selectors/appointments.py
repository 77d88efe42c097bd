"""Windows that may still be chosen, of visits that are loaded."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from nexxio.core import clock
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
