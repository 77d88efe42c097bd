"""The page of contracts and their price schedules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core.scoping import system_scope
from orders.models import Contract, PriceItem
from orders.selectors.contracts import ITEMS_PER_PAGE


def _more_contracts(party, count: int, items: int) -> list[Contract]:
    with system_scope("tests"):
        contracts = [
            Contract.objects.create(
                landlord=party.landlord,
                contractor=party.contractor,
                number=f"2026-{n:02d}",
                title="Lot",
                trades=["plomberie"],
                starts_on=date(2020, 1, 1),
                ends_on=date(2040, 12, 31),
                ceiling=Decimal(1000 + n),
            )
            for n in range(count)
        ]
        PriceItem.objects.bulk_create(
            PriceItem(
                landlord=party.landlord,
                contractor=party.contractor,
                contract=contract,
                code=f"A-{n:03d}",
                label=f"Article {n}",
                unit="u",
                unit_price=Decimal(10),
            )
            for contract in contracts
            for n in range(items)
        )
    return contracts


def test_contracts_cost_the_same_queries_however_many(world):
    client = Client()
    client.force_login(world.first.manager.user)
    url = reverse("orders:landlord_contracts", args=[world.first.landlord.slug])
    counts = []
    for number in (0, 12):
        _more_contracts(world.first, number, items=2)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_price_schedule_is_read_page_by_page(world):
    first, second = _more_contracts(world.first, 2, items=ITEMS_PER_PAGE + 3)
    client = Client()
    client.force_login(world.first.manager.user)
    url = reverse("orders:landlord_contracts", args=[world.first.landlord.slug])

    def shown(**query) -> dict:
        rows = client.get(url, query).context["rows"]
        return {row.contract.pk: len(row.items) for row in rows if row.items is not None}

    assert shown() == {first.pk: ITEMS_PER_PAGE}
    assert shown(marche=second.pk) == {second.pk: ITEMS_PER_PAGE}
    assert shown(marche=second.pk, page=2) == {second.pk: 3}
    assert shown(marche="autre", page="mille") == {first.pk: ITEMS_PER_PAGE}
    page = client.get(url, {"marche": second.pk, "page": 2}).content.decode()
    assert f"A-{ITEMS_PER_PAGE:03d}" in page
    assert "A-001" not in page
