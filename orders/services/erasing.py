"""What an order no longer needs once it has been closed for long: contact, access, photos.

What was printed in clear goes with the contact.

Run by the clock, each order in a transaction of its own; durations are data of the platform's
staff (nexxio/core/models/retention.py). An order with a reserve that nobody has lifted is left
alone. What was erased does not come back; the order says since when.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, retention
from nexxio.core.actors import SYSTEM
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from orders import photo_events
from orders.access_states import SETTLED_ABSENCE
from orders.certificate_states import CertificateState, ReserveState
from orders.models import (
    AccessCheck,
    Certificate,
    Order,
    OrderContact,
    OrderDocument,
    Photo,
    PhotoMoment,
    Reserve,
)
from orders.services.moves import lock_order


@transaction.atomic
def erase_contact(*, order_id: UUID, closed_before: datetime) -> Order | None:
    """Empty name, phones, e-mail address and access of an order that was closed before an instant.

    Printed orders that carry them go too (rows and files; masked ones stay), and so do the words
    by which the order was found. Runs as the system; locks the order. None when there is nothing
    to do, or not yet.
    """
    order = lock_order(order_id)
    if order.contact_erased_at is not None or not _is_over(order, closed_before):
        return None
    OrderContact.objects.filter(landlord_id=order.landlord_id, order_id=order.pk).update(
        name="", phone="", second_phone="", email="", access=[], access_code=""
    )
    _erase_prints(order)
    order.contact_erased_at = clock.now()
    order.has_phone = order.has_access = False
    order.save(update_fields=["contact_erased_at", "has_phone", "has_access"])
    _record(photo_events.ContactErased(), order)
    return order


@transaction.atomic
def erase_photos(*, order_id: UUID, closed_before: datetime) -> Order | None:
    """Erase the photos of an order that was closed before an instant, but for its evidence.

    Those stay that a signed certificate names, and those of the door on which a settled absence
    rests. The bytes go after the commit, unless another file has the same. Runs as the system;
    locks the order. None when there is nothing to do, or not yet.
    """
    order = lock_order(order_id)
    if order.photos_erased_at is not None or not _is_over(order, closed_before):
        return None
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    photos = Photo.objects.filter(**own).select_related("file")
    named, settled = _named(order), _settled(order)
    gone = [
        photo
        for photo in photos
        if photo.file.sha256 not in named
        and not (photo.moment == PhotoMoment.DOOR and photo.visit_id in settled)
    ]
    Photo.objects.filter(pk__in=[photo.pk for photo in gone]).delete()
    retention.erase_stored([photo.file for photo in gone])
    order.photos_erased_at = clock.now()
    order.photos_erased = len(gone)
    order.save(update_fields=["photos_erased_at", "photos_erased"])
    if gone:
        _record(photo_events.PhotosErased(count=len(gone)), order)
    return order


# --- inside -----------------------------------------------------------------------------------


def _is_over(order: Order, closed_before: datetime) -> bool:
    if order.closed_at is None or order.closed_at >= closed_before:
        return False
    reserves = Reserve.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return not reserves.exclude(state=ReserveState.LIFTED).exists()


def _erase_prints(order: Order) -> None:
    """Erase the order's PDFs in which contact and access can be read."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    prints = OrderDocument.objects.filter(**own, in_clear=True, file__isnull=False)
    gone = list(prints.select_related("file"))
    OrderDocument.objects.filter(pk__in=[row.pk for row in gone]).delete()
    retention.erase_stored([row.file for row in gone if row.file is not None])


def _named(order: Order) -> set[str]:
    """Return the digests of the photos that the order's signed certificates name."""
    signed = Certificate.objects.filter(
        landlord_id=order.landlord_id,
        order_id=order.pk,
        state__in=(CertificateState.SIGNED, CertificateState.TACIT),
    )
    return {
        sha
        for content in signed.values_list("content", flat=True)
        for sha in content.get("photos", ())
    }


def _settled(order: Order) -> set[UUID]:
    """Return the visits whose absence was settled: their photos of the door are its proof."""
    checks = AccessCheck.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, state__in=SETTLED_ABSENCE
    )
    return set(checks.values_list("visit_id", flat=True))


def _record(event: EventType, order: Order) -> None:
    record(
        event,
        actor=replace(SYSTEM, organisation_id=order.landlord_id),
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=order.case_id,
    )
