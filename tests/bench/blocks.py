"""Blocks of a landlord with up to 100 000 open invoices: looking at all facts again, and the board.

Of the orders that `fill` made the reader's landlord gets an invoice for each that is done, and a
block on all but a few. Looking at an order again is its whole service in a transaction of its own,
as a worker does it: for those without a block it opens one, for the others it changes nothing. A
sample is looked at; the time of all is that of the sample, multiplied.
"""

from __future__ import annotations

import json
from typing import Any

from tests.product import Site

SAMPLE = 200
FILL = """
from django.db import connection
from nexxio.core.scoping import owner_scope
SIZE, SAMPLE = {size}, {sample}
COUNT = "SELECT count(*) FROM contractors_invoice WHERE number LIKE 'BENCH-%%'"
INVOICES = '''
INSERT INTO contractors_invoice (id, created_at, landlord_id, contractor_id, kind, number, order_id,
  department, state, state_since, issued_on, filed_at, chorus_number, received_on, due_on,
  total_without_vat, total_vat, total_with_vat, currency, cause, answer_note, platform_code,
  came_as_file, version)
SELECT uuidv7(), now(), o.landlord_id, o.contractor_id, 'invoice', 'BENCH-' || o.reference, o.id,
  o.department, 'received', now(), current_date - 10, now(), '', current_date - 10,
  current_date + 20, 100, 10, 110, 'EUR', '', '', '', false, 1
FROM (SELECT o.* FROM orders_order o JOIN core_organisation g ON g.id = o.landlord_id
  WHERE g.slug = 'rivp' AND o.state = 'done' AND o.reference LIKE 'B%%' AND NOT EXISTS
    (SELECT 1 FROM contractors_invoice i WHERE i.landlord_id = o.landlord_id AND i.order_id = o.id)
  ORDER BY o.id LIMIT %s) o'''
BLOCKS = '''
INSERT INTO contractors_block (id, created_at, landlord_id, contractor_id, order_id, invoice_id,
  cause, amount, currency, side, department, opened_at, opened_how, opened_side, open_note,
  closed_how, close_note)
SELECT uuidv7(), now(), i.landlord_id, i.contractor_id, i.order_id, i.id, 'B01', 110, 'EUR',
  'landlord', i.department, now() - make_interval(days => (random() * 90)::int), 'fact', '', '',
  '', ''
FROM (SELECT i.* FROM contractors_invoice i WHERE i.number LIKE 'BENCH-%%' AND NOT EXISTS
    (SELECT 1 FROM contractors_block b WHERE b.landlord_id = i.landlord_id AND b.invoice_id = i.id)
  ORDER BY i.id OFFSET %s) i'''
with owner_scope(), connection.cursor() as cursor:
    cursor.execute(COUNT, [])
    cursor.execute(INVOICES, [max(0, SIZE - cursor.fetchone()[0])])
    cursor.execute(BLOCKS, [SAMPLE])
    cursor.execute("VACUUM ANALYZE contractors_invoice, contractors_block, orders_order")
    cursor.execute(COUNT, [])
    print(cursor.fetchone()[0])
"""
_LOOK = """
import json, time
from dataclasses import replace
from django.db import connection
from contractors.models import Block, Invoice
from contractors.services import look_at_order
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Organisation
from nexxio.core.scoping import system_scope
with system_scope("bench"):
    house = Organisation.objects.get(slug="rivp")
    actor = replace(SYSTEM, organisation_id=house.pk)
    rows = Invoice.objects.filter(landlord=house, number__startswith="BENCH-").order_by("pk")
    fresh = list(rows.filter(blocks__isnull=True).values_list("order_id", flat=True)[:{sample}])
    def took(orders):
        began = time.perf_counter()
        for pk in orders:
            look_at_order(actor=actor, order_id=pk)
        return round((time.perf_counter() - began) * 1000 / max(len(orders), 1), 2)
    opened = took(fresh)
    again = took(list(rows.order_by("-pk").values_list("order_id", flat=True)[:{sample}]))
print(json.dumps({{"opened_ms": opened, "again_ms": again}}))
"""
_READ = """
import json
from django.conf import settings
from tests.bench.read import CONTRACTOR, LANDLORD, read_page
settings.DEBUG = False
board, _queries = read_page(*LANDLORD, "blocages/")
company, _queries = read_page(*CONTRACTOR, "blocages/")
print(json.dumps({"board": board, "company": company}))
"""


def measure(site: Site, sizes: list[int]) -> list[dict[str, Any]]:
    """Give the landlord so many open invoices, step by step; look again and read the board."""
    found = []
    for size in sizes:
        fill = FILL.format(size=size, sample=SAMPLE)
        count = int(site.python(fill, login="owner").split("\n")[-1])
        looked = json.loads(site.python(_LOOK.format(sample=SAMPLE)).split("\n")[-1])
        read = json.loads(site.python(_READ, login="site").split("\n")[-1])
        whole = round(looked["again_ms"] * count / 1000)
        found.append({"invoices": count, **looked, "whole_s": whole, **read})
    return found


def section(found: list[dict[str, Any]]) -> list[str]:
    """Return the section of docs/benchmarks.md."""
    first, last = found[0], found[-1]
    rows = [
        f"| {part['invoices']} | {part['opened_ms']} | {part['again_ms']} | {part['whole_s']} |"
        f" {part['board']['ms']} ({part['board']['queries']}) | {part['company']['ms']} |"
        for part in found
    ]
    ratios = [
        f"{name}: {round(last[name]['ms'] / first[name]['ms'], 2)}" for name in ("board", "company")
    ]
    return [
        "## Blocks of a landlord",
        "",
        f"Looking at the facts of an order again, in ms, for a sample of {SAMPLE}: where a block is"
        " opened, and where nothing changes; s for all of the landlord's open invoices by one"
        " process, from the latter. The board of both sides: median in ms (queries).",
        "",
        "| open invoices | opened | again | all, s | landlord's board | company's board |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        f"Last ÷ first, median: {', '.join(ratios)}.",
        "",
    ]
