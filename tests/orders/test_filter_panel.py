"""« Plus de filtres »: what there is to choose from is loaded when the panel opens."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def browser(party) -> Client:
    client = Client()
    client.force_login(party.manager.user)
    return client


@pytest.mark.parametrize("name", ["landlord_list", "landlord_board"])
def test_the_panel_is_filled_when_it_opens(party, browser, name):
    url = reverse(f"orders:{name}", args=[party.landlord.slug])
    panel = reverse("orders:landlord_filters", args=[party.landlord.slug])
    company = f'<option value="{party.contractor.pk}"'
    closed = browser.get(url, {"nature": "maintenance"}).content.decode()
    assert company not in closed
    # What is set travels with the form although its control isn't there yet.
    assert '<input type="hidden" name="nature" value="maintenance">' in closed
    assert f'hx-get="{panel}?nature=maintenance"' in closed
    fields = browser.get(panel, {"nature": "maintenance"}).content.decode()
    assert company in fields
    assert '<option value="maintenance" selected>' in fields
    opened = browser.get(url, {"nature": "maintenance", "filtres": "1"}).content.decode()
    assert company in opened
    assert 'type="hidden" name="nature"' not in opened


def test_a_company_sees_its_landlords_only(world, party):
    client = Client()
    client.force_login(party.desk.user)
    url = reverse("orders:contractor_filters", args=[party.contractor.slug])
    fields = client.get(url).content.decode()
    assert party.landlord.name in fields
    assert world.second.landlord.name not in fields


def test_chips_name_what_is_set_with_rows_or_without(world, party, browser):
    url = reverse("orders:landlord_list", args=[party.landlord.slug])
    company = {"entreprise": party.contractor.pk, "marche": party.contract.pk}
    for more in ({}, {"q": "xyzzy"}):
        page = browser.get(url, {**company, **more}).content.decode()
        chips = page.split('class="filters__set"')[1]
        assert party.contractor.name in chips
        assert party.contract.number in chips
    for pk in (uuid4(), world.second.contractor.pk):
        page = browser.get(url, {"entreprise": pk}).content.decode()
        assert "Autre entreprise" in page
        assert world.second.contractor.name not in page
