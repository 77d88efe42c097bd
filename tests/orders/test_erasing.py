"""Contact and photos of orders that were closed long ago: erased once, said, never too early."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.models import Event, RetentionRule, StoredFile
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.models import Order, OrderContact, Photo
from tests.factories.certified import newest, reserved_elsewhere
from tests.factories.full import act, photo_bytes, visited


def closed(order, months: int) -> None:
    day = clock.months_from(clock.today(), -months)
    with system_scope("tests: closed long ago"):
        Order.objects.filter(pk=order.pk).update(
            state="closed", closed_at=f"{day}T08:00:00Z", closed_how="paid"
        )


@pytest.fixture
def order(world):
    """A certified order with one photo that its certificate names, and one that came later."""
    party = world.first
    visit = visited(party, state="on_site")

    def shoot(size):
        return act(
            party,
            "technician",
            services.add_photo,
            visit_id=visit.pk,
            photo=photo_bytes(size),
            moment="after",
        )

    shoot((40, 30))
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Joint remplacé.")
    act(party, "manager", services.sign_certificate, certificate_id=newest(party).pk)
    shoot((50, 30))
    return party.order


def events(order, kind: str) -> int:
    with system_scope("tests"):
        return Event.objects.filter(kind=kind, subject_id=order.pk).count()


def test_contact_and_access_go_a_year_after_the_closing(world, order):
    closed(order, 11)
    assert tasks.erase_due() == 0
    closed(order, 13)
    assert tasks.erase_due() == 1
    with system_scope("tests"):
        contact = OrderContact.objects.get(order_id=order.pk)
        kept = Order.objects.get(pk=order.pk)
        other = OrderContact.objects.get(order_id=world.second.order.pk)
    assert not any((contact.name, contact.phone, contact.second_phone, contact.email))
    assert (contact.access, contact.access_code) == ([], "")
    assert kept.contact_erased_at is not None
    assert not kept.has_phone
    assert other.phone
    assert events(order, "order.contact_erased") == 1
    assert tasks.erase_due() == 0
    client = Client()
    client.force_login(world.first.manager.user)
    url = reverse("orders:landlord_detail", args=[world.first.landlord.slug, order.pk])
    assert "Contact et accès effacés le" in client.get(url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_photos_go_but_for_those_that_a_signed_certificate_names(order):
    with system_scope("tests"):
        photos = Photo.objects.filter(order_id=order.pk).select_related("file")
        *named, later = photos.order_by("created_at")
        paths = [photo.file.storage_path for photo in (named[-1], later)]
    assert all(default_storage.exists(path) for path in paths)
    closed(order, 25)
    assert tasks.erase_due() == 2  # its contact, and its photos
    with system_scope("tests"):
        assert set(Photo.objects.filter(order_id=order.pk)) == set(named)
        assert not StoredFile.objects.filter(pk=later.file_id).exists()
    assert [default_storage.exists(path) for path in paths] == [True, False]
    assert events(order, "order.photos_erased") == 1
    assert tasks.erase_due() == 0


def test_a_reserve_that_nobody_has_lifted_keeps_all(world):
    with system_scope("tests"):
        order = reserved_elsewhere(world.first).order
    closed(order, 30)
    assert tasks.erase_due() == 0


def test_without_a_figure_nothing_is_erased(order, as_system):
    RetentionRule.objects.all().delete()
    closed(order, 60)
    assert tasks.erase_due() == 0
