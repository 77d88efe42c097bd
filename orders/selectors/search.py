"""Search of orders: a function of the database, for the organisation that the connection serves.

Behind row-level security PostgreSQL may not use the index of words (what a search compares could
tell of hidden rows), so `orders_find` runs with its owner's rights. Whose orders it searches
is in the connection's scope and in no argument (docs/adr/0002); names and phones are found by who
may read them in clear now (docs/adr/0036).

What nothing holds is looked for among near words (`orders_near_words`): words of the same orders,
those that the scope may read, so that nothing of others is told.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

_FOUND = "FROM orders_find(%s, %s::text[], %s, %s, %s::date, %s, %s, %s, %s, %s, %s, %s::jsonb)"
_FIND = "SELECT * " + _FOUND
_NEAR = _FOUND.replace("%s", "near", 1)
# Near words are looked for once (OFFSET 0 keeps the planner from doing it twice); where there are
# none the function is asked for null, and finds nothing at once.
_LOOK = (
    "SELECT keys, near, ARRAY(SELECT * " + _NEAR + ")"  # noqa: S608 (constants)
    " FROM (SELECT keys, CASE WHEN cardinality(keys) = 0 THEN orders_near_words(%s) END AS near"
    " FROM (SELECT ARRAY(" + _FIND + ") AS keys OFFSET 0) exact OFFSET 0) asked"
)

# A French number in any writing, or a foreign one with its plus. Signs and spaces between digits
# are as good as none; the words of an order hold it without its first zero.
_BETWEEN = r"[\s.\-/()]*"
_FRENCH = re.compile(
    rf"(?<!\w)(?:(?:\+|00)33{_BETWEEN}0?|0){_BETWEEN}([1-9](?:{_BETWEEN}\d){{6,8}})(?!\d)"
)
_FOREIGN = re.compile(rf"(?<!\w)\+(\d(?:{_BETWEEN}\d){{6,14}})(?!\d)")


class Wanted(Protocol):
    """The words, and what else the list is narrowed to."""

    @property
    def q(self) -> str:
        """The words."""

    @property
    def trade(self) -> str:
        """Code of a trade; "" for all."""

    @property
    def priority(self) -> str:
        """A priority; "" for all."""

    @property
    def states(self) -> tuple[str, ...]:
        """States; none for all."""

    @property
    def late_before(self) -> date | None:
        """Target dates before this one."""

    @property
    def agency_id(self) -> UUID | None:
        """An agency of the landlord; None for all."""

    @property
    def sector_id(self) -> UUID | None:
        """A sector of the landlord; None for all."""

    def for_search(self) -> dict[str, Any]:
        """What else, by the names that the function knows."""


def find(
    wanted: Wanted, *, key: tuple[datetime, UUID] | None, backwards: bool, size: int
) -> RawSQL:
    """Return, for `pk__in`, at most `size` orders that hold every word, newest from `key` on.

    backwards: from `key` towards the newest instead.
    """
    params = _params(wanted, key=key, backwards=backwards, size=size)
    return RawSQL(_FIND, params)  # noqa: S611 (a constant)


@dataclass(frozen=True)
class Found:
    """The orders that hold the words, newest first. near: the words, where nothing held those asked
    and these are near them; else "".
    """

    keys: list[UUID]
    near: str = ""


def look(wanted: Wanted, *, cap: int) -> Found:
    """Return the newest orders that hold every word, or the near words where none does.

    At most `cap` + 1: more is "more than `cap`". One query both counts them and finds a page.
    """
    params = _params(wanted, key=None, backwards=False, size=cap + 1)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [*params[1:], wanted.q, *params])
        keys, near, nearby = cursor.fetchone()
    return Found(nearby, near) if nearby else Found(keys)


def _params(
    wanted: Wanted, *, key: tuple[datetime, UUID] | None, backwards: bool, size: int
) -> list[Any]:
    return [
        words_of(wanted.q),
        [str(state) for state in wanted.states] or None,
        wanted.trade or None,
        wanted.priority or None,
        wanted.late_before,
        *(key or (None, None)),
        backwards,
        size,
        wanted.agency_id,
        wanted.sector_id,
        json.dumps(wanted.for_search()),
    ]


def words_of(asked: str) -> str:
    """Return what is searched for: a phone number's digits are one word, however it is written."""
    for pattern in (_FRENCH, _FOREIGN):
        asked = pattern.sub(lambda found: " " + re.sub(r"\D", "", found[1]) + " ", asked)
    return asked
