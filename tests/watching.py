"""What a refusal must leave alone, and what a write must have locked; fixtures in conftest.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core import mail
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from nexxio.core.models import FileReading, ScopedModel
from nexxio.core.scoping import system_scope

_WRITTEN = """
    SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
               + pg_stat_get_xact_tuples_deleted(oid))::bigint
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""

Census = dict[str, tuple[int, str]]


def census() -> Census:
    """Return, for every scoped table, how many rows it has and a hash of all their columns.

    Events, deliveries, notifications and messages are among them; mails that left are counted. The
    log of who opened a file is not: it is there to be written by whoever only reads.
    """
    watched = (m for m in apps.get_models() if issubclass(m, ScopedModel) and m is not FileReading)
    tables = [model._meta.db_table for model in watched]
    parts = [
        f"SELECT '{table}', count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t.id)), '')"
        f" FROM {table} t"
        for table in tables
    ]
    with system_scope("tests: census"), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        found = {table: (count, digest) for table, count, digest in cursor.fetchall()}
    return {**found, "mail": (len(getattr(mail, "outbox", [])), "")}


def rows_written() -> tuple[int, int]:
    """Return how many rows this transaction has written so far, whatever was rolled back of it,
    and how many mails left. Far cheaper than a census: where it stays, nothing has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        (rows,) = cursor.fetchone()
    return rows, len(getattr(mail, "outbox", []))


def changed_tables(before: Census, after: Census) -> list[str]:
    """Return the tables that differ."""
    return sorted(table for table in after if after[table] != before[table])


@contextmanager
def nothing_happens() -> Iterator[None]:
    """Fail when the block leaves an event, delivery, message, mail or any changed row behind."""
    before = census()
    yield
    assert changed_tables(before, census()) == []


@contextmanager
def locks(*models: type[Model]) -> Iterator[None]:
    """Fail unless the block locks a row of each model, in this order, before it writes there.

    Each lock must be of the model's own table only. Looks at the SQL that was sent: a lazy
    queryset that nobody evaluates locks nothing.
    """
    with CaptureQueriesContext(connection) as queries:
        yield
    sent = [query["sql"] for query in queries]
    turns = []
    for model in models:
        table = model._meta.db_table
        taken = [n for n, sql in enumerate(sent) if sql.endswith(f'FOR UPDATE OF "{table}"')]
        writes = [n for n, sql in enumerate(sent) if _writes(sql, table)]
        assert taken, f"{table} is not locked"
        assert not writes or taken[0] < writes[0], f"{table} is written before it is locked"
        turns.append(taken[0])
    assert turns == sorted(turns), "the locks are taken in another order"


def _writes(sql: str, table: str) -> bool:
    return re.match(rf'(UPDATE|INSERT INTO|DELETE FROM) "{table}"', sql) is not None
