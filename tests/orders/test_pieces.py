"""The closing pack: what the contract asks for, ticked from facts, given as files, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from PIL import Image

from contractors.services.facts import facts_of_order
from nexxio.core import relay
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, Order, OrderPiece, Photo, Visit
from tests.factories.acting import act, photo_bytes
from tests.factories.certified import newest
from tests.factories.full import visited
from tests.factories.invoiced import blocks_of

ASKED = ["photos_after", "report", "compliance"]


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def visit(party):
    return visited(party, state="confirmed")


def asks(party, *pieces, required=False) -> None:
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(
            pieces=list(pieces), pieces_to_finish=required
        )


def browser_of(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def facts(party):
    with system_scope("tests"):
        return facts_of_order(Order.objects.get(pk=party.order.pk))


def photo(party, visit, moment="after") -> Photo:
    return act(
        party,
        "technician",
        services.add_photo,
        visit_id=visit.pk,
        photo=photo_bytes(),
        moment=moment,
    )


def file(party, kind="compliance", who="technician") -> OrderPiece:
    return act(
        party, who, services.add_piece, order_id=party.order.pk, kind=kind, upload=photo_bytes()
    )


def test_nobody_finishes_without_the_pieces_that_the_contract_asks_for_first(party, visit):
    asks(party, *ASKED, "sign_off", "certificate", required=True)
    with pytest.raises(Refused) as refused:
        act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    assert refused.value.code == "pieces"
    assert "Photos après" in refused.value.message
    assert "Compte rendu" not in refused.value.message  # it comes with the end itself
    photo(party, visit)
    file(party)
    done = act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    assert done.state == "done"


def test_in_part_asks_for_nothing_and_a_tenant_may_refuse_photos(party, visit):
    asks(party, "photos_before", "photos_after", required=True)
    act(party, "technician", services.refuse_photos, visit_id=visit.pk)
    act(party, "technician", services.refuse_photos, visit_id=visit.pk)
    with system_scope("tests"):
        assert Event.objects.filter(kind="visit.photos_refused").count() == 1
    act(party, "technician", services.complete_visit, visit_id=visit.pk)
    with system_scope("tests"):
        assert Visit.objects.get(pk=visit.pk).state == "done"
    known = facts(party)
    assert known.photos_before
    assert known.photos_after


def test_elsewhere_the_page_says_what_the_invoice_will_ask_for(party, visit):
    asks(party, *ASKED)
    phone = browser_of(party.technician)
    page = reverse("orders:field_visit", args=[party.contractor.slug, visit.pk])
    shown = phone.get(page).text
    assert "Certificat de conformité" in shown
    assert f'href="{page}piece/"' in shown
    done = phone.post(f"{page}termine/", {"report": "Fait."})
    said = " ".join(str(message) for message in get_messages(done.wsgi_request))
    assert "La facture demandera encore : Photos après travaux" in said


def test_a_file_is_given_once_read_by_both_and_taken_back(party, visit):
    asks(party, *ASKED)
    desk, phone = browser_of(party.desk), browser_of(party.technician)
    url = reverse("orders:field_act", args=[party.contractor.slug, visit.pk, "piece"])
    wrong = phone.post(url, {"kind": "waste", "file": photo_bytes()})
    assert wrong.status_code == 422
    for _twice in range(2):
        assert phone.post(url, {"kind": "compliance", "file": photo_bytes()}).status_code == 302
    with system_scope("tests"):
        piece = OrderPiece.objects.get()
    assert "compliance" in facts(party).files
    for member, side in ((party.manager, "landlord"), (party.desk, "contractor")):
        slug = getattr(party, side).slug
        address = reverse(f"orders:{side}_piece", args=[slug, piece.pk])
        page = reverse(f"orders:{side}_detail", args=[slug, party.order.pk])
        assert address in browser_of(member).get(page).text
        assert browser_of(member).get(address).status_code == 200
    back = reverse("orders:contractor_piece_withdraw", args=[party.contractor.slug, piece.pk])
    assert "ne comptera plus" in desk.get(back).text
    assert desk.post(back).status_code == 302
    assert desk.get(address).status_code == 404
    assert facts(party).files == frozenset()
    with pytest.raises(Conflict):
        act(party, "desk", services.withdraw_piece, piece_id=piece.pk)
    with pytest.raises(Invalid):
        file(party, kind="report")
    with pytest.raises(Refused):
        file(party, who="manager")


def test_the_block_names_what_is_missing(party, visit):
    asks(party, *ASKED)
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    relay.drain_batches()
    relay.deliver_one_by_one()
    found = blocks_of(replace(party, order=party.order))
    assert ("B07", "contractor") in {(block.cause, block.side) for block in found}
    page = reverse("orders:contractor_detail", args=[party.contractor.slug, party.order.pk])
    text = browser_of(party.desk).get(page).text
    assert "Il manque : Photos après travaux, Certificat de conformité" in text


def test_a_photo_is_taken_back_with_its_reason_and_counts_no_more(party, visit):
    asks(party, *ASKED)
    kept = photo(party, visit)
    assert facts(party).photos_after
    phone = browser_of(party.technician)
    page = reverse("orders:field_visit", args=[party.contractor.slug, visit.pk])
    back = reverse("orders:contractor_photo_withdraw", args=[party.contractor.slug, kept.pk])
    assert back in phone.get(page).text
    assert phone.post(back, {}).status_code == 422
    assert phone.post(back, {"reason": "person"}).status_code == 302
    assert not facts(party).photos_after
    shown = reverse("orders:contractor_photo", args=[party.contractor.slug, kept.pk])
    assert phone.get(shown).status_code == 404
    assert shown not in phone.get(page).text
    with pytest.raises(Conflict):
        act(party, "desk", services.withdraw_photo, photo_id=kept.pk, reason="wrong")
    with system_scope("tests"):
        assert Event.objects.get(kind="visit.photo_withdrawn").payload == {"reason": "person"}
    assert photo(party, visit).pk != kept.pk  # the same picture may be given again


def test_what_a_signed_certificate_rests_on_is_not_taken_back(party, visit):
    asks(party, *ASKED)
    kept, given = photo(party, visit), file(party)
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    signed = newest(party)
    act(party, "manager", services.sign_certificate, certificate_id=signed.pk)
    for service, found in (
        (services.withdraw_photo, {"photo_id": kept.pk, "reason": "wrong"}),
        (services.withdraw_piece, {"piece_id": given.pk}),
    ):
        with pytest.raises(Refused) as refused:
            act(party, "desk", service, **found)
        assert refused.value.code == "state"
    page = reverse("orders:contractor_detail", args=[party.contractor.slug, party.order.pk])
    back = reverse("orders:contractor_piece_withdraw", args=[party.contractor.slug, given.pk])
    assert back not in browser_of(party.desk).get(page).text


def test_several_photos_come_at_once(party, visit):
    pictures = []
    for colour in ("red", "blue"):
        out = photo_bytes()
        out.seek(0)
        out.truncate()
        Image.new("RGB", (30, 30), colour).save(out, "JPEG")
        out.seek(0)
        pictures.append(out)
    url = reverse("orders:field_act", args=[party.contractor.slug, visit.pk, "photo"])
    phone = browser_of(party.technician)
    sent = phone.post(url, {"photo": photo_bytes(), "album": pictures, "moment": "before"})
    assert sent.status_code == 302
    with system_scope("tests"):
        assert Photo.objects.filter(visit=visit, moment="before").count() == 3
    assert phone.post(url, {"moment": "before"}).status_code == 422
