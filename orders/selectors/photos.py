"""Photos of the work side by side: before and after of the same visit, in the order of taking.

And the file of a photo or piece whose openings are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from uuid import UUID

from nexxio.core.models import StoredFile
from orders.models import Certificate, Order, OrderPiece, Photo, PhotoMoment


@dataclass(frozen=True)
class Pair:
    """What was before and what is after; one of them may be missing."""

    before: Photo | None
    after: Photo | None


@dataclass(frozen=True)
class Album:
    """Photos as pages show them. others: of no work done, as of a door."""

    pairs: list[Pair]
    others: list[Photo]


def album_of(photos: Iterable[Photo]) -> Album:
    """Return photos, the oldest first, in pairs of their visit: first with first, and so on."""
    taken: dict[UUID, dict[str, list[Photo]]] = {}
    others = []
    for photo in photos:
        if photo.moment not in (PhotoMoment.BEFORE, PhotoMoment.AFTER):
            others.append(photo)
            continue
        visit = taken.setdefault(photo.visit_id, {PhotoMoment.BEFORE: [], PhotoMoment.AFTER: []})
        visit[photo.moment].append(photo)
    pairs = [
        Pair(before, after)
        for visit in taken.values()
        for before, after in zip_longest(visit[PhotoMoment.BEFORE], visit[PhotoMoment.AFTER])
    ]
    return Album(pairs, others)


def album_to_sign(certificate: Certificate) -> Album:
    """Return the photos of the works that a certificate is about. One query."""
    photos = Photo.objects.filter(
        landlord_id=certificate.landlord_id,
        order_id=certificate.order_id,
        withdrawn_at__isnull=True,
    )
    return album_of(photos.order_by("created_at"))


@dataclass(frozen=True)
class FileLog:
    """A photo or piece whose openings are asked for: when it was added, by which house."""

    file: StoredFile
    who: str
    at: datetime
    withdrawn_at: datetime | None


def log_of(order: Order, file_id: UUID) -> FileLog | None:
    """Return a photo or piece of an order by its file; None for any other file."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk, "file_id": file_id}
    row: Photo | OrderPiece | None = (
        Photo.objects.filter(**own).select_related("file").first()
        or OrderPiece.objects.filter(**own).select_related("file").first()
    )
    if row is None:
        return None
    who = order.contractor.name if order.contractor else ""
    return FileLog(row.file, who, row.created_at, row.withdrawn_at)
