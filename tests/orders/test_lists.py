"""The list of orders: sorts, keyset pages in each of them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.ids import new_id
from nexxio.core.models import Organisation, Partnership
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, Trade
from orders.selectors import lists, parties, sorting
from tests.factories.acting import act

# With a contract, its delay would give the date.
_BARE = {"target_date": None, "contract_id": None, "lines": ()}


@pytest.fixture
def many(world):
    """Nine orders of the first landlord, some with equal dates and states, some without date."""
    first = world.first
    manager = first.actor("manager")
    today = clock.today()
    dates = [5, 5, 2, None, 9, 2, None, 1]
    with scope_of(manager):
        for number, days in enumerate(dates):
            said = {"target_date": today + timedelta(days=days)} if days else _BARE
            order = services.draft_order(
                actor=manager, data=first.order_input(title=f"Commande {number}", **said)
            )
            if number in (1, 4):
                services.cancel_order(actor=manager, order_id=order.pk, reason="duplicate")
    with system_scope("tests: places and trades that differ"):
        Trade.objects.get_or_create(code="electricite", defaults={"label": "Électricité"})
        for number, trade in ((1, "electricite"), (2, None), (6, "electricite")):
            Order.objects.filter(title=f"Commande {number}").update(
                place_city=f"9320{number} Saint-Denis", trade_id=trade
            )
    return first


def walk(actor, sort, *, backwards=False):
    """Read all pages, forwards, or to the end and back."""
    query = {"tri": sort}
    seen = []
    while True:
        page = lists.order_list(actor, lists.Filters.read(query, actor))
        rows = [row.order.pk for row in page.rows]
        seen.append(rows)
        key = page.previous_key if backwards else page.next_key
        if not key:
            return seen
        query = {"tri": sort, "avant" if backwards else "apres": key}


def _by_party(order):
    """By name; the newest first; without a company at the end."""
    name = order.contractor.name if order.contractor else ""
    return (order.contractor is None, name, -order.created_at.timestamp())


def whole(actor, sort):
    """What the sort means, worked out without the database."""
    orders = list(Order.objects.filter(landlord_id=actor.organisation_id))
    chosen = sorting.SORTS[sort]
    value = _by_party if chosen.by_party else chosen.value
    orders.sort(key=lambda order: (value(order), order.pk), reverse=chosen.descending)
    return [order.pk for order in orders]


@pytest.mark.parametrize("sort", sorting.SORTS)
def test_pages_of_every_sort_hold_every_order_once(many, monkeypatch, sort):
    monkeypatch.setattr(lists, "PAGE", 2)
    manager = many.actor("manager")
    with scope_of(manager):
        wanted = whole(manager, sort)
        pages = walk(manager, sort)
        assert len(wanted) == 9
        assert [pk for rows in pages for pk in rows] == wanted
        last = lists.order_list(
            manager,
            lists.Filters.read({"tri": sort, "avant": _key_of(wanted[-1], sort)}, manager),
        )
        back = [[row.order.pk for row in last.rows]]
        while last.previous_key:
            query = {"tri": sort, "avant": last.previous_key}
            last = lists.order_list(manager, lists.Filters.read(query, manager))
            back.insert(0, [row.order.pk for row in last.rows])
        assert [pk for rows in back for pk in rows] == wanted[:-1]


def _key_of(pk, sort):
    return sorting.SORTS[sort].key(Order.objects.get(pk=pk))


def test_orders_without_a_date_stand_at_the_end(many):
    manager = many.actor("manager")
    with scope_of(manager):
        found = lists.order_list(manager, lists.Filters.read({"tri": "echeance"}, manager))
    dates = [row.order.target_date for row in found.rows]
    assert dates[-2:] == [None, None]
    assert dates[:-2] == sorted(date for date in dates if date)


def test_states_stand_in_the_order_of_the_path(many):
    manager = many.actor("manager")
    with scope_of(manager):
        found = lists.order_list(manager, lists.Filters.read({"tri": "etat"}, manager))
    states = [row.order.state for row in found.rows]
    assert states == ["draft"] * 6 + ["issued"] + ["cancelled"] * 2


@pytest.mark.parametrize("key", ["", "x", "bm9uc2Vuc2U=", "WzEsIDJd", "W251bGwsIG51bGxd"])
@pytest.mark.parametrize("sort", ["-creation", "echeance", "etat", "nonsense", ""])
def test_a_broken_key_or_sort_shows_the_first_page(many, sort, key):
    manager = many.actor("manager")
    with scope_of(manager):
        for name in ("apres", "avant"):
            found = lists.order_list(manager, lists.Filters.read({"tri": sort, name: key}, manager))
            assert len(found.rows) == 9
            assert found.previous_key == ""


def test_a_key_of_another_sort_shows_the_first_page(many):
    manager = many.actor("manager")
    with scope_of(manager):
        order = Order.objects.filter(state="cancelled").first()
        for one in sorting.SORTS.values():
            for other in sorting.SORTS.values():
                key = other.read_key(one.key(order))
                assert (key is None) == (one.code.strip("-") != other.code.strip("-"))


@pytest.mark.parametrize(
    ("who", "sort", "index"),
    [
        ("manager", "-creation", "order_landlord_list"),
        ("manager", "creation", "order_landlord_list"),
        ("manager", "echeance", "order_landlord_due"),
        ("manager", "-echeance", "order_landlord_due"),
        ("manager", "attente", "order_landlord_held"),
        ("desk", "-attente", "order_contractor_held"),
        ("manager", "etat", "order_landlord_path"),
        ("manager", "-etat", "order_landlord_path"),
        ("manager", "lieu", "order_landlord_place_sort"),
        ("manager", "-lieu", "order_landlord_place_sort"),
        ("manager", "corps", "order_landlord_trade_sort"),
        ("desk", "-lieu", "order_contractor_place_sort"),
        ("desk", "corps", "order_contractor_trade_sort"),
        ("desk", "creation", "order_contractor_list"),
        ("desk", "-echeance", "order_contractor_due"),
        ("desk", "etat", "order_contractor_path"),
    ],
)
def test_each_sort_is_read_from_its_index(many, who, sort, index):
    """With sorting switched off PostgreSQL must find rows in order, first page and later ones."""
    actor = many.actor(who)
    chosen = sorting.SORTS[sort]
    with scope_of(actor), connection.cursor() as cursor:
        for setting in ("enable_sort", "enable_seqscan", "enable_bitmapscan"):
            cursor.execute(f"SET LOCAL {setting} = off")
        orders = lists.mine_of(actor)
        key = (chosen.value(many.order), many.order.pk)
        for page in (orders, chosen.after(orders, key, backwards=False)):
            plan = page.order_by(*chosen.order(backwards=False))[:50].explain()
            assert index in plan
            assert "Sort" not in plan


@pytest.fixture
def companies(world):
    """Orders of the first landlord with four companies, two of one name, and one with nobody."""
    first = world.first
    with system_scope("tests: companies"):
        for name in ("Zénith", "Alpha", "Alpha"):
            house = Organisation.objects.get(pk=world.second.contractor.pk)
            house.pk, house._state.adding = None, True
            house.name, house.slug, house.siren = name, f"{name}-{new_id()}".lower(), ""
            house.save(force_insert=True)
            Partnership.objects.create(landlord=first.landlord, contractor=house)
            for _ in range(3):
                order = Order.objects.get(pk=first.order.pk)
                order.pk, order._state.adding = new_id(), True
                order.reference, order.contractor = f"C-{str(order.pk)[-10:]}", house
                order.created_at = clock.now()
                order.save(force_insert=True)
    act(first, "manager", services.draft_order, data=first.order_input())
    return first


@pytest.mark.parametrize("sort", ["partie", "-partie"])
@pytest.mark.parametrize("query", [{}, {"q": "evier"}])
def test_companies_stand_by_name_each_together(companies, monkeypatch, sort, query):
    monkeypatch.setattr(lists, "PAGE", 2)
    manager = companies.actor("manager")
    with scope_of(manager):
        pages, key = [], {}
        for _page in range(12):
            asked = lists.Filters.read({"tri": sort, **query, **key}, manager)
            page = lists.order_list(manager, asked)
            pages += [row.order for row in page.rows]
            if not page.next_key:
                break
            key = {"apres": page.next_key}
        names = [order.contractor.name if order.contractor else "" for order in pages]
        assert len({order.pk for order in pages}) == len(pages) == 11
        runs = [order.contractor_id for order in pages]
    told = [
        name for number, name in enumerate(names) if number == 0 or runs[number - 1] != runs[number]
    ]
    own = companies.contractor.name
    wanted = [*sorted(["Alpha", "Alpha", "Zénith", own]), ""]
    assert told == (wanted if sort == "partie" else wanted[::-1])


def test_parties_beyond_a_full_page_are_not_read(companies):
    """The walk stops: of four companies, whoever asks for two rows reads one's orders."""
    manager = companies.actor("manager")
    with scope_of(manager), connection.cursor() as cursor:
        walk = parties.Walk(manager, down=False)
        following, _nobody = walk.slices(lists.mine_of(manager), None, 2)
        text, params = following.query.sql_with_params()
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {text}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.findall(r" on orders_order .*loops=(\d+)", plan) == ["1"]
