"""Photos of the work side by side: before and after of the same visit, in the order of taking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from uuid import UUID

from orders.models import Photo, PhotoMoment


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
