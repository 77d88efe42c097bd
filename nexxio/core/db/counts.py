"""Several capped counts in one query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def capped_counts(querysets: Mapping[str, QuerySet[Any]], *, cap: int) -> dict[str, int]:
    """Return how many rows each queryset has, at most `cap` + 1: more is "more than `cap`".

    One query, and each count stops at the cap, so that it costs the same however full the table.
    """
    found = dict.fromkeys(querysets, 0)
    names: list[str] = []
    selects: list[str] = []
    params: list[Any] = []
    for name, queryset in querysets.items():
        limited = queryset.order_by().values("pk")[: cap + 1]
        try:
            sql, values = limited.query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        selects.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 (Django's own SQL)
        params += values
    if names:
        with connection.cursor() as cursor:
            # Django's own SQL, its values apart.
            statement = "SELECT " + ", ".join(selects)
            cursor.execute(statement, params)
            found.update(zip(names, cursor.fetchone(), strict=True))
    return found
