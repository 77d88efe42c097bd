"""An order before it leaves: nothing typed but its place and title, or a contract chosen."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from orders import services
from orders.models import Order
from tests.factories.full import act


@pytest.fixture
def drafts(world):
    """A draft without contract, and one with: the landlord's page of either, by its reference."""
    first = world.first
    bare = services.OrderInput(unit_id=first.unit.pk, title="Volet bloqué")
    found: list[Order] = [
        act(first, "manager", services.draft_order, data=bare),
        act(first, "manager", services.draft_order, data=first.order_input(title="Chaudière")),
    ]
    return first, *found


def _page(client, party, name, *args):
    client.force_login(party.manager.user)
    return client.get(reverse(f"orders:landlord_{name}", args=[party.landlord.slug, *args]))


def test_a_draft_shows_the_company_of_its_contract_if_it_has_one(client, drafts):
    first, bare, chosen = drafts
    assert _page(client, first, "detail", bare.pk).context["page"].company == ""
    page = _page(client, first, "detail", chosen.pk)
    assert page.context["page"].company == first.contractor.name
    assert first.contractor.name in page.content.decode()


def test_the_list_and_its_export_show_it_too(client, drafts):
    first, bare, chosen = drafts
    wanted = {bare.reference: "", chosen.reference: first.contractor.name}
    rows = _page(client, first, "list").context["page"].rows
    shown = {row.order.reference: row.company for row in rows}
    assert shown.items() >= wanted.items()
    text = _page(client, first, "export").content.decode("utf-8-sig")
    lines = csv.DictReader(io.StringIO(text), delimiter=";")
    exported = {line["Référence"]: line["Entreprise"] for line in lines}
    assert exported.items() >= wanted.items()


def test_the_contractor_sees_no_draft(client, drafts):
    first, bare, _chosen = drafts
    client.force_login(first.desk.user)
    url = reverse("orders:contractor_detail", args=[first.contractor.slug, bare.pk])
    assert client.get(url).status_code == 404
