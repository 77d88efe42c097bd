"""Residences by page and by words, and the units of one of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.estate import residences as module
from nexxio.core.estate.residences import residences
from nexxio.core.models import Group, Unit
from nexxio.core.scoping import open_scope
from orders.views import pick_place
from tests.factories.world import SENTINEL


@pytest.fixture
def estate(world):
    with scope_of(world.first.actor("manager")):
        for n, name in enumerate(("Léon Frot", "Cité Cœur", "Ourcq", "Ourcq")):
            Group.objects.create(
                landlord=world.first.landlord,
                name=name,
                address=f"{n} rue de Crimée",
                raw_address=f"{n} RUE DE CRIMEE",
                postcode=f"7501{n}",
                city="Paris",
            )
    return world


def names(world, q: str = "", **where) -> list[str]:
    actor = world.first.actor("manager")
    with scope_of(actor):
        return [group.name for group in residences(actor, q=q, **where).rows]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["Léon Frot", "Cité Cœur", "Ourcq", "Ourcq", "Résidence des Lilas"]),
        ("leon FROT", ["Léon Frot"]),
        ("coeur", ["Cité Cœur"]),
        ("75012 ourcq", ["Ourcq"]),
        ("crimee 1", ["Cité Cœur"]),
        ("%", []),
        (SENTINEL, []),
    ],
)
def test_words_are_found(estate, q, found):
    assert names(estate, q) == found


def test_pages_follow_each_other_both_ways(estate):
    actor = estate.first.actor("manager")
    with scope_of(actor):
        first = residences(actor, size=2)
        second = residences(actor, size=2, after=first.next_key)
        third = residences(actor, size=2, after=second.next_key)
        back = residences(actor, size=2, before=third.previous_key)
    assert [len(page.rows) for page in (first, second, third)] == [2, 2, 1]
    assert (first.previous_key, third.next_key, first.count) == ("", "", 5)
    assert [group.pk for group in back.rows] == [group.pk for group in second.rows]
    assert len({group.pk for page in (first, second, third) for group in page.rows}) == 5


@pytest.mark.parametrize("key", ["x", "bm90IGpzb24=", "WzEsMl0=", "é"])
def test_an_unreadable_key_gives_the_first_page(estate, key):
    assert names(estate, after=key) == names(estate)
    assert names(estate, before=key) == names(estate)


def test_only_a_landlord_finds_residences(estate):
    for scope in (None, estate.first.actor("desk").scope, estate.first.actor("tenant").scope):
        with open_scope(scope):
            assert module._ids("", key=None, backwards=False, size=10) == []


def test_the_pages_link_on(estate, monkeypatch):
    monkeypatch.setattr(pick_place, "GROUPS_SHOWN", 2)
    monkeypatch.setattr(pick_place, "UNITS_SHOWN", 2)
    party = estate.first
    with scope_of(party.actor("manager")):
        Unit.objects.bulk_create(
            Unit(landlord=party.landlord, group=party.unit.group, number=f"A {n}") for n in range(4)
        )
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_units", args=[party.landlord.slug])
    page = client.get(url, {"q": "ourcq", "apres": ""}).text
    assert page.count("Ourcq") == 2
    picker = client.get(url).text
    assert "Léon Frot" in picker
    assert "Ourcq" not in picker
    assert "apres=" in picker
    group = str(party.unit.group_id)
    units = client.get(url, {"groupe": group}).text
    assert "Logement 12<" in units
    assert "Logement A 0<" in units
    assert "apres=dwelling%20A%200" in units
    later = client.get(url, {"groupe": group, "apres": "dwelling A 0"}).text
    assert "Logement A 1<" in later
    assert "Logement 12<" not in later
    assert "Les premiers" in later
