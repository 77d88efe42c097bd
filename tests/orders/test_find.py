"""Finding the order of who is on the phone; and what that must not tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.scoping import owner_scope, system_scope
from orders import services
from orders.models import Order, OrderBudget, OrderContact, OrderWords
from orders.selectors import lists, search
from tests.factories.acting import act
from tests.orders.test_search import titles

TITLE = "Fuite sous l’évier"


@pytest.fixture
def called(world):
    """The first landlord's order has a contact and a number of commitment."""
    party = world.first
    with scope_of(party.actor("manager")):
        OrderContact.objects.filter(order=party.order).update(
            name="Awa Ndiaye", phone="+33612345678", second_phone="+32475123456"
        )
        OrderBudget.objects.filter(order=party.order).update(commitment_number="ENG-2026-77")
        Order.objects.filter(pk=party.order.pk).update(description="Dégât sous le lavabo")
    return party


@pytest.mark.parametrize(
    "q",
    [
        "ndiaye",
        "AWA",
        "06 12 34 56 78",
        "0612345678",
        "06.12.34.56.78",
        "+33 6 12 34 56 78",
        "0033612345678",
        "+33 (0)6-12-34-56-78",
        "+32 475 12 34 56",
        "ndiaye évier",
        "eng-2026-77",
        "lavabo",
    ],
)
def test_the_landlord_finds_who_calls(called, q):
    assert titles(called, q) == [TITLE]


def test_company_city_and_contract_are_words(called):
    for q in (
        called.contractor.name,
        called.order.place_city,
        called.order.place_city.split()[0],
        called.contract.number,
    ):
        assert titles(called, q) == [TITLE], q


def test_another_number_finds_nothing(called):
    assert titles(called, "06 12 34 56 79") == []


def test_a_contractor_finds_a_contact_only_while_it_reads_it_in_clear(called):
    """Before it accepts, and long after the works, the search tells nothing of the contact."""
    for q in ("ndiaye", "06 12 34 56 78", "ndiaye evier"):
        assert titles(called, q, "desk") == []
    assert titles(called, "lavabo", "desk") == [TITLE]
    act(called, "desk", services.accept_order, order_id=called.order.pk)
    for q in ("ndiaye", "06 12 34 56 78", "ndiaye evier"):
        assert titles(called, q, "desk") == [TITLE]
    with system_scope("tests: long ago"):
        Order.objects.filter(pk=called.order.pk).update(
            state="done", done_at=clock.now() - timedelta(days=91)
        )
    assert titles(called, "ndiaye", "desk") == []
    assert titles(called, "evier", "desk") == [TITLE]


def test_no_contractor_reads_the_words_themselves(called):
    act(called, "desk", services.accept_order, order_id=called.order.pk)
    with scope_of(called.actor("desk")):
        assert not OrderWords.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM orders_orderwords")
            assert cursor.fetchone() == (0,)
    with scope_of(called.actor("manager")):
        assert OrderWords.objects.filter(order=called.order, words__contains="ndiaye").exists()


def test_words_follow_what_changes_and_go_with_it(called):
    manager = called.actor("manager")
    with scope_of(manager):
        OrderContact.objects.filter(order=called.order).update(name="", phone="")
        Order.objects.filter(pk=called.order.pk).update(title="Volet bloqué")
        made = services.draft_order(
            actor=manager, data=called.order_input(title="Brouillon", description="Rien")
        )
    assert titles(called, "ndiaye") == titles(called, "evier") == []
    assert titles(called, "volet") == ["Volet bloqué"]
    with scope_of(manager):
        assert services.withdraw_drafts(actor=manager, versions={made.pk: made.version}) == {}
    with owner_scope():
        assert not OrderWords.objects.filter(order_id=made.pk).exists()


def test_what_else_is_asked_narrows_the_search(called):
    actor = called.actor("manager")
    today = clock.today().isoformat()
    with scope_of(actor):
        total = OrderBudget.objects.get(order=called.order).total_with_vat
        unit = called.order.unit_id
        for query, found in (
            ({"entreprise": called.contractor.pk}, 1),
            ({"entreprise": called.landlord.pk}, 0),
            ({"marche": called.contract.pk}, 1),
            ({"logement": unit}, 1),
            ({"residence": called.unit.group_id}, 1),
            ({"residence": unit}, 0),
            ({"nature": "vacant"}, 0),
            ({"danger": "1"}, 0),
            ({"date": "emission", "du": today, "au": today}, 1),
            ({"date": "realisation", "du": today}, 0),
            ({"min": str(total), "max": str(total)}, 1),
            ({"min": str(total + 1)}, 0),
            ({"situation": "devis"}, 0),
            ({"tour": "contractor"}, 1),
        ):
            given = {key: str(value) for key, value in query.items()}
            words = lists.Filters.read({"q": "ndiaye", **given}, actor)
            plain = lists.Filters.read(given, actor)
            for filters in (words, plain):
                page = lists.order_list(actor, filters)
                assert (len(page.rows), page.count) == (found, found), (query, filters.q)


def test_phone_numbers_are_read_in_any_writing_and_references_left_alone():
    assert search.words_of("06 12 34 56 78").split() == ["612345678"]
    assert search.words_of("12 rue 75011 C123-4567").split() == ["12", "rue", "75011", "C123-4567"]


def near(party, q: str, who: str = "manager") -> str | None:
    with scope_of(party.actor(who)), connection.cursor() as cursor:
        cursor.execute("SELECT orders_near_words(%s)", [q])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("ndiaye fuitte", "ndiaye fuite"),
        ("ndiayé évire", "ndiaye évier"),
        ("ndiayye", "ndiaye"),
        ("lavabbo", "lavabo"),
        ("ndiaye kilowatt", None),
        ("ndiaye fuite", None),
    ],
)
def test_a_word_that_is_held_stays_and_a_typo_in_a_name_is_forgiven(called, q, words):
    assert near(called, q) == words
    if words:
        assert titles(called, q) == [TITLE]


def test_a_company_meets_near_names_only_while_it_reads_them_in_clear(called):
    assert near(called, "ndiayye", "desk") is None
    assert near(called, "ndiaye fuitte", "desk") is None
    assert near(called, "lavabbo", "desk") == "lavabo"
    act(called, "desk", services.accept_order, order_id=called.order.pk)
    assert near(called, "ndiayye", "desk") == "ndiaye"
    assert titles(called, "ndiaye fuitte", "desk") == [TITLE]
    with system_scope("tests: long ago"):
        Order.objects.filter(pk=called.order.pk).update(
            state="done", done_at=clock.now() - timedelta(days=91)
        )
    assert near(called, "ndiayye", "desk") is None
    assert near(called, "ndiaye fuitte", "desk") is None


def test_the_other_landlord_meets_no_near_name(world, called):
    assert near(world.second, "ndiayye") is None
    assert near(world.second, "ndiayye", "desk") is None
