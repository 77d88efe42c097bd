"""What pages tell each side: whose turn it is, what is wrong, what was just done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.scoping import system_scope
from orders import policies, services
from orders.models import Order
from tests.factories.full import act, visited


@pytest.fixture
def first(world):
    return world.first


def _get(party, who, name, *args, query=""):
    side, slug = (
        ("contractor", party.contractor.slug)
        if who in ("desk", "technician")
        else ("landlord", party.landlord.slug)
    )
    client = Client()
    client.force_login(getattr(party, who).user)
    return client.get(reverse(f"orders:{side}_{name}", args=[slug, *args]) + query)


def _follow(party):
    return Client().get(reverse("tenants:follow", args=[links.token_of(party.link.pk)]))


@pytest.fixture
def complained(first):
    visit = visited(first, state="confirmed")
    act(first, "technician", services.complete_visit, visit_id=visit.pk)
    act(first, "tenant", services.reopen_order, order_id=first.order.pk)
    return first


def test_a_complaint_shows_until_an_appointment_is_made(complained):
    first = complained
    for who in ("manager", "desk"):
        page = _get(first, who, "detail", first.order.pk)
        assert page.context["page"].status.label == "Signalée non réglée"
        assert "Les travaux étaient terminés, le problème demeure" in page.content.decode()
    home = _get(first, "desk", "home")
    planned = next(group.rows for group in home.context["desk"].groups if group.rows)
    assert [row.status.label for row in planned] == ["Signalée non réglée"]
    assert _follow(first).context["page"].status.label == "L’entreprise va revenir"
    start = clock.now() + timedelta(hours=5)
    act(
        first,
        "desk",
        services.propose_visit,
        order_id=first.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        off_hours=True,
    )
    page = _get(first, "manager", "detail", first.order.pk)
    assert page.context["page"].status.code == "to_confirm"
    assert "le problème demeure" not in page.content.decode()


def test_works_that_are_done_wait_for_the_landlord_s_signature(first):
    visit = visited(first, state="confirmed")
    act(first, "technician", services.complete_visit, visit_id=visit.pk)
    ball = _get(first, "manager", "detail", first.order.pk).context["page"].ball
    assert (ball.side, ball.what) == ("landlord", "signer le constat de service fait")


def test_what_the_company_asked_for_stays_to_be_reviewed(first):
    act(first, "desk", services.return_order, order_id=first.order.pk, items=["phone", "quantity"])
    wanted = ("Téléphone manquant", "Quantité ou prix erroné")
    for name in ("detail", "edit"):
        page = _get(first, "manager", name, first.order.pk)
        text = page.content.decode()
        assert "Complète : elle peut partir" not in text
        assert f"À revoir : {', '.join(wanted)}" in " ".join(text.split())
    client = Client()
    client.force_login(first.manager.user)
    check = reverse("orders:landlord_check", args=[first.landlord.slug])
    page = client.post(check, {"returned": ["phone", "invented"]})
    assert page.context["completeness"].to_review == ("Téléphone manquant",)


def test_the_contractor_reads_whose_order_it_is_and_that_it_is_his_turn(first):
    page = _get(first, "desk", "detail", first.order.pk)
    assert first.landlord.name in page.context["page"].subtitle
    assert "À vous de jouer" in page.content.decode()
    text = _get(first, "manager", "detail", first.order.pk).content.decode()
    assert f"À {first.contractor.name} de jouer" in text


def test_the_tenant_reads_both_numbers_and_the_landlord_finds_either(world):
    first, second = world.first, world.second
    with system_scope("tests"):
        case = Order.objects.select_related("case").get(pk=first.order.pk).case.reference
    text = _follow(first).content.decode()
    assert case in text
    assert first.order.reference in text
    for words in (case, case.lower()):
        for sort in ("", "&tri=echeance"):
            found = _get(first, "manager", "list", query=f"?q={words}{sort}").context["page"]
            assert [row.order.pk for row in found.rows] == [first.order.pk]
            assert found.count == 1
    for party, who in ((first, "desk"), (second, "desk")):
        assert _get(party, who, "list", query=f"?q={case}").context["page"].rows == []


def test_nobody_sends_his_own_order_back(first):
    order = Order(state="pending_approval", author_id=first.clerk.user_id)
    may = policies.can_send_back
    assert not may(first.actor("clerk"), order)
    assert may(first.actor("manager"), order)


@pytest.mark.parametrize(
    ("who", "action"), [("manager", "annuler"), ("desk", "reserves")], ids=["cancel", "decline"]
)
def test_a_reason_is_chosen_not_left(first, who, action):
    page = _get(first, who, "act", first.order.pk, action)
    assert page.context["form"]["reason"].value() is None
    assert "Choisissez un motif" in page.content.decode()


def test_returning_says_so_once(client, first):
    client.force_login(first.desk.user)
    url = reverse("orders:contractor_act", args=[first.contractor.slug, first.order.pk, "renvoyer"])
    refused = client.post(url, {"items": ["phone"], "note": "x" * 501})
    assert refused.status_code == 422
    assert "500" in str(refused.context["form"].errors["note"])
    done = f"Commande {first.order.reference} renvoyée au bailleur."
    page = client.post(url, {"items": ["phone"], "note": "x" * 500}, follow=True)
    assert done in page.content.decode()
    assert done not in client.get(page.request["PATH_INFO"]).content.decode()


def test_a_live_fragment_does_not_swallow_what_was_done(client, first):
    client.force_login(first.desk.user)
    url = reverse("orders:contractor_act", args=[first.contractor.slug, first.order.pk, "accepter"])
    page = client.post(url)["Location"]
    done = "Commande acceptée."
    assert done not in client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert done in client.get(page).content.decode()


def test_the_summary_names_the_lines_that_are_wrong(client, first):
    client.force_login(first.manager.user)
    form = {
        "unit": str(first.unit.pk),
        "title": "Fuite",
        "nature": "maintenance",
        "priority": "normal",
        "contract": str(first.contract.pk),
        "lignes-TOTAL_FORMS": "1",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-price_item": str(first.item.pk),
        "lignes-0-quantity": "",
    }
    page = client.post(reverse("orders:landlord_new", args=[first.landlord.slug]), form)
    assert page.status_code == 422
    text = page.content.decode()
    assert 'href="#id_lignes-0-quantity"' in text
    assert 'id="id_lignes-0-quantity"' in text


def test_a_dwelling_that_is_not_there_keeps_what_was_typed(client, first):
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_units", args=[first.landlord.slug])
    group = first.unit.group_id
    page = client.post(url, {"groupe": str(group), "numero": "99999"})
    assert page.status_code == 422
    text = page.content.decode()
    assert 'value="99999"' in text
    assert "de logement 99999 : numéros de 1 à" in text
