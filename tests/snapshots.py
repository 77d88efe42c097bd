"""What a test stands on, built once a worker and laid again as rows: milliseconds, not a second.

The services build it the first time; its rows are read back from the database, and inserted as they
were for each later test, inside its own transaction. What was built some minutes ago, or under
another clock, is built anew, so that "today" and "an hour ago" stay true.
"""

from __future__ import annotations

import graphlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from nexxio.core import clock
from nexxio.core.models import StoredFile
from nexxio.core.scoping import owner_scope

Built = TypeVar("Built")
FRESH = timedelta(minutes=5)
# Written by triggers, from the rows that are laid.
DERIVED = {"orders_orderwords", "orders_contractdraw"}
# The tables of other packages are filled by Django itself after a flush.
OURS = {"core", "orders", "contractors", "tenants", "evaluations"}

_COLUMNS = """
    SELECT c.oid::regclass::text, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.oid
"""
_POINTS_AT = """
    SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND NOT condeferred AND conrelid <> confrelid
"""


@dataclass(frozen=True)
class _Kept:
    at: datetime
    sql: str
    rows: tuple[str, ...]
    files: dict[str, bytes]
    result: bytes


class Snapshot(Generic[Built]):
    """What `build` makes in an empty database, and returns."""

    def __init__(self, build: Callable[[], Built]) -> None:
        self.build = build
        self.kept: _Kept | None = None

    def lay(self) -> Built:
        """Put it into the database, in the caller's transaction, and return a copy of its own."""
        kept, now = self.kept, clock.now()
        if kept is None or abs(now - kept.at) > FRESH or _day(now) != _day(kept.at):
            return self._build(now)
        cache.clear()  # the same keys as in the test before, which may have left things under them
        with owner_scope(), connection.cursor() as cursor:
            cursor.execute(kept.sql, kept.rows)
        for (
            path,
            data,
        ) in kept.files.items():  # another test may have erased or replaced the storage
            if not default_storage.exists(path):
                default_storage.save(path, ContentFile(data))
        built: Built = pickle.loads(kept.result)
        return built

    def _build(self, now: datetime) -> Built:
        before = _rows()
        built = self.build()
        made = {table: rows - before[table] for table, rows in _rows().items()}
        sql, rows = _as_inserts(made)
        self.kept = _Kept(at=now, sql=sql, rows=rows, files=_files(), result=pickle.dumps(built))
        return built


class FirstRows:
    """What the migrations wrote: a test that commits ends with a flush, which takes it away."""

    def __init__(self) -> None:
        """Read it, from a database that holds nothing else."""
        self._sql, self._rows = _as_inserts(
            {table: rows for table, rows in _rows().items() if table.split("_")[0] in OURS}
        )

    def lay(self) -> None:
        """Write it again, where it is missing."""
        with owner_scope(), connection.cursor() as cursor:
            cursor.execute(self._sql, self._rows)


def _as_inserts(made: dict[str, set[str]]) -> tuple[str, tuple[str, ...]]:
    """Return statements that write the rows (JSON) of each table, and their parameters."""
    columns = _columns()
    tables = [table for table in _in_order() if made.get(table) and table not in DERIVED]
    sql = ";".join(
        f"INSERT INTO {table} ({columns[table]}) SELECT {columns[table]}"
        f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) ON CONFLICT DO NOTHING"
        for table in tables
    )
    return sql, tuple(f"[{','.join(sorted(made[table]))}]" for table in tables)


def _day(moment: datetime) -> Any:
    return moment.astimezone(clock.PARIS).date()


def _columns() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return dict(cursor.fetchall())


def _in_order() -> list[str]:
    """Return the tables, those that others point at first."""
    graph: dict[str, set[str]] = {table: set() for table in _columns()}
    with connection.cursor() as cursor:
        cursor.execute(_POINTS_AT)
        for table, target in cursor.fetchall():
            graph[table].add(target)
    return list(graphlib.TopologicalSorter(graph).static_order())


def _files() -> dict[str, bytes]:
    """Return what the stored files of the database hold."""
    with owner_scope():
        paths = [row.storage_path for row in StoredFile._base_manager.all()]
    found = {}
    for path in filter(default_storage.exists, paths):
        with default_storage.open(path) as kept:
            found[path] = kept.read()
    return found


def _rows() -> dict[str, set[str]]:
    """Return all rows of each table, as JSON."""
    found = {}
    with owner_scope(), connection.cursor() as cursor:
        for table in _columns():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            found[table] = {text for (text,) in cursor.fetchall()}
    return found
