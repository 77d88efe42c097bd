"""What is said on an order: who reads it, who is told, and what never leaves a house."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pikepdf
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from nexxio.core import clock, links, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, Message, Notification, StoredFile
from nexxio.core.notifications.sending import rendered_text
from nexxio.core.scoping import open_scope, system_scope
from orders import services
from orders.models import InternalNote, MessageFile, NoteFile, OrderMessage
from orders.selectors.talk import conversation
from orders.services.talk import TENANT_MOST
from tests.factories.full import act, photo_bytes, visited

SECRET = "PAROLE-INTERNE-7421"


@pytest.fixture
def first(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    visited(world.first, state="confirmed")
    return world.first


def _send(party, who, text="Bonjour", audience="organisations", **kwargs):
    return act(
        party,
        who,
        services.send_message,
        order_id=party.order.pk,
        text=text,
        audience=audience,
        **kwargs,
    )


def _note(party, who, text=SECRET, **kwargs):
    return act(party, who, services.write_note, order_id=party.order.pk, text=text, **kwargs)


def _talk(party, who):
    actor = party.actor(who)
    with scope_of(actor):
        party.order.refresh_from_db()
        return conversation(actor, party.order)


def _texts(party, who):
    return [one.text for one in _talk(party, who).said]


def _pdf() -> io.BytesIO:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.docinfo["/Author"] = "Auteur Secret"
        pdf.attachments["carnet.txt"] = b"clandestin"
        pdf.pages[0].Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Subtype=pikepdf.Name.Link,
                    Rect=[0, 0, 9, 9],
                    A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="/bin/sh"),
                ),
                pikepdf.Dictionary(
                    Subtype=pikepdf.Name.Link,
                    Rect=[0, 0, 9, 9],
                    A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/"),
                ),
            ]
        )
        pdf.save(out)
    out.seek(0)
    return out


def test_each_side_reads_what_was_meant_for_it(first):
    _send(first, "manager", "Entre nous deux")
    _send(first, "desk", "À tous", "everyone")
    _send(first, "tenant", "Merci", "everyone")
    _note(first, "manager", "Note du bailleur")
    _note(first, "technician", "Note de l’entreprise")
    assert _texts(first, "clerk") == ["Entre nous deux", "À tous", "Merci", "Note du bailleur"]
    assert _texts(first, "desk") == ["Entre nous deux", "À tous", "Merci", "Note de l’entreprise"]
    assert _texts(first, "tenant") == ["À tous", "Merci"]


def test_names_of_persons_stay_in_their_house(first):
    _send(first, "manager", audience="everyone")
    own, across = _talk(first, "clerk").said[0], _talk(first, "desk").said[0]
    assert own.who == str(first.manager.user)
    assert across.who == _talk(first, "tenant").said[0].who == first.landlord.name


def test_what_is_chosen_says_who_reads(first):
    landlord, contractor = first.landlord.name, first.contractor.name
    labels = [one.label for one in _talk(first, "manager").choices]
    assert labels == [
        f"{landlord} et {contractor}",
        f"{landlord}, {contractor} et le locataire",
        f"{landlord} et le locataire seulement",
        f"Note interne : {landlord} seulement",
    ]
    all_of_them, landlord_alone = _talk(first, "tenant").choices
    assert all_of_them.others == f"{landlord}, {contractor}"
    assert landlord_alone.others == landlord
    assert all_of_them.label == f"{landlord}, {contractor} et vous"
    assert landlord_alone.label == f"{landlord} et vous seulement"
    assert _talk(first, "reader").choices == []


def test_an_internal_note_leaves_nothing_elsewhere(first):
    """The canary: text, file, event, bell and message of a note are its own house's."""
    for who, other in (("manager", "desk"), ("desk", "manager")):
        note = _note(first, who, uploads=[photo_bytes()])
        relay.deliver_one_by_one()
        with system_scope("tests"):
            event = Event.objects.get(payload__note_id=str(note.pk))
            assert SECRET not in str(event.payload)
            file = NoteFile.objects.get(note=note)
            assert not Notification.objects.filter(event=event).exists()
            assert not Message.objects.filter(event=event).exists()
        for visitor in (other, "tenant", "paper"):
            with open_scope(first.actor(visitor).scope):
                rows = (
                    InternalNote._base_manager.filter(pk=note.pk),
                    NoteFile._base_manager.filter(pk=file.pk),
                    StoredFile._base_manager.filter(pk=file.file_id),
                    Event._base_manager.filter(pk=event.pk),
                )
                assert [found.exists() for found in rows] == [False] * 4, visitor


