"""Who reads phone and access, until when, and who is logged for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import policies, services
from orders.models import CONTACT_LIFE, Order, OrderContact
from tests.access.test_walls import differences
from tests.factories.full import act, visited

PHONE = "0612345678"


def _field_page(party, who: str, visit) -> str:
    client = Client()
    client.force_login(getattr(party, who).user)
    page = client.get(reverse("orders:field_visit", args=[party.contractor.slug, visit.pk]))
    assert page.status_code == 200
    return "".join(page.content.decode().split()).replace("+33", "0")


def _looks() -> int:
    with system_scope("tests"):
        return Event.objects.filter(kind="order.contact_read").count()


def test_the_office_asks_for_the_contact_on_the_visits_page_too(world):
    first = world.first
    visit = visited(first, state="proposed")
    page = _field_page(first, "desk", visit)
    assert PHONE not in page
    url = reverse("orders:contractor_act", args=[first.contractor.slug, visit.order_id, "contact"])
    assert url in page
    client = Client()
    client.force_login(first.desk.user)
    assert PHONE in "".join(client.post(url).content.decode().split()).replace("+33", "0")
    assert _looks() == 1


def test_a_technician_has_the_contact_while_his_visit_is_open(world):
    first = world.first
    visit = visited(first, state="confirmed")
    assert PHONE in _field_page(first, "technician", visit)
    act(first, "desk", services.cancel_visit, visit_id=visit.pk, reason="Panne")
    assert PHONE not in _field_page(first, "technician", visit)
    assert _looks() == 0


@pytest.fixture
def done(world):
    first = world.first
    visit = visited(first, state="confirmed")
    act(first, "technician", services.complete_visit, visit_id=visit.pk)
    return first


def _done_ago(party, ago: timedelta) -> Order:
    with system_scope("tests"):
        Order.objects.filter(pk=party.order.pk).update(done_at=clock.now() - ago)
        return Order.objects.get(pk=party.order.pk)


@pytest.mark.parametrize(
    ("ago", "sees"),
    [(CONTACT_LIFE - timedelta(hours=1), True), (CONTACT_LIFE + timedelta(hours=1), False)],
)
def test_the_contact_closes_90_days_after_the_works(world, done, ago, sees):
    order = _done_ago(done, ago)
    desk = done.actor("desk")
    assert policies.sees_contact(desk, order) is sees
    with scope_of(desk):
        assert OrderContact.objects.filter(order_id=order.pk).exists() is sees
        assert OrderContact._base_manager.filter(order_id=order.pk).exists() is sees
    with scope_of(done.actor("manager")):
        assert OrderContact.objects.filter(order_id=order.pk).exists()
    assert differences(world, [OrderContact]) == []
