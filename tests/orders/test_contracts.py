"""The pages of contracts and their price schedules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from orders.models import Contract, PriceItem, PriceSchedule
from orders.selectors.contracts import ITEMS_PER_PAGE
from tests.factories.full import visited
from tests.factories.schedules import item_of, published


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
        for contract in contracts:
            prices = {f"A_{n:03d}": "10" for n in range(items)}
            published(contract, date(2020, 1, 1), number=1, **prices)
    return contracts


@pytest.fixture
def browser(world) -> Client:
    client = Client()
    client.force_login(world.first.manager.user)
    return client


def _url(world, name: str, *args) -> str:
    return reverse(f"orders:{name}", args=[world.first.landlord.slug, *args])


def test_contracts_cost_the_same_queries_however_many(world, browser):
    browser.get(_url(world, "landlord_contracts"))  # the trades are kept from now on
    counts = []
    for number in (0, 12):
        _more_contracts(world.first, number, items=2)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(_url(world, "landlord_contracts")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_price_schedule_is_read_page_by_page(world, browser):
    (contract,) = _more_contracts(world.first, 1, items=ITEMS_PER_PAGE + 3)
    url = _url(world, "landlord_contract", contract.pk)
    assert len(browser.get(url).context["items"]) == ITEMS_PER_PAGE
    assert len(browser.get(url, {"page": "mille"}).context["items"]) == ITEMS_PER_PAGE
    page = browser.get(url, {"page": 2})
    assert len(page.context["items"]) == 3
    assert f"A-{ITEMS_PER_PAGE:03d}" in page.content.decode()
    assert "A-001" not in page.content.decode()


def test_versions_say_which_holds_and_which_comes(world, browser):
    contract = world.first.contract
    today = clock.today()
    with system_scope("tests"):
        published(contract, today - timedelta(days=2), number=2, PLB_01="70")
        published(contract, today + timedelta(days=2), number=3, PLB_01="80")
    row = browser.get(_url(world, "landlord_contract", contract.pk)).context["row"]
    assert [(v.schedule.number, v.status.code, v.ends_on) for v in row.versions] == [
        (3, "coming", None),
        (2, "held", today + timedelta(days=1)),
        (1, "past", today - timedelta(days=3)),
    ]
    assert row.in_force.schedule.number == 2


def test_the_company_reads_its_contract_and_the_published_prices(world):
    party = world.first
    today = clock.today()
    with system_scope("tests"):
        coming = published(party.contract, today + timedelta(days=2), number=2, PLB_01="80")
        prepared = published(party.contract, today + timedelta(days=9), number=3, PLB_01="90")
        PriceSchedule.objects.filter(pk=prepared.pk).update(published_at=None)
    desk = Client()
    desk.force_login(party.desk.user)

    def get(name, *args, **data):
        return desk.get(reverse(f"orders:{name}", args=[party.contractor.slug, *args]), data)

    (row,) = get("contractor_contracts").context["rows"]
    assert row.contract.landlord == party.landlord
    page = get("contractor_contract", party.contract.pk, q="siphon")
    assert [v.schedule.number for v in page.context["row"].versions] == [2, 1]
    assert page.context["shown"].schedule.number == 1
    assert [item.code for item in page.context["items"]] == ["PLB-01"]
    later = get("contractor_schedule", coming.pk)
    assert "80,00" in later.content.decode()
    assert get("contractor_schedule", prepared.pk).status_code == 404
    assert get("contractor_contract", world.second.contract.pk).status_code == 404


def test_an_article_is_found_while_typing_accents_or_not(world, browser):
    with system_scope("tests"):
        schedule = PriceSchedule.objects.get(contract=world.first.contract)
        PriceItem.objects.bulk_create(
            [
                item_of(schedule, "ROB-1", "80", "Robinet d’arrêt équerre"),
                item_of(schedule, "ROB-2", "95", "Mitigeur, robinet de cuisine"),
                item_of(schedule, "WC-1", "40", "Mécanisme de chasse d’eau"),
            ]
        )

    def found(q: str) -> list[str]:
        data = {"contract": world.first.contract.pk, "q": q}
        return [
            item.code for item in browser.get(_url(world, "landlord_items"), data).context["items"]
        ]

    assert found("robinet") == ["ROB-1", "ROB-2"]
    assert found("robin") == ["ROB-1", "ROB-2"]
    assert found("ARRET robinet") == ["ROB-1"]
    assert found("mecanisme") == ["WC-1"]
    assert found("wc-1") == ["WC-1"]
    assert found("%") == []
    assert found("") == []


def test_a_search_finds_nothing_of_another_landlord(world, browser):
    data = {"contract": world.second.contract.pk, "q": "siphon"}
    assert browser.get(_url(world, "landlord_items"), data).context["items"] == []
    page = browser.get(_url(world, "landlord_contract", world.second.contract.pk))
    assert page.status_code == 404


@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        ("siphons", True),
        ("siphonn", True),
        ("siphonn xyzzy", False),
        ("zz", False),
    ],
)
def test_a_typo_in_an_article_is_forgiven(world, browser, q, is_found):
    data = {"contract": world.first.contract.pk, "q": q}
    found = [item.pk for item in browser.get(_url(world, "landlord_items"), data).context["items"]]
    assert found == ([world.first.item.pk] if is_found else [])


@pytest.mark.parametrize(
    ("party", "who", "is_found"),
    [
        ("first", "manager", True),
        ("first", "desk", True),
        ("second", "manager", False),
        ("second", "desk", False),
    ],
)
def test_articles_are_found_by_who_may_read_their_version(world, party, who, is_found):
    def found() -> int:
        with scope_of(getattr(world, party).actor(who)), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM orders_search_items('siphonn', %s, 5)",
                [world.first.item.schedule_id],
            )
            return cursor.fetchone()[0]

    assert found() == int(is_found)
    with system_scope("tests: not published"):
        PriceSchedule.objects.filter(pk=world.first.item.schedule_id).update(published_at=None)
    assert found() == int(is_found and who == "manager")


@pytest.mark.parametrize("who", ["desk", "technician"])
def test_a_company_finds_articles_of_its_own_orders(world, who):
    visited(world.first, state="confirmed")
    client = Client()
    client.force_login(getattr(world.first, who).user)
    slug = world.first.contractor.slug
    for order, found in ((world.first.order, [world.first.item.code]), (world.second.order, None)):
        url = reverse("orders:contractor_items", args=[slug, order.pk])
        answer = client.get(url, {"q": "siphon"})
        assert answer.status_code == (200 if found else 404)
        if found:
            assert [item.code for item in answer.context["items"]] == found


def test_a_version_is_prepared_compared_and_published(world, browser):
    contract = world.first.contract
    day = clock.today() + timedelta(days=20)
    url = _url(world, "landlord_contract_act", contract.pk, "preparer")
    typed = {"effective_on": day.isoformat(), "mode": "revise", "coefficient": "", "places": "2"}
    assert browser.post(url, typed).status_code == 422
    answer = browser.post(url, {**typed, "coefficient": "1,0245"})
    with system_scope("tests"):
        made = PriceSchedule.objects.get(contract=contract, number=2)
        assert made.published_at is None
    assert answer.headers["Location"] == _url(world, "landlord_schedule", made.pk)
    page = browser.get(answer.headers["Location"])
    (change,) = page.context["comparison"].changed
    assert (change.before.unit_price, change.after.unit_price) == (
        Decimal("62.5"),
        Decimal("64.03"),
    )
    assert "+2,4" in page.content.decode()
    act = _url(world, "landlord_schedule_act", made.pk, "publier")
    assert browser.post(act).status_code == 302
    with system_scope("tests"):
        made.refresh_from_db()
        assert made.published_at is not None
    article = _url(world, "landlord_schedule_act", made.pk, "article")
    data = {"code": "X", "label": "X", "unit": "u", "unit_price": "1", "vat_rate": "10"}
    assert browser.post(article, data).status_code == 409
