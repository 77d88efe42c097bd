"""Residences by page and by words: keyset pages, capped counts, found by a database function."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from nexxio.core.actors import Actor
from nexxio.core.models import Group

PAGE = 50
COUNT_CAP = 1000
_FIND = "SELECT * FROM core_search_groups(%s, %s, %s, %s, %s, %s)"
Key = tuple[str, str, UUID]


@dataclass(frozen=True)
class GroupPage:
    """A page of residences, by postcode and name. count: at most COUNT_CAP."""

    rows: list[Group]
    q: str
    count: int
    is_capped: bool
    next_key: str
    previous_key: str


def residences(
    actor: Actor, *, q: str = "", after: str = "", before: str = "", size: int = PAGE
) -> GroupPage:
    """Return one page of the landlord's residences that hold every word of `q`.

    Accents and capitals don't matter. An unreadable key gives the first page.
    """
    backwards = bool(before)
    key = _read_key(before or after)
    ids = _ids(q, key=key, backwards=backwards and key is not None, size=size + 1)
    more, ids = len(ids) > size, ids[:size]
    rows = list(
        Group.objects.filter(landlord_id=actor.own_id, pk__in=ids).order_by(
            "postcode", "name", "id"
        )
    )
    count = len(_ids(q, key=None, backwards=False, size=COUNT_CAP + 1))
    has_next, has_previous = (True, more) if backwards and key else (more, key is not None)
    return GroupPage(
        rows=rows,
        q=q,
        count=min(count, COUNT_CAP),
        is_capped=count > COUNT_CAP,
        next_key=_key(rows[-1]) if rows and has_next else "",
        previous_key=_key(rows[0]) if rows and has_previous else "",
    )


def find_ids(q: str, *, size: int) -> list[UUID]:
    """Return the keys of the first `size` residences that hold every word of `q`."""
    return _ids(q, key=None, backwards=False, size=size)


def _ids(q: str, *, key: Key | None, backwards: bool, size: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [q, *(key or (None, None, None)), backwards, size])
        return [found for (found,) in cursor.fetchall()]


def _key(group: Group) -> str:
    raw = json.dumps([group.postcode, group.name, str(group.pk)])
    return base64.urlsafe_b64encode(raw.encode()).decode()


def _read_key(text: str) -> Key | None:
    try:
        postcode, name, pk = json.loads(base64.urlsafe_b64decode(text))
        return str(postcode), str(name), UUID(pk)
    except (ValueError, TypeError, AttributeError):
        return None
