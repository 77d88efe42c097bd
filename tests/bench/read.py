"""Reads pages of orders in one process, as the site's role, and prints what they took as JSON."""

from __future__ import annotations

import json
import os
import statistics
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nexxio.core.models import Membership, User
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from orders.models import Order

ROUNDS = 25
LANDLORD = ("claire.morel@rivp.example", "/bailleur/rivp/")
CONTRACTOR = ("helene.garnier@plomberie-lutece.example", "/prestataire/plomberie-lutece/")
PAGES: dict[str, tuple[tuple[str, str], str]] = {
    "list": (LANDLORD, "commandes/"),
    "one state": (LANDLORD, "commandes/?etat=done"),
    "by company": (LANDLORD, "commandes/?tri=partie"),
    "open": (LANDLORD, "commandes/?etat=open"),
    "late": (LANDLORD, "commandes/?retard=1"),
    "search, frequent word": (LANDLORD, "commandes/?q=fuite"),
    "search, one order": (LANDLORD, "commandes/?q=B0009876"),
    "search, no order": (LANDLORD, "commandes/?q=introuvable"),
    "search, near words": (LANDLORD, "commandes/?q=robinnet"),
    "silent": (LANDLORD, "commandes/?silence=1"),
    "board": (LANDLORD, "commandes/tableau/"),
    "board, filtered": (LANDLORD, "commandes/tableau/?corps=plomberie&retard=1"),
    "order and its history": (LANDLORD, "commandes/{own}/"),
    "order form": (LANDLORD, "commandes/{draft}/modifier/"),
    "parapheur": (LANDLORD, "parapheur/"),
    "parapheur, extra works": (LANDLORD, "parapheur/?genre=devis"),
    "desk": (LANDLORD, ""),
    "contractor's list": (CONTRACTOR, "commandes/"),
    "contractor's desk": (CONTRACTOR, ""),
    "contractor's history of an order": (CONTRACTOR, "commandes/{order}/historique/"),
    "contractor's order and its history": (CONTRACTOR, "commandes/{order}/"),
    "planning board": (CONTRACTOR, "planning/"),
}
TABLES = (
    "orders.Order",
    "orders.OrderBudget",
    "orders.Visit",
    "orders.Certificate",
    "core.Organisation",
    "core.Event",
)


def main() -> None:
    """Print the times and queries of each page, the rows of each table, role and plan."""
    settings.DEBUG = False
    found: dict[str, Any] = {"rounds": ROUNDS, "pages": {}}
    orders = _orders()
    for name, (member, path) in PAGES.items():
        found["pages"][name], queries = read_page(*member, path.format(**orders))
        if name == "list":
            found |= _plan(next(sql for sql in queries if "LIMIT 51" in sql))
    found["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(found))


def _orders() -> dict[str, UUID]:
    """Return each side's first order, which has a history of its own, and a draft."""
    with open_scope(Scope(kind=ScopeKind.CONTRACTOR, contractor_id=_house(CONTRACTOR[0]))):
        found = {"order": _first()}
    with open_scope(Scope(kind=ScopeKind.LANDLORD, landlord_id=_house(LANDLORD[0]))):
        filled = Order.objects.filter(reference__startswith="B00").values_list("contract_id")
        (drawn,) = filled[0]  # the contract that grows
        return found | {"own": _first(contract_id=drawn), "draft": _first(state="draft")}


def _first(**wanted: Any) -> UUID:
    rows = Order.objects.filter(**wanted, contract__ceiling__isnull=False)
    return rows.order_by("created_at", "id").values_list("pk", flat=True)[0]


def _house(email: str) -> UUID:
    """Return the organisation of a member."""
    user = User.objects.get(email=email)
    with open_scope(Scope(kind=ScopeKind.USER, user_id=user.pk)):
        return Membership.objects.filter(user=user).values_list("organisation_id", flat=True)[0]


def read_page(email: str, root: str, path: str) -> tuple[dict[str, Any], list[str]]:
    """Ask for a page as a member; return what it took, and its queries."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(email=email),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    client.get(root + path)
    times = []
    spent = cpu()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(root + path)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{root + path} answered {answer.status_code}")
    spent = (cpu() - spent) * 1000 / ROUNDS
    with CaptureQueriesContext(connection) as seen:
        client.get(root + path)
    sql = sum(float(query["time"]) for query in seen.captured_queries) * 1000
    row = {
        "ms": round(statistics.median(times), 1),
        "best": round(min(times), 1),
        "cpu": round(spent, 1),
        "sql": round(sql),
        "queries": len(seen),
    }
    return row, [query["sql"] for query in seen.captured_queries]


def cpu() -> float:
    """Return the seconds that this process and its server of the database have computed.

    Other work on the machine makes every request longer, but hardly this.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text(encoding="utf-8")
    ticks = sum(map(int, stat.rsplit(")", 1)[1].split()[11:13]))
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _plan(sql: str) -> dict[str, Any]:
    """Return role and plan of the list's query, asked in the landlord's scope."""
    with (
        open_scope(Scope(kind=ScopeKind.LANDLORD, landlord_id=_house(LANDLORD[0]))),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + sql)
        return {"role": role, "plan": [line for (line,) in cursor.fetchall()]}


def row_counts() -> dict[str, int]:
    """Return how many rows the main tables hold; the caller is the owner."""
    found = {}
    for label in TABLES:
        model = apps.get_model(label)
        found[model._meta.db_table] = model._base_manager.count()
    return found


if __name__ == "__main__":
    main()
