"""Agencies and sectors by files: of the estate, which makes them, and of staff, which doesn't."""

from __future__ import annotations

import pytest

from nexxio.core.models import Agency, Event, Group, Membership, Sector
from nexxio.core.scoping import system_scope
from tests.factories.full import divided, followed
from tests.imports.books import book_of
from tests.imports.steps import applied, counts, lines, rehearsed, undone

TREE = ("Résidence", "Adresse", "Code postal", "Logement", "Agence", "Secteur")
STAFF = ("Adresse e-mail", "Nom", "Service", "Rôle", "Agence", "Secteur")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def sector_of(name: str) -> str:
    with system_scope("tests"):
        group = Group.objects.select_related("sector__agency").get(name=name)
    return f"{group.sector.agency}/{group.sector}" if group.sector else ""


def test_a_tree_makes_and_finds_sectors_and_moves_residences(party):
    data = book_of(
        TREE,
        ["Les Ormes", "3 av. des Ormes", "01000", "1", "Est", "Centre"],
        ["Les Ormes", "3 av. des Ormes", "01000", "2", "EST", "centre"],
        ["Résidence des Lilas", None, None, "12", "Est", None],
        ["Les Ormes", "3 av. des Ormes", "01000", "3", "Ouest", "Centre"],
        ["Tour Nue", "1 rue Nue", "01000", "1", None, "Inconnu"],
    )
    with system_scope("tests"):
        before = Agency.objects.count(), Sector.objects.count()
    rehearsed(party, "estate_tree", data)
    with system_scope("tests"):
        assert (Agency.objects.count(), Sector.objects.count()) == before
    run = applied(party, "estate_tree", data)
    assert counts(run) == (2, 1, 0, 0, 2)
    assert lines(run) == [
        (5, "Secteur", "une ligne plus haut met cette résidence dans un autre secteur"),
        (6, "Secteur", "ce secteur n’existe pas : créez-le d’abord"),
    ]
    assert sector_of("Les Ormes") == "Est/Centre"
    assert sector_of("Résidence des Lilas") == "Est/Est"
    with system_scope("tests"):
        assert set(Sector.objects.values_list("name", flat=True)) == {"Centre", "Est"}
        assert Event.objects.filter(kind="territory.assigned").count() == 2
    followed()
    with system_scope("tests"):
        party.order.refresh_from_db()
    assert party.order.sector_id is not None
    assert counts(applied(party, "estate_tree", data)) == (0, 0, 3, 0, 2)
    undone(party, run)
    assert sector_of("Résidence des Lilas") == ""
    followed()
    with system_scope("tests"):
        party.order.refresh_from_db()
    assert party.order.sector_id is None


def test_staff_get_a_sector_that_there_is(party):
    north, south = divided(party)
    data = book_of(
        STAFF,
        ["a@y.example", "Un", "Proximité", "Lecture seule", north.agency.name, north.name],
        ["b@y.example", "Deux", "Proximité", "Lecture seule", None, south.name.upper()],
        ["c@y.example", "Trois", "Proximité", "Lecture seule", north.agency.name, None],
        ["d@y.example", "Quatre", "Proximité", "Lecture seule", None, "Ailleurs"],
        ["e@y.example", "Cinq", "Proximité", "Lecture seule", "Loin", south.name],
    )
    run = applied(party, "staff", data)
    assert lines(run) == [
        (5, "Secteur", "ce secteur n’existe pas : créez-le d’abord"),
        (6, "Agence", "cette agence n’existe pas : créez-la d’abord"),
    ]
    with system_scope("tests"):
        found = {
            member.user.email[0]: (member.agency_id, member.sector_id)
            for member in Membership.objects.filter(
                user__email__endswith="@y.example"
            ).select_related("user")
        }
    assert found == {
        "a": (north.agency_id, north.pk),
        "b": (north.agency_id, south.pk),
        "c": (north.agency_id, None),
    }
    assert counts(applied(party, "staff", data)) == (0, 0, 3, 0, 2)
