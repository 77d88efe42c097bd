"""The number that the landlord's own software gives an order survives, and is his alone once."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.db.constraints import explained, explanations
from nexxio.core.errors import Invalid
from nexxio.core.models import Organisation
from nexxio.core.scoping import system_scope
from orders import services
from orders.forms import initial_of
from orders.models import Order


def draft(party, number: str) -> Order:
    manager = party.actor("manager")
    with scope_of(manager):
        return services.draft_order(actor=manager, data=party.order_input(external_number=number))


def posted(client: Client, party, order: Order, **changes):
    with scope_of(party.actor("manager")):
        values = {k: v for k, v in initial_of(order).items() if v not in (None, [], ())}
    lines = {"lignes-TOTAL_FORMS": "0", "lignes-INITIAL_FORMS": "0"}
    url = reverse("orders:landlord_edit", args=[party.landlord.slug, order.pk])
    return client.post(url, {**values, **lines, **changes})


@pytest.fixture
def client(world):
    found = Client()
    found.force_login(world.first.manager.user)
    return found


def number_of(order: Order) -> str:
    with system_scope("tests"):
        return Order.objects.get(pk=order.pk).external_number


def test_editing_an_order_keeps_its_number(world, client):
    order = draft(world.first, "ERP-2026-17")
    url = reverse("orders:landlord_edit", args=[world.first.landlord.slug, order.pk])
    assert 'value="ERP-2026-17"' in client.get(url).content.decode()
    assert posted(client, world.first, order, title="Autre objet").status_code == 302
    assert number_of(order) == "ERP-2026-17"
    assert posted(client, world.first, order, external_number="", version="2").status_code == 302
    assert number_of(order) == ""


def test_a_number_that_is_taken_is_said_beside_its_field(world, client):
    draft(world.first, "ERP-1")
    order = draft(world.first, "ERP-2")
    page = posted(client, world.first, order, external_number="ERP-1", title="Jamais gardé")
    assert page.status_code == 422
    assert page.context["form"].errors == {"external_number": ["Une autre commande a ce numéro."]}
    assert "Jamais gardé" in page.content.decode()
    with system_scope("tests"):
        stored = Order.objects.get(pk=order.pk)
    assert (stored.external_number, stored.title) == ("ERP-2", order.title)


def test_a_new_order_with_a_number_that_is_taken_leaves_nothing(world):
    draft(world.first, "ERP-1")
    with system_scope("tests"):
        before = Order.objects.count()
    with pytest.raises(Invalid) as refusal:
        draft(world.first, " ERP-1 ")
    assert refusal.value.errors == {"external_number": ["Une autre commande a ce numéro."]}
    with system_scope("tests"):
        assert Order.objects.count() == before


def test_two_landlords_may_give_the_same_number(world):
    draft(world.first, "ERP-1")
    assert draft(world.second, "ERP-1").external_number == "ERP-1"


def test_a_violation_without_words_stays_our_fault(world):
    with (
        system_scope("tests"),
        transaction.atomic(),
        pytest.raises(IntegrityError),
        explained(),
    ):
        Organisation.objects.filter(pk=world.first.landlord.pk).update(
            slug=world.second.landlord.slug
        )


def test_every_message_belongs_to_a_constraint():
    names = {c.name for model in apps.get_models() for c in model._meta.constraints}
    assert set(explanations()) <= names
