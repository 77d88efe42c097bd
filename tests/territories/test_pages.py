"""The pages of agencies and sectors, as a manager drives them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.models import Agency, Event, Group, Sector
from nexxio.core.scoping import system_scope
from tests.factories.full import divided


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def client(party):
    found = Client()
    found.force_login(party.manager.user)
    return found


def url(party, name, *args, query=""):
    return reverse(f"territories:{name}", args=[party.landlord.slug, *args]) + query


def sector_of(party):
    with system_scope("tests"):
        return Group.objects.get(pk=party.unit.group_id).sector


def test_an_agency_and_a_sector_are_made_and_shown(party, client):
    page = client.get(url(party, "index")).content.decode()
    assert "Aucune agence" in page
    client.post(url(party, "new_agency"), {"name": "Est"})
    with system_scope("tests"):
        agency = Agency.objects.get(name="Est")
    done = client.post(url(party, "new_sector", agency.pk), {"name": "Centre"}, follow=True)
    assert "Centre" in done.content.decode()
    again = client.post(url(party, "new_sector", agency.pk), {"name": "centre"})
    assert again.status_code == 422
    assert "porte déjà ce nom" in again.content.decode()
    with system_scope("tests"):
        assert Sector.objects.filter(agency=agency).count() == 1


def test_residences_are_found_ticked_and_moved_after_a_question(party, client):
    north, south = divided(party)
    here = url(party, "residences", query="?ou=tous&q=lilas")
    assert "Résidence des Lilas" in client.get(here).content.decode()
    for data in ({}, {"sector": south.pk}, {"sector": "x", "groups": [party.unit.group_id]}):
        assert client.post(here, data).status_code == 422
    data = {"sector": south.pk, "groups": [party.unit.group_id]}
    asked = client.post(here, data)
    assert asked.status_code == 200
    assert "Changer de secteur" in asked.content.decode()
    assert sector_of(party) == north
    assert client.post(here, {**data, "leaving": "1"}).status_code == 302
    assert sector_of(party) == south
    client.post(here, {"sector": "aucun", "everything": "1", "leaving": "1"})
    assert sector_of(party) is None


def test_all_that_were_found_move_at_once_and_no_other(party, client):
    _north, south = divided(party)
    with system_scope("tests"):
        for n in range(130):
            name = "Résidence Tilleul" if n < 120 else "Tour Orme"
            Group.objects.create(
                landlord=party.landlord, name=f"{name} {n}", address=f"{n} rue", postcode="75019"
            )
    here = url(party, "residences", query="?q=tilleul")
    assert "120 résidences trouvées" in client.get(here).content.decode()
    assert client.post(here, {"sector": south.pk, "everything": "1"}).status_code == 302
    with system_scope("tests"):
        assert Group.objects.filter(sector=south).count() == 120
        event = Event.objects.filter(kind="territory.assigned").latest("id")
    assert len(event.payload["groups"]) == 120


def test_a_sector_that_is_not_empty_says_what_it_holds(party, client):
    north, south = divided(party)
    held = client.post(url(party, "act", north.pk, "archiver"))
    assert held.status_code == 409
    assert "1 résidence" in held.content.decode()
    client.post(url(party, "act", south.pk, "archiver"))
    page = client.get(url(party, "index")).content.decode()
    assert "Archivés" in page
    client.post(url(party, "act", south.pk, "retablir"))
    assert "Archivés" not in client.get(url(party, "index")).content.decode()


def test_the_members_page_offers_and_shows_territories(party, client):
    north, _south = divided(party)
    page = reverse("members:landlord_member", args=[party.landlord.slug, party.clerk.pk])
    assert "Agence ou secteur" in client.get(page).content.decode()
    data = {
        "department": "patrimoine",
        "roles": ["clerk"],
        "spend_limit": "500",
        "territory": f"s{north.pk}",
    }
    assert client.post(page, {**data, "territory": "s0"}).status_code == 422
    done = client.post(page, data, follow=True)
    assert f"{north.agency.name}, {north.name}" in done.content.decode()
