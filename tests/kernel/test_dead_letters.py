"""The administration's dead letters: seen with their reason, and taken up again."""

from __future__ import annotations

import pytest
from django.test import Client

from nexxio.core import clock
from nexxio.core.models import Delivery
from nexxio.core.scoping import system_scope

pytestmark = pytest.mark.urls("tests.kernel.admin_urls")


@pytest.fixture
def staff(world):
    client = Client()
    client.force_login(world.staff)
    return client


def test_a_dead_letter_is_seen_and_replayed(staff, monkeypatch):
    with system_scope("tests"):
        dead = Delivery.objects.first()
        Delivery.objects.filter(pk=dead.pk).update(
            dead_at=clock.now(), attempts=8, error="ConnectionError: fournisseur injoignable"
        )
    url = "/admin/core/delivery/?state=dead"
    listed = staff.get(url)
    assert listed.status_code == 200
    assert "fournisseur injoignable" in listed.content.decode()
    replayed = staff.post(url, {"action": "replay", "_selected_action": [str(dead.pk)]})
    assert replayed.status_code == 302
    with system_scope("tests"):
        dead.refresh_from_db()
    assert dead.dead_at is None
    assert dead.attempts == 0
    assert "En direct" in staff.get("/admin/").content.decode()
