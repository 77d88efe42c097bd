"""Photos of visits: kept once, however often they are sent."""

from __future__ import annotations

from typing import Any

from nexxio.core import files
from nexxio.core.actors import Actor
from nexxio.core.outbox import record
from orders import events
from orders.models import Order, Photo, PhotoMoment, Visit


def same_photo(visit: Visit, data: bytes, moment: str) -> Photo | None:
    """Return what was kept of the same picture already: it was sent again."""
    same = Photo.objects.filter(
        landlord_id=visit.landlord_id,
        visit_id=visit.pk,
        moment=moment,
        file__sha256=files.digest_of(data),
    )
    return same.select_related("file").first()


def keep_photo(visit: Visit, order: Order, actor: Actor, data: bytes, *, moment: str) -> Photo:
    """Keep a cleaned photo of a locked visit, in the caller's transaction."""
    # Tenants don't get the door's photo: it proves a visit, between the two organisations.
    shared = moment != PhotoMoment.DOOR
    party: dict[str, Any] = {
        "landlord_id": visit.landlord_id,
        "contractor_id": visit.contractor_id,
        "tenant_id": visit.tenant_id if shared else None,
        "reader_case_id": visit.reader_case_id if shared else None,
    }
    stored = files.store(
        data,
        media_type="image/jpeg",
        name=f"{order.reference}-{visit.number}-{moment}.jpg",
        **party,
    )
    row = Photo(order=order, visit=visit, file=stored, moment=moment, **party)
    row.save(force_insert=True)
    record(
        events.PhotoAdded(moment=moment),
        actor=actor,
        subject=visit,
        subject_type="visit",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return row