def test_no_page_of_the_other_side_shows_a_note(first):
    _note(first, "manager")
    order, client = first.order, Client()
    client.force_login(first.desk.user)
    args = [first.contractor.slug, order.pk]
    token = links.token_of(first.link.pk)
    pages = [
        client.get(reverse("orders:contractor_detail", args=args)),
        client.get(reverse("orders:contractor_talk", args=args)),
        client.get(reverse("tenants:follow", args=[token])),
        client.get(reverse("tenants:talk", args=[token])),
    ]
    assert [page.status_code for page in pages] == [200] * 4
    assert not any(SECRET in page.text for page in pages)
    client.force_login(first.clerk.user)
    own = client.get(reverse("orders:landlord_detail", args=[first.landlord.slug, order.pk]))
    assert SECRET in own.text


@pytest.mark.parametrize("who", ["desk", "tenant"])
def test_nobody_writes_in_another_sides_name(first, who):
    actor = first.actor(who)
    message = _send(first, who, audience="everyone")
    with scope_of(actor), pytest.raises(ProgrammingError), transaction.atomic():
        OrderMessage.objects.filter(pk=message.pk).update(side="landlord")


def test_readings_are_shown_and_quiet_the_bell(first):
    _send(first, "manager")
    relay.deliver_one_by_one()
    assert _talk(first, "desk").unread == 1
    act(first, "desk", services.mark_read, order_id=first.order.pk)
    assert _talk(first, "desk").unread == 0
    assert _talk(first, "manager").said[0].read_by == [first.contractor.name]
    with system_scope("tests"):
        notice = Notification.objects.get(kind="order_message", user=first.desk.user)
        assert notice.read_at is not None
    with pytest.raises(Refused):
        act(first, "reader", services.mark_read, order_id=first.order.pk)


def test_the_tenant_is_no_reader_of_what_he_does_not_see(first):
    _send(first, "manager", "À tous", "everyone")
    _send(first, "manager", "Entre nous")
    act(first, "tenant", services.mark_read, order_id=first.order.pk)
    seen, hidden = _talk(first, "manager").said
    assert (seen.read_by, hidden.read_by) == (["Le locataire"], [])


def test_bells_ring_once_until_they_are_read(first):
    def rings() -> int:
        relay.deliver_one_by_one()
        with system_scope("tests"):
            return Notification.objects.filter(kind="order_message", user=first.desk.user).count()

    _send(first, "manager")
    assert rings() == 1
    _send(first, "clerk")
    assert rings() == 1
    act(first, "desk", services.mark_read, order_id=first.order.pk)
    _send(first, "manager")
    assert rings() == 2


def test_the_tenant_is_written_to_once_a_day_and_never_what(first):
    def told() -> list[str]:
        relay.deliver_one_by_one()
        with system_scope("tests"):
            return [rendered_text(one) for one in Message.objects.filter(kind="tenant_message")]

    _send(first, "desk", "Entre nous")
    assert told() == []
    _send(first, "desk", SECRET, "everyone")
    (text,) = told()
    assert SECRET not in text
    assert f"/s/{links.token_of(first.link.pk)}/" in text
    _send(first, "manager", "Encore", "everyone")
    _send(first, "tenant", "Oui ?", "everyone")
    assert len(told()) == 1
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        _send(first, "desk", "Un autre jour", "everyone")
        assert len(told()) == 2


def test_what_is_sent_again_is_kept_once(first):
    key = uuid4()
    one = _send(first, "desk", send_key=key)
    assert _send(first, "desk", send_key=key).pk == one.pk
    note = _note(first, "desk", send_key=key)
    assert _note(first, "desk", send_key=key).pk == note.pk
    assert len(_texts(first, "desk")) == 2


def test_a_photo_that_is_sent_again_is_kept_once(world):
    visit = visited(world.first, state="confirmed")
    add = {"visit_id": visit.pk, "moment": "after"}
    one = act(world.first, "technician", services.add_photo, photo=photo_bytes(), **add)
    again = act(world.first, "technician", services.add_photo, photo=photo_bytes(), **add)
    other = act(world.first, "technician", services.add_photo, photo=photo_bytes((41, 30)), **add)
    assert one.pk == again.pk != other.pk


