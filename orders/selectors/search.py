"""Search of orders: a function of the database, for the organisation that the connection serves.

Behind row-level security PostgreSQL may not use the index of words (what a search compares could
tell of hidden rows), so `orders_search` runs with its owner's rights. Whose orders it searches
is in the connection's scope and in no argument (docs/adr/0002).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

_FOUND = "FROM orders_search(%s, %s::text[], %s, %s, %s::date, %s, %s, %s, %s, %s, %s)"
_FIND = "SELECT * " + _FOUND
_COUNT = "SELECT count(*) " + _FOUND


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


def find(
    wanted: Wanted, *, key: tuple[datetime, UUID] | None, backwards: bool, size: int
) -> RawSQL:
    """Return, for `pk__in`, at most `size` orders that hold every word, newest from `key` on.

    backwards: from `key` towards the newest instead.
    """
    params = _params(wanted, key=key, backwards=backwards, size=size)
    return RawSQL(_FIND, params)  # noqa: S611 (a constant)


def count(wanted: Wanted, *, cap: int) -> int:
    """Return how many orders hold every word, at most `cap` + 1."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _params(wanted, key=None, backwards=False, size=cap + 1))
        return int(cursor.fetchone()[0])


def _params(
    wanted: Wanted, *, key: tuple[datetime, UUID] | None, backwards: bool, size: int
) -> list[Any]:
    return [
        wanted.q,
        [str(state) for state in wanted.states] or None,
        wanted.trade or None,
        wanted.priority or None,
        wanted.late_before,
        *(key or (None, None)),
        backwards,
        size,
        wanted.agency_id,
        wanted.sector_id,
    ]
