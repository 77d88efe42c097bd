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
from orders.models import AccessCheck, Order, OrderContact, OrderDocument, OrderWords, Photo
from tests.factories.certified import newest, reserved_elsewhere
from tests.factories.full import act, photo_bytes, printed, visited


def closed(order, months: int) -> None:
    day = clock.months_from(clock.today(), -months)
    with system_scope("tests: closed long ago"):
        now = dict.fromkeys(("accepted_at", "closed_at"), f"{day}T08:00:00Z")
        Order.objects.filter(pk=order.pk).update(state="closed", closed_how="paid", **now)


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


def test_what_was_printed_in_clear_goes_with_the_contact_and_so_do_its_words(
    world, django_capture_on_commit_callbacks
):
    party = world.first
    masked = printed(party)
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    clear = printed(party)
    assert (masked.in_clear, clear.in_clear) == (False, True)
    with system_scope("tests: files and words"):
        rows = [row.file for row in (masked, clear)]
        contact = OrderContact.objects.get(order_id=party.order.pk)
        said = (contact.name.split()[-1].lower(), contact.phone[-9:])
        words = OrderWords.objects.get(order_id=party.order.pk).words
    assert all(word in words for word in said)
    closed(party.order, 13)
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.erase_due() == 1
    with system_scope("tests: what is left"):
        assert list(OrderDocument.objects.filter(order=party.order)) == [masked]
        assert not StoredFile.objects.filter(pk=clear.file_id).exists()
        words = OrderWords.objects.get(order_id=party.order.pk).words
    assert not any(word in words for word in said)
    assert [default_storage.exists(row.storage_path) for row in rows] == [True, False]
    client = Client()
    client.force_login(party.manager.user)
    page = reverse("orders:landlord_detail", args=[party.landlord.slug, party.order.pk])
    assert "avec les bons imprimés" in client.get(page).content.decode()


def test_photos_go_but_for_those_that_a_signed_certificate_names(
    order, django_capture_on_commit_callbacks
):
    with system_scope("tests"):
        photos = Photo.objects.filter(order_id=order.pk).select_related("file")
        *named, later = photos.order_by("created_at")
        paths = [photo.file.storage_path for photo in (named[-1], later)]
    assert all(default_storage.exists(path) for path in paths)
    closed(order, 25)
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.erase_due() == 2  # its contact, and its photos
    with system_scope("tests"):
        assert set(Photo.objects.filter(order_id=order.pk)) == set(named)
        assert not StoredFile.objects.filter(pk=later.file_id).exists()
    assert [default_storage.exists(path) for path in paths] == [True, False]
    with system_scope("tests"):
        assert Order.objects.get(pk=order.pk).photos_erased == 1
    assert events(order, "order.photos_erased") == 1
    assert tasks.erase_due() == 0


def test_the_proof_of_an_absence_that_was_settled_stays(world):
    party = world.first
    visit = visited(party)
    with system_scope("tests: the door"):
        stored = StoredFile.objects.create(
            landlord=party.landlord, name="porte.jpg", media_type="image/jpeg", size=1
        )
        parties = {"landlord": party.landlord, "contractor": party.contractor}
        door = Photo.objects.create(
            **parties, order=party.order, visit=visit, file=stored, moment="door"
        )
        AccessCheck.objects.filter(visit=visit).update(state="stands")
    closed(party.order, 25)
    tasks.erase_due()
    with system_scope("tests"):
        assert list(Photo.objects.filter(order_id=party.order.pk)) == [door]


def test_a_reserve_that_nobody_has_lifted_keeps_all(world):
    with system_scope("tests"):
        order = reserved_elsewhere(world.first).order
    closed(order, 30)
    assert tasks.erase_due() == 0


def test_without_a_figure_nothing_is_erased(order, as_system):
    RetentionRule.objects.all().delete()
    closed(order, 60)
    assert tasks.erase_due() == 0


def test_nothing_is_said_of_photos_where_none_was_erased(world):
    party = world.first
    closed(party.order, 25)
    assert tasks.erase_due() == 2
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_detail", args=[party.landlord.slug, party.order.pk])
    assert "Photos effacées" not in client.get(url).content.decode()
