"""Pages of orders with 10 000 to 1 000 000 orders of fifty landlords, as the site's role."""

from __future__ import annotations

import statistics
from typing import Any

from tests.product import Site

ROUNDS = 15
_FILL = """
from django.db import connection
from nexxio.core.models import Organisation
from nexxio.core.scoping import owner_scope
with owner_scope(), connection.cursor() as c:
    c.execute('''
        INSERT INTO core_organisation (id, created_at, kind, legal_form, name, aliases, slug, siret, phone, email, colour, is_active)
        SELECT gen_random_uuid(), now(), 'landlord', 'oph', 'Bailleur ' || n, '[]', 'bench-' || n, '', '', '', '', true
        FROM generate_series(1, 49) n ON CONFLICT DO NOTHING''')
    c.execute("SELECT count(*) FROM orders_order")
    have = c.fetchone()[0]
    c.execute('''
        WITH model AS (SELECT o.*, u.group_id, u.number FROM orders_order o JOIN core_unit u ON u.id = o.unit_id
                       JOIN core_organisation g ON g.id = o.landlord_id
                       WHERE g.slug = 'rivp' AND o.state = 'accepted' LIMIT 1)
        INSERT INTO orders_order
        SELECT (jsonb_populate_record(o, jsonb_build_object(
            'id', gen_random_uuid(), 'reference', 'B' || (%s + n), 'external_number', '',
            'created_at', now() - (n || ' seconds')::interval,
            'title', 'Intervention ' || n,
            'state', (ARRAY['issued','accepted','accepted','done','done','done'])[1 + n %% 6],
            'done_at', null, 'closed_at', null))).*
        FROM model m JOIN orders_order o ON o.id = m.id, generate_series(1, %s) n''', [have, max(0, {size} - have)])
    c.execute('''INSERT INTO orders_orderbudget (id, created_at, landlord_id, contractor_id, order_id,
                 total_without_vat, total_vat, total_with_vat, currency, commitment_number, service_code)
                 SELECT gen_random_uuid(), now(), o.landlord_id, o.contractor_id, o.id, 100, 10, 110, 'EUR', '', ''
                 FROM orders_order o LEFT JOIN orders_orderbudget b ON b.order_id = o.id WHERE b.id IS NULL''')
connection.close()
with owner_scope(), connection.cursor() as c:
    c.execute("VACUUM ANALYZE orders_order")
    c.execute("ANALYZE orders_orderbudget")
    c.execute("SELECT count(*) FROM orders_order")
    print(c.fetchone()[0])
"""
_READ = """
import json, statistics, time
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from nexxio.core.models import User
client = Client(HTTP_HOST="localhost")
client.force_login(User.objects.get(email="claire.morel@rivp.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
found = {{}}
for name, url in (("list", "/bailleur/rivp/commandes/"), ("filtered", "/bailleur/rivp/commandes/?etat=done"), ("board", "/bailleur/rivp/commandes/tableau/"), ("desk", "/bailleur/rivp/")):
    times = []
    for _ in range({rounds}):
        began = time.perf_counter(); answer = client.get(url); times.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection, ) as seen:
        client.get(url)
    found[name] = {{"ms": round(statistics.median(times) * 1000, 1), "queries": len(seen)}}
    if name == "list":
        sql = next(q["sql"] for q in seen.captured_queries if 'LIMIT 51' in q["sql"])
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from nexxio.core.models import Membership
with open_scope(Scope(kind=ScopeKind.USER, user_id=User.objects.get(email="claire.morel@rivp.example").pk)):
    landlord = Membership.objects.get(user__email="claire.morel@rivp.example").organisation_id
with open_scope(Scope(kind=ScopeKind.LANDLORD, landlord_id=landlord)), connection.cursor() as c:
    c.execute("SELECT current_user"); found["role"] = c.fetchone()[0]
    c.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + sql); found["plan"] = [row[0] for row in c.fetchall()]
print(json.dumps(found))
"""


def measure(site: Site, sizes: list[int]) -> list[dict[str, Any]]:
    """Fill the database step by step and read the pages at each size."""
    import json

    found = []
    for size in sizes:
        count = int(site.python(_FILL.replace("{size}", str(size)), login="owner").split("\n")[-1])
        text = site.python(_READ.format(rounds=ROUNDS), login="site").split("\n")[-1]
        found.append({"orders": count, **json.loads(text)})
    return found


def ratio(found: list[dict[str, Any]], page: str) -> float:
    """Return how many times as long a page takes at the largest size as at the smallest."""
    return round(found[-1][page]["ms"] / statistics.mean([found[0][page]["ms"]]), 2)
