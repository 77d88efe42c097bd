"""Queries and plans of the main pages, as the site's role, through the real middleware.

python -m tests.bench.pages < scene.json        (as nexxio_site; prints JSON)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402 (needs the settings)
from django.test import Client  # noqa: E402

from nexxio.core.scoping import Scope, ScopeKind, open_scope  # noqa: E402
from tests.bench.addresses import addresses  # noqa: E402


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that Django sends, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def plan_of(sql: str, params: Any, scope: Scope) -> dict[str, Any]:
    """Explain one statement in a scope: role, milliseconds, blocks, and the plan as text."""
    with open_scope(scope), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, SETTINGS) {sql}", params)
        lines = [line for (line,) in cursor.fetchall()]
    took = next(line for line in lines if line.startswith("Execution Time"))
    return {"role": role, "ms": float(took.split()[2]), "plan": lines, "sql": sql}


def page_facts(path: str, session: str, scope: Scope | None) -> dict[str, Any]:
    """Ask for a page; return its status, size, queries and the plan of the slowest one."""
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = session
    client.get(path)
    with recorded() as statements:
        response = client.get(path)
    facts = {
        "status": response.status_code,
        "bytes": len(response.content),
        "queries": len(statements),
    }
    if scope is None:
        return facts
    plans = [plan_of(sql, params, scope) for sql, params in statements if '"orders_' in sql[:3000]]
    slowest = max(plans, key=lambda plan: plan["ms"])
    return {**facts, "database_ms": round(sum(plan["ms"] for plan in plans), 2), **slowest}


def main() -> None:
    """Read the scene, measure each page, print."""
    scene = json.load(sys.stdin)
    scopes = {
        "landlord": Scope(kind=ScopeKind.LANDLORD, landlord_id=UUID(scene["landlord_id"])),
        "contractor": Scope(kind=ScopeKind.CONTRACTOR, contractor_id=UUID(scene["contractor_id"])),
        "tenant": None,
    }
    result = {
        name: page_facts(path, scene["sessions"].get(side, ""), scopes[side])
        for name, (side, path) in addresses(scene).items()
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
