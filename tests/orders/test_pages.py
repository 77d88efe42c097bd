"""Pages of orders through the client: forms that are wrong, acts that are offered."""

from __future__ import annotations

import pytest
from django.urls import reverse

from orders import services
from tests.factories.full import act, visited


@pytest.fixture
def first(world):
    return world.first


def as_member(client, membership):
    client.force_login(membership.user)
    return client


LANDLORD_FORMS = ("annuler", "renvoyer")
CONTRACTOR_FORMS = ("renvoyer", "reserves", "rendez-vous")
VISIT_FORMS = ("technicien", "deplacer", "annuler")


@pytest.mark.parametrize("action", LANDLORD_FORMS)
def test_an_empty_form_of_the_landlord_says_what_is_missing(client, first, action):
    as_member(client, first.manager)
    url = reverse("orders:landlord_act", args=[first.landlord.slug, first.order.pk, action])
    assert_refused(client.post(url))


@pytest.mark.parametrize("action", CONTRACTOR_FORMS)
def test_an_empty_form_of_the_contractor_says_what_is_missing(client, first, action):
    as_member(client, first.desk)
    url = reverse("orders:contractor_act", args=[first.contractor.slug, first.order.pk, action])
    assert_refused(client.post(url))


@pytest.mark.parametrize("action", VISIT_FORMS)
def test_an_empty_form_of_a_visit_says_what_is_missing(client, first, action):
    visit = visited(first, state="proposed")
    as_member(client, first.desk)
    url = reverse("orders:contractor_visit", args=[first.contractor.slug, visit.pk, action])
    assert_refused(client.post(url))


def assert_refused(response):
    """422, the errors in a summary whose links lead to the fields."""
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors
    html = response.content.decode()
    for name in form.errors:
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}"' in html


def test_a_unit_without_number_is_asked_for_again(client, first):
    as_member(client, first.manager)
    url = reverse("orders:landlord_units", args=[first.landlord.slug])
    response = client.post(url, {"groupe": str(first.unit.group_id), "numero": " "})
    assert response.status_code == 422
    assert "numero-error" in response.content.decode()


def test_the_head_offers_what_the_reader_may_do(client, first):
    as_member(client, first.desk)
    url = reverse("orders:contractor_detail", args=[first.contractor.slug, first.order.pk])
    assert offered(client.get(url)) == ["Accepter", "Renvoyer, incomplète", "Émettre des réserves"]
    as_member(client, first.reader)
    url = reverse("orders:landlord_detail", args=[first.landlord.slug, first.order.pk])
    assert offered(client.get(url)) == []
    act(first, "desk", services.return_order, order_id=first.order.pk, items=["phone"])
    as_member(client, first.manager)
    assert offered(client.get(url)) == [
        "Compléter et transmettre",
        "Corriger par une commande qui remplace",
        "Confier à une autre entreprise",
        "Dupliquer",
        "Annuler",
    ]


def offered(response) -> list[str]:
    return [str(item["act"].label) for item in response.context["acts"]]


def test_a_line_taken_away_is_not_ordered(client, first):
    as_member(client, first.manager)
    url = reverse("orders:landlord_check", args=[first.landlord.slug])
    line = {"lignes-0-price_item": str(first.item.pk), "lignes-0-quantity": "1"}
    form = {
        "unit": str(first.unit.pk),
        "contract": str(first.contract.pk),
        "lignes-TOTAL_FORMS": "1",
        "lignes-INITIAL_FORMS": "0",
        **line,
    }
    assert "lines" not in missing(client.post(url, form))
    assert "lines" in missing(client.post(url, {**form, "lignes-0-DELETE": "on"}))


def missing(response) -> set[str]:
    return {rule.code for rule in response.context["completeness"].missing}