def test_attachments_are_cleaned(first):
    shot = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil secret"
    Image.new("RGB", (30, 20), "teal").save(shot, "JPEG", exif=exif)
    shot.seek(0)
    message = _send(first, "desk", uploads=[shot, _pdf()])
    with system_scope("tests"):
        photo, paper = (
            one.file for one in MessageFile.objects.filter(message=message).order_by("id")
        )
    assert (photo.media_type, paper.media_type) == ("image/jpeg", "application/pdf")
    with default_storage.open(photo.storage_path) as stream:
        assert not Image.open(stream).getexif()
    with default_storage.open(paper.storage_path) as stream:
        data = stream.read()
    assert b"clandestin" not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert not pdf.attachments
        assert "/Author" not in pdf.docinfo
        (kept,) = pdf.pages[0].Annots
        assert str(kept.A.S) == "/URI"


@pytest.mark.parametrize(
    "upload",
    [b"MZ\x90 rien", b"%PDF-1.7 pas un PDF", b"<svg onload='x'/>"],
    ids=["program", "broken", "svg"],
)
def test_anything_else_is_refused_in_words(first, upload):
    with pytest.raises(Invalid) as invalid:
        _send(first, "desk", uploads=[io.BytesIO(upload)])
    assert "uploads" in invalid.value.errors
    assert _texts(first, "desk") == []


def test_too_many_files_and_too_long_a_text_are_refused(first):
    for wrong in (
        {"uploads": [photo_bytes() for _ in range(5)]},
        {"text": "a" * 2001},
        {"text": " "},
    ):
        with pytest.raises(Invalid):
            _send(first, "desk", **wrong)


def test_a_closed_order_stays_readable_and_takes_notes_only(first):
    _send(first, "desk", "Avant")
    act(first, "manager", services.cancel_order, order_id=first.order.pk, reason="duplicate")
    with pytest.raises(Refused):
        _send(first, "desk", "Après")
    assert _texts(first, "manager") == ["Avant"]
    _note(first, "manager", "Pour mémoire")
    assert not _talk(first, "manager").can_write


def test_a_draft_has_nobody_to_write_to(world):
    order = act(world.first, "manager", services.draft_order, data=world.first.order_input())
    with pytest.raises(Refused):
        act(
            world.first,
            "manager",
            services.send_message,
            order_id=order.pk,
            text="Bonjour",
            audience="organisations",
        )


def test_a_tenant_writes_to_all_and_with_measure(first):
    with pytest.raises(Invalid):
        _send(first, "tenant", audience="organisations")
    for _ in range(TENANT_MOST):
        _send(first, "tenant", audience="everyone")
    with pytest.raises(Refused):
        _send(first, "tenant", audience="everyone")


def test_the_page_takes_a_message_with_its_photo_and_serves_it_through_its_door(first):
    client = Client()
    client.force_login(first.desk.user)
    url = reverse("orders:contractor_talk", args=[first.contractor.slug, first.order.pk])
    photo = SimpleUploadedFile("fuite.jpg", photo_bytes().read(), "image/jpeg")
    data = {"text": "Voici la fuite", "audience": "everyone", "uploads": [photo]}
    assert client.post(url, data).status_code == 302
    with system_scope("tests"):
        file = MessageFile.objects.get()
    token = links.token_of(first.link.pk)
    page = Client().get(reverse("tenants:follow", args=[token]))
    assert "Voici la fuite" in page.text
    shown = Client().get(reverse("tenants:attachment", args=[token, file.pk]))
    assert shown.headers["Content-Type"] == "image/jpeg"
    client.force_login(first.manager.user)
    address = reverse("orders:landlord_file", args=[first.landlord.slug, file.pk])
    assert client.get(address).status_code == 200


def test_a_script_is_answered_in_words(first):
    client = Client()
    client.force_login(first.desk.user)
    url = reverse("orders:contractor_talk", args=[first.contractor.slug, first.order.pk])
    headers = {"X-Outbox": "1"}
    sent = client.post(url, {"text": "Oui", "audience": "organisations"}, headers=headers)
    wrong = client.post(url, {"text": "", "audience": "organisations"}, headers=headers)
    assert (sent.status_code, wrong.status_code) == (204, 422)
    assert wrong.json()["errors"] == ["Votre message : Écrivez un message, ou joignez un fichier."]
