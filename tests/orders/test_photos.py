"""Photos of a visit: when they are taken, and what waits meanwhile."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from nexxio.core import clock, file_readings, files, links
from nexxio.core.actors import Side, scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members.wording import ROLES
from nexxio.core.models import FileReading
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Photo
from orders.selectors.photos import album_of
from tests.factories.full import act, photo_bytes, visited


def _add(party, visit, photo=None, moment="after"):
    return act(
        party,
        "technician",
        services.add_photo,
        visit_id=visit.pk,
        photo=photo or photo_bytes(),
        moment=moment,
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


def test_before_and_after_stand_side_by_side(world):
    first = world.first
    visit = visited(first, state="confirmed")
    for moment, colour in (("before", 1), ("before", 2), ("after", 3)):
        act(
            first,
            "technician",
            services.add_photo,
            visit_id=visit.pk,
            photo=_picture(colour),
            moment=moment,
        )
    with system_scope("tests"):
        one, two, three = Photo.objects.filter(visit=visit).order_by("created_at")
        album = album_of([one, two, three])
    assert [(pair.before, pair.after) for pair in album.pairs] == [(one, three), (two, None)]
    assert album.others == []
    client = Client()
    for user, url in (
        (
            first.manager,
            reverse("orders:landlord_detail", args=[first.landlord.slug, visit.order_id]),
        ),
        (
            first.desk,
            reverse("orders:contractor_detail", args=[first.contractor.slug, visit.order_id]),
        ),
        (first.technician, reverse("orders:field_visit", args=[first.contractor.slug, visit.pk])),
        (None, reverse("tenants:follow", args=[links.token_of(first.link.pk)])),
    ):
        if user is not None:
            client.force_login(user.user)
        page = client.get(url).text
        assert page.count('class="pair"') == 2, url
        assert page.count("Pas encore de photo après") == 1
        assert client.get(re.search(r'src="([^"]*photos/[^"]*)"', page)[1]).status_code == 200


def test_the_owner_reads_which_organisation_opened_a_photo(world, client):
    first = world.first
    visit = visited(first, state="confirmed")
    photo = _add(first, visit)
    log = reverse("orders:landlord_readings", args=[first.landlord.slug, visit.order_id])
    client.force_login(first.manager.user)
    assert "Aucune consultation" in client.get(log).text
    for side, who in (("contractor", "desk"), ("contractor", "technician"), ("landlord", "clerk")):
        client.force_login(getattr(first, who).user)
        slug = getattr(first, side).slug
        for _again in range(2):
            client.get(reverse(f"orders:{side}_photo", args=[slug, photo.pk]))
    client.get(reverse("tenants:photo", args=[links.token_of(first.link.pk), photo.pk]))
    client.force_login(first.manager.user)
    with scope_of(first.actor("manager")):
        found = file_readings.readings_of(first.landlord.pk, visit.order_id)
    roles = ROLES[Side.CONTRACTOR]
    assert [(each.who, each.role) for each in found] == [
        ("Locataire", ""),
        (first.landlord.name, ROLES[Side.LANDLORD]["clerk"]),
        (first.contractor.name, roles["technician"]),
        (first.contractor.name, roles["manager"]),
    ]
    page = client.get(log).text
    assert found[0].file.name in page
    assert str(first.technician.user) not in page
    with system_scope("tests"):
        FileReading.objects.filter(side="tenant").update(
            created_at=clock.now() - timedelta(days=366)
        )
        assert file_readings.erase_old() == 1
    with scope_of(world.second.actor("desk")):
        assert not FileReading.objects.exists()
    with scope_of(first.actor("desk")):
        # Its own photo: it reads who opened it, and writes nothing there.
        assert FileReading.objects.count() == 3
        assert FileReading.objects.update(role="") == 0


def _picture(colour: int) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (colour * 60, 20, 20)).save(out, "JPEG")
    out.seek(0)
    return out


def test_each_side_reads_who_opened_one_photo_and_who_added_it(world, client):
    first = world.first
    visit = visited(first, state="confirmed")
    photo, other = _add(first, visit), _add(first, visit, moment="before")
    for side, who in (("landlord", "clerk"), ("contractor", "desk")):
        client.force_login(getattr(first, who).user)
        slug = getattr(first, side).slug
        client.get(reverse(f"orders:{side}_photo", args=[slug, photo.pk]))
    for side, who in (("landlord", "manager"), ("contractor", "desk")):
        client.force_login(getattr(first, who).user)
        slug = getattr(first, side).slug
        log = reverse(f"orders:{side}_readings", args=[slug, visit.order_id])
        detail = client.get(reverse(f"orders:{side}_detail", args=[slug, visit.order_id])).text
        assert f"{log}?fichier={photo.file_id}" in detail
        page = client.get(log, {"fichier": photo.file_id}).text
        assert f"ajouté par {first.contractor.name}" in page
        assert first.landlord.name in page
        assert "Aucune consultation" in client.get(log, {"fichier": other.file_id}).text
        assert client.get(log, {"fichier": visit.pk}).status_code == 404
    client.force_login(world.second.desk.user)
    slug = world.second.contractor.slug
    strange = reverse("orders:contractor_readings", args=[slug, visit.order_id])
    assert client.get(strange).status_code == 404
