"""Ten thousand, a hundred thousand, a million orders of fifty landlords, made in SQL."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.concurrency.product import Product

_HERE = Path(__file__).parent
_SLICE = 100_000


class Volume:
    """Fills a product's database. Foreign keys are not checked row by row: superuser, at once."""

    def __init__(self, product: Product, scene: dict[str, Any]) -> None:
        self._url = product.postgres.url("postgres")
        self._scene = scene
        self._count = 0

    def grow_to(self, count: int) -> dict[str, Any]:
        """Add orders until there are `count`; return how many rows there are, and the seconds."""
        began = time.perf_counter()
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET maintenance_work_mem = '256MB'")
            if self._count == 0:
                self._run(connection, "estate.sql")
            while self._count < count:
                last = min(count, self._count + _SLICE)
                self._run(connection, "orders.sql", first=self._count + 1, last=last)
                self._count = last
            connection.execute("VACUUM ANALYZE")
            rows = {table: self._rows(connection, table) for table in _TABLES}
        return {"rows": rows, "seconds": round(time.perf_counter() - began, 1)}

    def _run(self, connection: psycopg.Connection[Any], name: str, **values: Any) -> None:
        text = re.sub(
            r"^\s*--.*$", "", (_HERE / name).read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        scene = self._scene
        values |= {
            "landlord": scene["landlord_id"],
            "contractor": scene["contractor_id"],
            "author": scene["author_id"],
        }
        with connection.transaction():
            for statement in text.split(";\n"):
                if statement.strip():
                    connection.execute(statement, values)  # type: ignore[arg-type]

    @staticmethod
    def _rows(connection: psycopg.Connection[Any], table: str) -> int:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]
        assert row is not None
        return int(row[0])


_TABLES = (
    "core_organisation",
    "core_unit",
    "core_case",
    "orders_order",
    "orders_visit",
    "core_event",
)
