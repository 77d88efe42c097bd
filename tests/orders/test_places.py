"""The history of a dwelling: all its works, and nothing of who lived there before."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from nexxio.core import clock
from nexxio.core.models import Occupancy
from nexxio.core.scoping import system_scope
from tests.factories.full import visited


def page_of(client, party, name, pk):
    client.force_login(party.manager.user)
    response = client.get(reverse(f"orders:{name}", args=[party.landlord.slug, pk]))
    assert response.status_code == 200
    return response.text


def test_a_dwelling_and_its_residence_show_their_orders(client, world):
    first = world.first
    for name, pk in (("landlord_unit", first.unit.pk), ("landlord_group", first.unit.group_id)):
        page = page_of(client, first, name, pk)
        assert first.order.reference in page
        assert str(world.second.order.pk) not in page


def test_that_a_former_occupant_was_away_is_not_told(client, world):
    first = world.first
    visited(first, state="no_access")
    assert "Absent" in page_of(client, first, "landlord_unit", first.unit.pk)
    with system_scope("tests: moved out"):
        yesterday = clock.today() - timedelta(days=1)
        Occupancy.objects.filter(unit=first.unit, ends_on__isnull=True).update(
            starts_on=yesterday - timedelta(days=900), ends_on=yesterday
        )
    page = page_of(client, first, "landlord_unit", first.unit.pk)
    assert first.order.reference in page
    for word in ("Absent", "sans accès", "passage"):
        assert word not in page


def test_another_landlords_dwelling_is_absent(client, world):
    client.force_login(world.first.manager.user)
    for name, pk in (
        ("landlord_unit", world.second.unit.pk),
        ("landlord_group", world.second.unit.group_id),
    ):
        url = reverse(f"orders:{name}", args=[world.first.landlord.slug, pk])
        assert client.get(url).status_code == 404
