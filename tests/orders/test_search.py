"""Search: every word anywhere, without accents or capitals, and never another party's rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from orders import services
from orders.models import Order
from orders.selectors import lists, search
from tests.factories.world import SENTINEL


@pytest.fixture
def first(world):
    party = world.first
    manager = party.actor("manager")
    with scope_of(manager):
        for title in ("Robinet qui goutte", "Évier bouché", "Cœur de ville : 100 % d’humidité"):
            data = party.order_input(title=title, description="Rien d’autre")
            services.draft_order(actor=manager, data=data)
        Order.objects.filter(title="Robinet qui goutte").update(external_number="ERP-4711")
    return party


def titles(party, q: str, who: str = "manager", **filters) -> list[str]:
    actor = party.actor(who)
    with scope_of(actor):
        page = lists.order_list(actor, lists.Filters(q=q, **filters))
        assert page.count == len(page.rows)
        return [row.order.title for row in page.rows]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("robinet", ["Robinet qui goutte"]),
        ("ROBINET goutte", ["Robinet qui goutte"]),
        ("robi", ["Robinet qui goutte"]),
        ("Évier", ["Évier bouché", "Fuite sous l’évier"]),
        ("evier", ["Évier bouché", "Fuite sous l’évier"]),
        ("l’évier", ["Fuite sous l’évier"]),
        ("coeur", ["Cœur de ville : 100 % d’humidité"]),
        ("erp-4711", ["Robinet qui goutte"]),
        ("evier baignoire", []),
        ("fuite lilas", ["Fuite sous l’évier"]),
        ("fuites", ["Fuite sous l’évier"]),
        ("robinets", ["Robinet qui goutte"]),
        ("FUITES éviers", ["Fuite sous l’évier"]),
        ("ros", []),
        ("fuite résidence", ["Fuite sous l’évier"]),
        ("fu", ["Fuite sous l’évier"]),
        ("uite", ["Fuite sous l’évier"]),
        ("ui", []),
        ("%", []),
        ("_______", []),
        ("100 %", ["Cœur de ville : 100 % d’humidité"]),
        ("'; DROP TABLE orders_order; --", []),
        ("\\", []),
    ],
)
def test_words_are_found(first, q, found):
    assert titles(first, q) == found


def test_a_reference_is_found(first):
    assert titles(first, first.order.reference) == ["Fuite sous l’évier"]
    assert titles(first, first.order.reference.lower()) == ["Fuite sous l’évier"]


def test_filters_narrow_what_is_found(first):
    assert titles(first, "evier", state="draft") == ["Évier bouché"]
    assert titles(first, "evier", state="open") == ["Fuite sous l’évier"]
    assert titles(first, "evier", late=True) == []
    assert titles(first, "evier", trade="plomberie", priority="urgent") == []


def test_pages_of_a_search_follow_each_other(first, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 1)
    actor = first.actor("manager")
    with scope_of(actor):
        page = lists.order_list(actor, lists.Filters(q="evier"))
        assert (page.rows[0].order.title, page.count) == ("Évier bouché", 2)
        assert not page.previous_key
        second = lists.order_list(actor, lists.Filters(q="evier", after=page.next_key))
        assert second.rows[0].order.title == "Fuite sous l’évier"
        assert not second.next_key
        back = lists.order_list(actor, lists.Filters(q="evier", before=second.previous_key))
        assert back.rows[0].order.title == "Évier bouché"


def test_a_contractor_finds_what_was_issued_to_it_only(first):
    assert titles(first, "evier", who="desk") == ["Fuite sous l’évier"]
    assert titles(first, "robinet", who="desk") == []


def test_nobody_finds_the_rows_of_another_party(world):
    first, second = world.first, world.second
    for party, other in ((first, second), (second, first)):
        for who in ("manager", "desk"):
            assert titles(party, other.order.reference + " " + other.landlord.slug, who) == []
            found = titles(party, "fuite", who)
            assert found == [party.order.title]
    assert titles(first, SENTINEL) == []
    assert titles(second, SENTINEL) == [second.order.title]


def test_other_scopes_find_nothing(world):
    party = world.first
    wanted = lists.Filters(q="fuite")
    scopes = [
        None,
        party.actor("tenant").scope,
        Scope(kind=ScopeKind.TENANT, tenant_id=party.tenant.pk, via_id=party.landlord.pk),
        Scope(kind=ScopeKind.USER, user_id=party.manager.user_id),
        Scope(kind=ScopeKind.SYSTEM, reason="tests"),
    ]
    for scope in scopes:
        with open_scope(scope):
            assert search.look(wanted, cap=10).keys == []
    with open_scope(party.actor("manager").scope):
        assert search.look(wanted, cap=10).keys == [party.order.pk]


@pytest.mark.parametrize("sort", ["", "montant"])
def test_a_page_searches_its_words_once(first, sort):
    actor = first.actor("manager")
    filters = lists.Filters.read({"q": "fuite", "tri": sort}, actor)
    with open_scope(actor.scope), CaptureQueriesContext(connection) as seen:
        found = lists.order_list(actor, filters)
    assert found.count == len(found.rows) == 1
    asked = [query["sql"] for query in seen.captured_queries]
    assert sum("orders_find" in sql for sql in asked) == 1


def test_the_functions_run_with_their_owners_rights_and_a_fixed_path(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, proconfig, pg_get_userbyid(proowner),"
            " has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
            " WHERE proname IN ('orders_search', 'orders_find', 'core_search_groups')"
            " ORDER BY proname"
        )
        rows = cursor.fetchall()
    path = ["search_path=public, pg_temp"]
    assert rows == [
        ("core_search_groups", True, path, "nexxio_owner", False),
        ("orders_find", True, path, "nexxio_owner", False),
    ]


@pytest.mark.parametrize(
    ("q", "near", "found"),
    [
        ("robient", "robinet", ["Robinet qui goutte"]),
        ("ROBINETT", "robinet", ["Robinet qui goutte"]),
        ("evire", "évier", ["Évier bouché", "Fuite sous l’évier"]),
        ("fuitte évier", "fuite evier", ["Fuite sous l’évier"]),
        ("evier robient", "", []),
        ("kilowatt", "", []),
        ("C9999999", "", []),
    ],
)
def test_near_words_are_searched_when_nothing_holds_those(first, q, near, found):
    actor = first.actor("manager")
    with scope_of(actor):
        page = lists.order_list(actor, lists.Filters(q=q))
        rows = lists.export_rows(actor, lists.Filters(q=q))
    assert ([row.order.title for row in page.rows], page.near) == (found, near)
    assert page.count == len(rows) == len(found)


def test_near_words_are_those_of_orders_that_the_reader_may_read(world):
    first, second = world.first, world.second
    manager = second.actor("manager")
    with scope_of(manager):
        data = second.order_input(title="Chaufferie en panne")
        services.draft_order(actor=manager, data=data)

    def near():
        with connection.cursor() as cursor:
            cursor.execute("SELECT orders_near_words('chaufferei')")
            return cursor.fetchone()[0]

    for party, who, found in (
        (second, "manager", "chaufferie"),
        (second, "desk", None),
        (first, "manager", None),
        (first, "desk", None),
    ):
        with scope_of(party.actor(who)):
            assert near() == found, who
    for scope in (None, Scope(kind=ScopeKind.SYSTEM, reason="tests")):
        with open_scope(scope):
            assert near() is None


def test_the_page_says_what_was_searched_instead(client, first):
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_list", args=[first.landlord.slug])
    page = client.get(url, {"q": "robient"}).text
    assert "Aucun résultat pour « robient » ; résultats pour « robinet »" in page
    assert "Aucun résultat" not in client.get(url, {"q": "robinet"}).text
