"""Importing orders beside PostgreSQL's COPY of the same rows, and what memory it takes.

The import is the real one: file read, cells typed, dwellings found, completeness judged, drafts
written with their events and deliveries. COPY then writes the very rows that it made, into copies of
the tables with the same indexes.
"""

from __future__ import annotations

import json
from typing import Any

from tests.product import Site

TABLES = (
    "core_case",
    "orders_order",
    "orders_orderbudget",
    "orders_ordercontact",
    "orders_orderline",
    "core_event",
    "core_delivery",
    "core_importedrow",
)
_IMPORT = """
import io, json, resource, tempfile, time
from django.db import connection
from nexxio.core.actors import Actor, Channel, Role, Side, scope_of
from nexxio.core.imports import running
from nexxio.core.imports.registry import get_kind
from nexxio.core.imports.report import Report
from nexxio.core.imports.rows import TypedRows
from nexxio.core.imports.terminal import find_landlord, propose_reading
from nexxio.core.models import ImportRun, Unit
from orders.models import Contract, PriceItem
landlord = find_landlord("rivp"); kind = get_kind("orders")
actor = Actor(side=Side.LANDLORD, name="bench", channel=Channel.COMMAND, organisation_id=landlord.pk, roles=frozenset({{Role.MANAGER}}))
with scope_of(actor):
    unit = Unit.objects.filter(landlord_id=landlord.pk, kind="dwelling").select_related("group").first()
    contract = Contract.objects.filter(landlord_id=landlord.pk, trades__contains=["plomberie"]).first()
    item = PriceItem.objects.filter(landlord_id=landlord.pk, contract=contract).first()
    out = tempfile.TemporaryFile()
    out.write("N° de commande;Résidence;Logement;Objet;Description;Corps d'état;Marché;Code article;Échéance\\n".encode())
    for n in range({count}):
        out.write(f"{mark}-{{n}};{{unit.group.name}};{{unit.number}};Joint {{n}};Le joint de la fenêtre est usé.;Plomberie;{{contract.number}};{{item.code}};12/03/2039\\n".encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    rows = TypedRows(out, kind, propose_reading(kind, actor, out))
    run = ImportRun(landlord_id=landlord.pk, kind=kind.name, name="bench"); run.save()
    report = Report(tempfile.TemporaryFile())
    running.apply(actor=actor, kind=kind, session=kind.session(actor, {{}}), rows=rows, run=run, report=report)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    connection.ensure_connection()
print(json.dumps({{"run": str(run.pk), "seconds": seconds, "created": report.summary()["created"], "peak_mib": peak // 1024, "grown_mib": (peak - before) // 1024}}))
"""
_COPY = """
import json, time
from django.db import connection
from nexxio.core.scoping import owner_scope
tables = {tables!r}
seconds, rows = 0.0, 0
with owner_scope(), connection.cursor() as c:
    c.execute("CREATE TEMP TABLE own AS SELECT subject_id AS order_id FROM core_importedrow WHERE run_id = %s", ["{run}"])
    c.execute("CREATE UNIQUE INDEX ON own (order_id)")
    ids = {{
        "core_case": "id IN (SELECT case_id FROM orders_order WHERE id IN (SELECT order_id FROM own))",
        "orders_order": "id IN (SELECT order_id FROM own)",
        "core_delivery": "event_id IN (SELECT id FROM core_event WHERE order_id IN (SELECT order_id FROM own))",
        "core_importedrow": "run_id = '{run}'",
    }}
    for table in tables:
        where = ids.get(table, "order_id IN (SELECT order_id FROM own)")
        c.execute(f"CREATE TABLE bench_copy (LIKE {{table}} INCLUDING ALL)")
        c.execute(  # generated columns are computed, not copied
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped",
            [table],
        )
        (columns,) = c.fetchone()
        with c.copy(f"COPY (SELECT {{columns}} FROM {{table}} WHERE {{where}}) TO STDOUT") as source:
            data = b"".join(bytes(part) for part in source)
        began = time.perf_counter()
        with c.copy(f"COPY bench_copy ({{columns}}) FROM STDIN") as target:
            target.write(data)
        seconds += time.perf_counter() - began
        c.execute("SELECT count(*) FROM bench_copy"); rows += c.fetchone()[0]
        c.execute("DROP TABLE bench_copy")
print(json.dumps({{"seconds": seconds, "rows": rows}}))
"""


def measure(site: Site, sizes: list[int]) -> list[dict[str, Any]]:
    """Import files of growing size; return times, ratio to COPY and peak memory of each."""
    found = []
    for size in sizes:
        text = site.python(_IMPORT.format(count=size, mark=f"BENCH{size}"), login="system")
        done = json.loads(text.split("\n")[-1])
        program = _COPY.format(tables=TABLES, run=done.pop("run"))
        copied = json.loads(site.python(program, login="owner").split("\n")[-1])
        found.append(
            {
                "orders": done["created"],
                "rows": copied["rows"],
                "seconds": round(done["seconds"], 1),
                "orders_per_second": round(done["created"] / done["seconds"]),
                "copy_seconds": round(copied["seconds"], 2),
                "ratio_to_copy": round(copied["seconds"] / done["seconds"], 3),
                "peak_mib": done["peak_mib"],
                "grown_mib": done["grown_mib"],
            }
        )
    return found


def section(found: list[dict[str, Any]]) -> list[str]:
    """Return the section of docs/benchmarks.md."""
    lines = [
        "## Import of orders",
        "",
        "Real imports (checks, drafts, events, deliveries) beside PostgreSQL's COPY of the same rows; peak memory",
        "is the process's. Goal: ratio ≥ 0.05, and a peak that does not grow with the file.",
        "",
        "| orders | rows | import s | orders/s | COPY s | ratio | peak MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['orders']} | {row['rows']} | {row['seconds']} | {row['orders_per_second']} |"
        f" {row['copy_seconds']} | {row['ratio_to_copy']} | {row['peak_mib']} |"
        for row in found
    ]
    return [*lines, ""]
