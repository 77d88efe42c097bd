"""The bell's pages through a client that checks where a POST comes from, like a browser's."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from nexxio.core import relay
from nexxio.core.models import Notification
from nexxio.core.scoping import system_scope
from orders import services
from tests.factories.full import act

FORM = re.compile(
    r'<form[^>]*action="([^"]+)"[^>]*bell-item.*?name="csrfmiddlewaretoken" value="([^"]+)"',
    re.DOTALL,
)


def test_a_notice_opens_from_the_page(world):
    first = world.first
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    relay.drain_batches()
    relay.deliver_one_by_one()
    client = Client(enforce_csrf_checks=True)
    client.force_login(first.manager.user)
    page = client.get(reverse("core:landlord_bell", args=[first.landlord.slug]))
    action, token = FORM.search(page.content.decode()).groups()
    opened = client.post(action, {"csrfmiddlewaretoken": token})
    assert opened.status_code == 302
    with system_scope("tests"):
        mine = Notification.objects.filter(user=first.manager.user)
        assert mine.filter(read_at__isnull=False).count() == 1
