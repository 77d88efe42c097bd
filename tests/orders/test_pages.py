"""Pages of orders through the client: forms that are wrong, acts that are offered."""

from __future__ import annotations

import pytest
from django.urls import reverse

from orders import services
from tests.factories.full import act


@pytest.fixture
def first(world):
    return world.first


def as_member(client, membership):
    client.force_login(membership.user)
    return client


def test_the_head_offers_what_the_reader_may_do(client, first):
    as_member(client, first.desk)
    url = reverse("orders:contractor_detail", args=[first.contractor.slug, first.order.pk])
    assert offered(client.get(url)) == ["Accepter", "Renvoyer, incomplète", "Émettre des réserves"]
    as_member(client, first.reader)
    url = reverse("orders:landlord_detail", args=[first.landlord.slug, first.order.pk])
    assert offered(client.get(url)) == []
    act(first, "desk", services.return_order, order_id=first.order.pk, items=["phone"])
    as_member(client, first.manager)
    assert offered(client.get(url)) == ["Compléter et transmettre", "Annuler"]


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
