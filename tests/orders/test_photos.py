"""Photos of a visit: when they are taken, and what waits meanwhile."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from nexxio.core import files
from nexxio.core.errors import Invalid, Refused
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Photo
from tests.factories.full import act, photo_bytes, visited


def _add(party, visit, photo=None):
    return act(
        party,
        "technician",
        services.add_photo,
        visit_id=visit.pk,
        photo=photo or photo_bytes(),
        moment="after",
    )


@pytest.mark.parametrize("state", ["cancelled", "no_access"])
def test_a_visit_that_did_not_take_place_gets_no_photo(world, state):
    first = world.first
    visit = visited(first, state="no_access" if state == "no_access" else "proposed")
    if state == "cancelled":
        act(first, "manager", services.cancel_visit, visit_id=visit.pk, reason="Doublon")
    with system_scope("tests"):
        before = Photo.objects.count()
    with pytest.raises(Refused) as refused:
        _add(first, visit)
    assert refused.value.code == "state"
    with system_scope("tests"):
        assert Photo.objects.count() == before


def test_a_finished_visit_still_gets_its_photo(world):
    first = world.first
    visit = visited(first, state="confirmed")
    act(first, "technician", services.complete_visit, visit_id=visit.pk)
    assert _add(first, visit).visit_id == visit.pk


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_a_photo_is_read(world, monkeypatch):
    first = world.first
    visit = visited(first, state="confirmed")
    inside = []
    real = files.clean_photo

    def slow(*args, **kwargs):
        inside.append(connection.in_atomic_block)
        return real(*args, **kwargs)

    monkeypatch.setattr(files, "clean_photo", slow)
    _add(first, visit)
    act(first, "technician", services.leave, visit_id=visit.pk)
    proof = services.ProofInput(minutes_waited=12)
    with pytest.raises(Invalid):
        act(
            first,
            "technician",
            services.declare_no_access,
            visit_id=visit.pk,
            proof=proof,
            photo=io.BytesIO(b"no photo"),
        )
    act(
        first,
        "technician",
        services.declare_no_access,
        visit_id=visit.pk,
        proof=proof,
        photo=photo_bytes(),
    )
    assert inside == [False] * 3


def test_a_photo_is_asked_for_each_time_and_sent_once(world):
    first = world.first
    visited(first)
    with system_scope("tests"):
        photo = Photo.objects.get()
    url = reverse("orders:landlord_photo", args=[first.landlord.slug, photo.pk])
    client = Client()
    client.force_login(first.manager.user)
    shown = client.get(url)
    assert shown["Cache-Control"] == "private, no-cache"
    again = client.get(url, headers={"If-None-Match": shown["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with system_scope("tests"):
        first.manager.is_active = False
        first.manager.save(update_fields=["is_active"])
    assert client.get(url, headers={"If-None-Match": shown["ETag"]}).status_code == 404


def test_a_file_that_was_cut_short_is_written_again(world):
    first = world.first
    visit = visited(first, state="confirmed")
    photo = _add(first, visit)
    path = photo.file.storage_path
    default_storage.delete(path)
    default_storage.save(path, ContentFile(b"\xff\xd8half"))
    same = _add(first, visit)
    assert same.file.storage_path == path
    with default_storage.open(path) as kept:
        assert len(kept.read()) == same.file.size
