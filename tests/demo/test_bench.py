"""What `make bench` fills the database with fits today's schema: the whole takes too long here."""

from __future__ import annotations

import pytest
from django.db import connection

from contractors.models import Block, Invoice
from nexxio.core.scoping import owner_scope, system_scope
from nexxio.demo import world
from orders.models import Order
from tests.bench import blocks, fill

pytestmark = pytest.mark.slow


def test_the_bench_fills_the_schema_of_today(db):
    world.DemoWorld().build()
    with owner_scope(), connection.cursor() as cursor:
        fill.fill_rows(cursor, 1000)
    told = blocks.FILL.format(size=100, sample=10)
    exec(told.replace("VACUUM ANALYZE", "ANALYZE"))  # no VACUUM in a transaction
    with system_scope("tests: what the bench filled"):
        assert Order.objects.count() == 1000
        made = Invoice.objects.filter(number__startswith="BENCH-")
        assert made.count() == 100
        assert Block.objects.filter(invoice__in=made).count() == 90
