"""A form that is sent twice makes one order."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.access.test_hostile import order_form


@pytest.fixture
def desk(world):
    client = Client()
    client.force_login(world.first.manager.user)
    url = reverse("orders:landlord_new", args=[world.first.landlord.slug])
    return world.first, client, url


def _orders() -> list[Order]:
    with system_scope("tests"):
        return list(Order.objects.order_by("created_at"))


def _own_id(client, url: str, party) -> str:
    page = client.get(url, {"logement": party.unit.pk}).content.decode()
    (found,) = re.findall(r'name="own_id" value="([0-9a-f-]{36})"', page)
    return found


@pytest.mark.parametrize("button", ["send", "keep"])
def test_a_form_sent_twice_makes_one_order_and_shows_it(desk, button):
    party, client, url = desk
    before = len(_orders())
    seen = str(party.order.pk)  # at the same place: it was shown
    own_id = _own_id(client, url, party)
    form = order_form(party, own_id=own_id, seen=seen, **{button: "1"})
    first, second = client.post(url, form), client.post(url, form, follow=True)
    assert first.status_code == 302
    assert second.redirect_chain == [(first["Location"], 302)]
    assert "était déjà enregistrée" in second.content.decode()
    assert len(_orders()) == before + 1
    assert str(_orders()[-1].pk) == form["own_id"]


def test_two_forms_make_two_orders(desk):
    party, client, url = desk
    before = len(_orders())
    for _n in range(2):
        client.post(url, order_form(party, own_id=_own_id(client, url, party)))
    assert len(_orders()) == before + 2


def test_a_form_that_was_wrong_keeps_its_key(desk):
    party, client, url = desk
    own_id = _own_id(client, url, party)
    wrong = client.post(url, order_form(party, own_id=own_id, title=""))
    assert wrong.status_code == 422
    assert f'value="{own_id}"' in wrong.content.decode()


def test_the_key_of_an_order_of_somebody_else_is_refused(world, desk):
    party, client, url = desk
    page = client.post(url, order_form(party, own_id=str(world.second.order.pk)))
    assert page.status_code == 422
    assert "Rechargez la page" in page.content.decode()
