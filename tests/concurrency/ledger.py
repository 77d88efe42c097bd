"""What the database holds of events and deliveries, read beside the product by a connection of
its own, and how to hold a worker in the middle of its work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.concurrency.product import Product


@dataclass(frozen=True)
class Counts:
    """Events, and their deliveries by what became of them."""

    events: int
    deliveries: int
    done: int
    pending: int
    dead: int
    failed: int
    positions: int
    gaps: int


class Ledger:
    """Reads as nexxio_system, on a new connection each time: the server may have been killed."""

    def __init__(self, product: Product) -> None:
        self._product = product

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Return the rows of a query."""
        with self._connect() as connection:
            return connection.execute(sql, values).fetchall()

    def counts(self) -> Counts:
        """Count everything at one moment."""
        (row,) = self.rows(
            "SELECT (SELECT count(*) FROM core_event), count(*), count(done_at),"
            " count(*) FILTER (WHERE done_at IS NULL AND dead_at IS NULL), count(dead_at),"
            " count(*) FILTER (WHERE attempts > 0),"
            " (SELECT count(*) FROM core_eventposition),"
            " (SELECT coalesce(sum(top - seen), 0)::int FROM (SELECT max(position) top, count(*)"
            "  seen FROM core_eventposition GROUP BY landlord_id) AS each)"
            " FROM core_delivery"
        )
        return Counts(*row)

    def pending(self, subscriber: str = "") -> int:
        """Count what still waits, for one subscriber or for all."""
        sql = "SELECT count(*) FROM core_delivery WHERE done_at IS NULL AND dead_at IS NULL"
        if not subscriber:
            return int(self.rows(sql)[0][0])
        return int(self.rows(f"{sql} AND subscriber = %s", subscriber)[0][0])

    def events_of(self, order: str) -> list[str]:
        """Return the kinds of an order's events, in the order of their recording."""
        rows = self.rows(
            "SELECT kind FROM core_event WHERE order_id = %s ORDER BY recorded_at, id", order
        )
        return [kind for (kind,) in rows]

    def kinds(self) -> dict[str, int]:
        """Return how many events there are of each kind."""
        return dict(self.rows("SELECT kind, count(*) FROM core_event GROUP BY kind"))

    def somebody_waits_for_a_lock(self) -> bool:
        """Tell whether a process of the product is held by `holding`."""
        (row,) = self.rows(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.usename = 'nexxio_system'"
        )
        return bool(row[0])

    @contextmanager
    def holding(self, lock: str, *values: object) -> Iterator[None]:
        """Keep a lock that a worker needs in the middle of its work."""
        with self._connect() as connection, connection.transaction():
            connection.execute(lock, values)
            yield

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self._product.postgres.url("nexxio_system"), autocommit=True, connect_timeout=5
        )
