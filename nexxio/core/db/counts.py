"""Several capped counts in one query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def capped_counts(querysets: Mapping[str, QuerySet[Any]], *, cap: int) -> dict[str, int]:
    """Return how many rows each queryset has, at most `cap` + 1: more is "more than `cap`".

    One query, and each count stops at the cap, so that it costs the same however full the table.
    """
    wanted = {name: rows.order_by().values("pk")[: cap + 1] for name, rows in querysets.items()}
    return dict.fromkeys(querysets, 0) | _each("count(*)", wanted)


@dataclass(frozen=True)
class Tally:
    """How many rows there are, what they come to and since when the oldest one waits."""

    count: int = 0
    euros: Decimal = Decimal(0)
    oldest: datetime | None = None


def capped_tallies(querysets: Mapping[str, QuerySet[Any]], *, cap: int) -> dict[str, Tally]:
    """Return the tally of the first `cap` + 1 rows of each queryset. One query.

    The querysets are ordered and have `euros` and `since` annotated; a row may have no euros.
    """
    wanted = {name: rows.values("euros", "since")[: cap + 1] for name, rows in querysets.items()}
    told = "json_build_array(count(*), sum(euros)::text, min(since))::text"
    found = {name: Tally() for name in querysets}
    for name, text in _each(told, wanted).items():
        count, euros, oldest = json.loads(text)
        moment = datetime.fromisoformat(oldest) if oldest else None
        found[name] = Tally(count, Decimal(euros or 0), moment)
    return found


@dataclass(frozen=True)
class First:
    """The keys of the first rows, and how many rows there are."""

    keys: list[UUID]
    count: int = 0


def capped_firsts(
    querysets: Mapping[str, QuerySet[Any]], *, cap: int, size: int
) -> dict[str, First]:
    """Return the first `size` keys of each queryset and its count, at most `cap` + 1. One query.

    The querysets are ordered and have `key` annotated. One walk gives both: a filter that few rows
    pass is paid for once.
    """
    wanted = {name: rows.values("key")[: cap + 1] for name, rows in querysets.items()}
    told = f"json_build_array(count(*), (array_agg(key))[1:{int(size)}])::text"
    found = {name: First([]) for name in querysets}
    for name, text in _each(told, wanted).items():
        count, keys = json.loads(text)
        found[name] = First([UUID(key) for key in keys or ()], count)
    return found


def _each(told: str, slices: Mapping[str, QuerySet[Any]]) -> dict[str, Any]:
    """Return what an aggregate says of each slice; nothing of one that can have no row."""
    names: list[str] = []
    selects: list[str] = []
    params: list[Any] = []
    for name, limited in slices.items():
        try:
            sql, values = limited.query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        selects.append(f"(SELECT {told} FROM ({sql}) counted)")  # noqa: S608 (Django's own SQL)
        params += values
    if not names:
        return {}
    with connection.cursor() as cursor:
        # Django's own SQL, its values apart.
        statement = "SELECT " + ", ".join(selects)
        cursor.execute(statement, params)
        return dict(zip(names, cursor.fetchone(), strict=True))
