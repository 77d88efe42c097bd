"""Blocks of a landlord with up to 100 000 open invoices: looking at all facts again, and the board.

Of the orders that `fill` made the reader's landlord gets an invoice for each that is done, every
second one as a file with its line, and a block on all but a few; each of these orders gets its line
and a file for a piece. Looked at as a worker does it: an order without a block by itself, which
opens one; a sample of the others until nothing changes any more, then again, one by one and as the
job does that looks at all of them. The time of all is that of the sample, multiplied.
"""

from __future__ import annotations

import json
from typing import Any

from tests.product import Site

SAMPLE, AGAIN = 100, 400
FILL = """
from django.db import connection, transaction
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
  current_date + 20, 100, 10, 110, 'EUR', '', '', '', o.nth %% 2 = 0, 1
FROM (SELECT o.*, row_number() OVER (ORDER BY o.id) AS nth
  FROM orders_order o JOIN core_organisation g ON g.id = o.landlord_id
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
FILE = '''
INSERT INTO core_storedfile (id, created_at, landlord_id, contractor_id, sha256, media_type, size,
  name)
SELECT uuidv7(), now(), i.landlord_id, i.contractor_id, repeat('b', 64), 'application/xml', 1,
  'bench.xml'
FROM contractors_invoice i WHERE i.number LIKE 'BENCH-%' AND NOT EXISTS
  (SELECT 1 FROM core_storedfile f WHERE f.landlord_id = i.landlord_id AND f.name = 'bench.xml')
LIMIT 1'''
BILLED = '''
FROM contractors_invoice i JOIN core_storedfile f
  ON f.landlord_id = i.landlord_id AND f.name = 'bench.xml'
WHERE i.number LIKE 'BENCH-%' AND NOT EXISTS
  (SELECT 1 FROM orders_orderpiece p WHERE p.landlord_id = i.landlord_id AND p.order_id = i.order_id)'''
LINES = '''
INSERT INTO orders_orderline (id, created_at, landlord_id, contractor_id, order_id, rank, code,
  label, unit, unit_price, vat_rate, quantity, total_without_vat)
SELECT uuidv7(), now(), i.landlord_id, i.contractor_id, i.order_id, 1, 'PLB-01', 'Siphon', 'u',
  100, 10, 1, 100 ''' + BILLED
INVOICED = '''
INSERT INTO contractors_invoiceline (id, created_at, landlord_id, contractor_id, invoice_id, origin,
  rank, code, label, unit, unit_price, vat_rate, quantity, total_without_vat)
SELECT uuidv7(), now(), i.landlord_id, i.contractor_id, i.id, 'free', 1, 'PLB-01', 'Siphon', 'u',
  100, 10, 1, 100 ''' + BILLED + ' AND i.came_as_file'
RECEIVED = '''
INSERT INTO contractors_receivedinvoice (id, created_at, landlord_id, contractor_id, side, file_id,
  sha256, state, shared_at, arrived_on, asked_at, verdict, profile, number, issued_on, currency,
  total_without_vat, total_vat, total_with_vat, seller, buyer, "references", words, lines, problems,
  warnings, order_id, invoice_id, note)
SELECT uuidv7(), now(), i.landlord_id, i.contractor_id, 'contractor', f.id, md5(i.number),
  'turned_into_invoice',
  now(), i.received_on, now(), 'valid', 'EN16931', i.number, i.issued_on, 'EUR', 100, 10, 110,
  '{{}}', '{{}}', '[]', '[]', '[{{}}]', '[]', '[]', i.order_id, i.id, '' ''' + BILLED + '''
  AND i.came_as_file'''
PIECES = '''
INSERT INTO orders_orderpiece (id, created_at, landlord_id, contractor_id, order_id, kind, file_id)
SELECT uuidv7(), now(), i.landlord_id, i.contractor_id, i.order_id, 'waste', f.id ''' + BILLED
with owner_scope(), connection.cursor() as cursor:
    cursor.execute(COUNT, [])
    with transaction.atomic():
        cursor.execute(INVOICES, [max(0, SIZE - cursor.fetchone()[0])])
        cursor.execute(BLOCKS, [SAMPLE])
        for told in (FILE, LINES, INVOICED, RECEIVED, PIECES):
            cursor.execute(told)
    cursor.execute("VACUUM ANALYZE contractors_invoice, contractors_block, orders_order,"
        " orders_orderline, contractors_invoiceline, contractors_receivedinvoice,"
        " orders_orderpiece")
    cursor.execute(COUNT, [])
    print(cursor.fetchone()[0])
"""
_LOOK = """
import json, time
from dataclasses import replace
from contractors.models import Invoice
from contractors.services import look_at_order, look_at_orders
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Organisation
from nexxio.core.scoping import system_scope
from tests.bench.read import cpu
with system_scope("bench"):
    house = Organisation.objects.get(slug="rivp")
    actor = replace(SYSTEM, organisation_id=house.pk)
    rows = Invoice.objects.filter(landlord=house, number__startswith="BENCH-").order_by("pk")
    fresh = list(rows.filter(blocks__isnull=True).values_list("order_id", flat=True)[:{sample}])
    again = list(rows.order_by("-pk").values_list("order_id", flat=True)[:{again}])
    def one_by_one(orders):
        for pk in orders:
            look_at_order(actor=actor, order_id=pk)
    def at_once(orders):
        return look_at_orders(actor=actor, order_ids=orders)
    def took(look, orders):
        began, spent = time.perf_counter(), cpu()
        look(orders)
        found = time.perf_counter() - began, cpu() - spent
        return [round(each * 1000 / max(len(orders), 1), 2) for each in found]
    found = {{"opened": took(one_by_one, fresh)}}
    at_once(again)
    found["one"] = took(one_by_one, again[:{sample}])
    found["job"] = took(at_once, again)
    assert at_once(again) == []
print(json.dumps(found))
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
        looked = json.loads(site.python(_LOOK.format(sample=SAMPLE, again=AGAIN)).split("\n")[-1])
        read = json.loads(site.python(_READ, login="site").split("\n")[-1])
        whole = round(looked["job"][0] * count / 1000)
        found.append({"invoices": count, **looked, "whole_s": whole, **read})
    return found


def section(found: list[dict[str, Any]]) -> list[str]:
    """Return the section of docs/benchmarks.md."""
    first, last = found[0], found[-1]
    rows = [
        f"| {part['invoices']} |"
        + "".join(f" {part[name][0]} ({part[name][1]}) |" for name in ("opened", "one", "job"))
        + f" {part['whole_s']} | {part['board']['ms']} ({part['board']['cpu']},"
        f" {part['board']['queries']}) | {part['company']['ms']} ({part['company']['cpu']}) |"
        for part in found
    ]
    ratios = [
        f"{name}: {round(last[name]['cpu'] / first[name]['cpu'], 2)}"
        for name in ("board", "company")
    ]
    return [
        "## Blocks of a landlord",
        "",
        "Looking at the facts of an order again, in ms (computed): by itself, where a block is"
        f" opened ({SAMPLE} orders) and where nothing changes; and where nothing changes in the job"
        f" that looks at many ({AGAIN}). Every second invoice came as a file, which is compared with"
        " its order. s for all of the landlord's open invoices by one process, from the job. The"
        " board of both sides: median in ms (computed, queries).",
        "",
        "| open invoices | opened | again, alone | again, in the job | all, s | landlord's board |"
        " company's board |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        f"Last ÷ first, computed: {', '.join(ratios)}.",
        "",
    ]
