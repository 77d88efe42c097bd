"""Spend limits hold on every way out to the contractor."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.errors import Refused
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order
from orders.services import LineInput
from tests.factories.full import act


@pytest.fixture
def returned(world):
    """A clerk's order (62.50 €, limit 500 €) that came back and has grown to 37 500 €."""
    first = world.first
    order = act(first, "clerk", services.draft_order, data=first.order_input())
    act(first, "clerk", services.issue_order, order_id=order.pk)
    act(first, "desk", services.return_order, order_id=order.pk, items=["quantity"])
    with system_scope("tests"):
        version = Order.objects.get(pk=order.pk).version
    data = first.order_input(lines=(LineInput(first.item.pk, Decimal(600)),))
    return act(first, "clerk", services.update_order, order_id=order.pk, version=version, data=data)


def test_a_returned_order_over_the_limit_is_not_reissued_by_its_author(world, returned):
    with pytest.raises(Refused) as refused:
        act(world.first, "clerk", services.reissue_order, order_id=returned.pk)
    assert refused.value.code == "limit"
    sent = act(world.first, "manager", services.reissue_order, order_id=returned.pk)
    assert (sent.state, sent.contractor_id) == ("issued", world.first.contractor.pk)


def test_the_clerk_reads_why_and_loses_nothing(world, returned):
    client = Client()
    client.force_login(world.first.clerk.user)
    org = world.first.landlord.slug
    act_url = reverse("orders:landlord_act", args=[org, returned.pk, "transmettre-a-nouveau"])
    detail = reverse("orders:landlord_detail", args=[org, returned.pk])
    page = client.post(act_url, headers={"Referer": f"http://testserver{detail}"}, follow=True)
    assert "dépasse votre limite" in page.content.decode()
    assert "Compléter et transmettre" not in page.content.decode()
    with system_scope("tests"):
        assert Order.objects.get(pk=returned.pk).state == "returned"
