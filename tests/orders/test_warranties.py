"""Somebody else may owe the works: said before an order leaves, where and while it is so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from orders import services
from orders.selectors.warranties import warranties_on
from tests.access.test_hostile import order_form
from tests.factories.acting import act
from tests.factories.warranted import warranted


def running(party, trade="plomberie"):
    with scope_of(party.actor("manager")):
        return warranties_on(party.unit, trade)


def test_it_warns_of_the_place_the_trade_and_the_days_that_it_covers(world):
    party = world.first
    today = clock.today()
    whole = warranted(party)
    warranted(party, starts_on=today + timedelta(days=1))
    warranted(party, ends_on=today - timedelta(days=1))
    own = warranted(party, unit_number=party.unit.number, trade="plomberie", ends_on=today)
    assert running(party) == [own, whole]
    assert running(party, "peinture") == [whole]
    act(party, "manager", services.end_warranty, warranty_id=whole.pk)
    assert running(party) == [own]
    with pytest.raises(Conflict):
        act(party, "manager", services.end_warranty, warranty_id=whole.pk)


def test_an_order_says_who_may_owe_it_before_it_leaves(world):
    party = world.first
    warranted(party, reference="DO-2026-118")
    browser = Client()
    browser.force_login(party.manager.user)
    url = reverse("orders:landlord_check", args=[party.landlord.slug])
    page = browser.post(url, order_form(party)).content.decode()
    assert "Sous garantie ou déclaré" in page
    assert "DO-2026-118" in page


def test_what_is_wrong_is_said_at_its_field_and_a_reader_writes_nothing(world):
    party = world.first
    for field, changes in (
        ("unit_number", {"unit_number": "999-Z"}),
        ("trade", {"trade": "alchimie"}),
        ("ends_on", {"ends_on": clock.today() - timedelta(days=31)}),
    ):
        with pytest.raises(Invalid) as refused:
            warranted(party, **changes)
        assert list(refused.value.errors) == [field]
    made = warranted(party)
    with pytest.raises(Refused):
        act(party, "reader", services.end_warranty, warranty_id=made.pk)
    typed = services.WarrantyInput(
        kind="maker", company="Chaudières du Nord", starts_on=made.starts_on, ends_on=made.ends_on
    )
    with pytest.raises(Refused):
        act(party, "reader", services.note_warranty, group_id=made.group_id, data=typed)
