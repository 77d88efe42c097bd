"""Photos of a visit: read and cleaned before anything is locked."""

from __future__ import annotations

from typing import IO, Any
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, files
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from orders import events, photo_events, policies
from orders.access_states import SETTLED_ABSENCE
from orders.certificate_states import CertificateState
from orders.models import AccessCheck, Certificate, Order, Photo, PhotoMoment, Visit
from orders.services.visit_parts import lock_visit, record_visit
from orders.states import PhotoWithdrawal


def add_photo(*, actor: Actor, visit_id: UUID, photo: IO[bytes], moment: str) -> Photo:
    """Keep a photo of the work: re-encoded, without metadata. Raises Invalid for anything else.

    The photo is read before anything is locked. Sent again, as after a lost answer, it is kept
    once. Raises Refused for a visit that never stood: of one that was given up or missed, a phone
    without network may have taken some before it heard of that.
    """
    if moment not in PhotoMoment.values:
        raise Invalid({"moment": ["Avant ou après ?"]})
    clean = files.clean_photo(photo)
    with transaction.atomic():
        visit, order = lock_visit(visit_id)
        if not policies.adds_photos(actor, visit):
            raise Refused("Seule l’entreprise ajoute des photos à son passage.", code="side")
        if not (policies.takes_photos(visit) or policies.takes_late_photos(visit)):
            raise Refused("Ce passage n’a pas eu lieu : il ne reçoit pas de photo.", code="state")
        kept = same_photo(visit, clean, moment)
        if kept is not None:
            files.keep_again(kept.file, clean)
            return kept
        return keep_photo(visit, order, actor, clean, moment=moment)


@transaction.atomic
def withdraw_photo(*, actor: Actor, photo_id: UUID, reason: str) -> Photo:
    """Take a photo back, with the reason: no page shows it any more, and it proves nothing.

    The side that took it, until the order is closed. Locks order and visit. Raises Invalid without
    a reason, Refused to others and for what a signed certificate or a settled absence rests on,
    Conflict for a repeat.
    """
    if reason not in PhotoWithdrawal.values:
        raise Invalid({"reason": ["Dites pourquoi elle est retirée."]})
    found = Photo.objects.get(pk=photo_id)
    visit, order = lock_visit(found.visit_id)
    rows = Photo.objects.select_for_update(of=("self",)).select_related("file")
    photo: Photo = rows.get(pk=photo_id)
    if not policies.adds_photos(actor, visit) or order.closed_at is not None:
        raise Refused("Seule l’entreprise retire une photo de son passage.", code="side")
    if photo.withdrawn_at is not None:
        raise Conflict("Cette photo est déjà retirée.")
    if _has_served(photo):
        text = (
            "Cette photo sert de preuve (constat signé ou absence retenue) : elle ne se retire"
            " plus. Adressez-vous au bailleur."
        )
        raise Refused(text, code="state")
    photo.withdrawn_at, photo.withdrawn_because = clock.now(), reason
    photo.save(update_fields=["withdrawn_at", "withdrawn_because"])
    record_visit(photo_events.PhotoWithdrawn(reason=reason), visit, order, actor)
    return photo


@transaction.atomic
def refuse_photos(*, actor: Actor, visit_id: UUID) -> Visit:
    """Note that the tenant refuses photos in his home. Twice the same says nothing more.

    Locks order and visit. Raises Refused as `add_photo`, and where no tenant is visited.
    """
    visit, order = lock_visit(visit_id)
    if not policies.adds_photos(actor, visit) or visit.reader_case_id is None:
        raise Refused("Seule l’entreprise note ce refus, chez un locataire.", code="side")
    if visit.photos_refused:
        return visit
    visit.photos_refused = True
    visit.version += 1
    visit.save(update_fields=["photos_refused", "version"])
    record_visit(photo_events.PhotosRefused(), visit, order, actor)
    return visit


def _has_served(photo: Photo) -> bool:
    """Tell whether a signed certificate names a photo, or a settled absence rests on it."""
    if photo.moment == PhotoMoment.DOOR:
        checks = AccessCheck.objects.filter(landlord_id=photo.landlord_id, visit_id=photo.visit_id)
        return checks.filter(state__in=SETTLED_ABSENCE).exists()
    signed = Certificate.objects.filter(
        landlord_id=photo.landlord_id,
        order_id=photo.order_id,
        state__in=(CertificateState.SIGNED, CertificateState.TACIT),
    )
    return signed.filter(content__photos__contains=[photo.file.sha256]).exists()


def same_photo(visit: Visit, data: bytes, moment: str) -> Photo | None:
    """Return what was kept of the same picture already: it was sent again."""
    same = Photo.objects.filter(
        landlord_id=visit.landlord_id,
        visit_id=visit.pk,
        moment=moment,
        withdrawn_at__isnull=True,
        file__sha256=files.digest_of(data),
    )
    return same.select_related("file").first()


def keep_photo(visit: Visit, order: Order, actor: Actor, data: bytes, *, moment: str) -> Photo:
    """Store a clean photo of a locked visit, and record it."""
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
        order_id=order.pk,
        **party,
    )
    row = Photo(order=order, visit=visit, file=stored, moment=moment, **party)
    row.save(force_insert=True)
    record_visit(events.PhotoAdded(moment=moment), visit, order, actor)
    return row
