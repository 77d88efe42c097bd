"""The window that narrows on the day: when the technician says that he arrives."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from orders import policies
from orders.appointment_events import ArrivalNarrowed
from orders.models import Visit
from orders.services.visit_parts import lock_visit, record_visit

WIDEST = timedelta(hours=1)
LATEST = timedelta(hours=2)


@transaction.atomic
def narrow_arrival(*, actor: Actor, visit_id: UUID, start: datetime, end: datetime) -> Visit:
    """Say on the day between which hours (UTC) the technician arrives; may be said again.

    The window that was agreed stays as it is. Locks order and visit. Raises Invalid for hours that
    are over, wider than an hour, before the agreed window or more than two hours behind it;
    Refused for another day, another's visit, or one that is no longer to come.
    """
    visit, order = lock_visit(visit_id)
    now = clock.now()
    if not policies.can_narrow(actor, visit, now):
        text = "L’heure d’arrivée se donne le jour même, avant d’être sur place."
        raise Refused(text, code="day")
    _check(visit, start, end, now)
    if (visit.arrival_start, visit.arrival_end) == (start, end):
        return visit
    visit.arrival_start, visit.arrival_end = start, end
    visit.version += 1
    visit.save(update_fields=["arrival_start", "arrival_end", "version"])
    event = ArrivalNarrowed(start=start, end=end, late=end > visit.window_end)
    record_visit(event, visit, order, actor)
    return visit


def _check(visit: Visit, start: datetime, end: datetime, now: datetime) -> None:
    if end <= start or end - start > WIDEST:
        raise Invalid({"minutes": ["Donnez une fourchette d’une heure au plus."]})
    if end <= now:
        raise Invalid({"start": ["Cette heure est déjà passée."]})
    if start < visit.window_start:
        raise Invalid({"start": ["Le locataire vous attend plus tard : c’est avant le créneau."]})
    if start > visit.window_end + LATEST:
        text = "Plus de deux heures après le créneau : déplacez plutôt le rendez-vous."
        raise Invalid({"start": [text]})
