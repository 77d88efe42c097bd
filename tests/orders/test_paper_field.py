"""What a company without an account does on site behind its printed order's code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Event, StoredFile
from nexxio.core.scoping import Scope, ScopeKind, open_scope, system_scope
from orders import services
from orders.models import (
    Certificate,
    Contract,
    NoAccessProof,
    Order,
    OrderPiece,
    PaperAct,
    Photo,
    Reserve,
    Visit,
)
from tests.factories.acting import act, photo_bytes
from tests.factories.certified import newest, reserved_elsewhere
from tests.factories.full import visited

HOLDER = "Bruno Petit"


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


@pytest.fixture
def visit(party) -> Visit:
    return visited(party, state="confirmed")


def page(party, action: str = "") -> str:
    token = party.paper_token()
    if action:
        return reverse("orders:paper_act", args=[token, action])
    return reverse("orders:paper", args=[token])


def asks(party, *pieces) -> None:
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(
            pieces=list(pieces), pieces_to_finish=True
        )


def send(party, action: str, **data):
    return Client().post(page(party, action), {"holder": HOLDER, **data})


def test_works_end_once_the_asked_photos_and_pieces_are_given_by_paper(party, visit):
    asks(party, "photos_after", "report", "compliance")
    refused = send(party, "termine", report="Fait.")
    assert refused.status_code == 409
    assert "Photos après" in refused.content.decode()

    body = Client().get(page(party)).content.decode()
    for name in ("photo", "piece", "sans-photo"):
        assert page(party, name) in body
        assert Client().get(page(party, name)).status_code == 200
    assert send(party, "photo", photo=photo_bytes(), moment="after").status_code == 302
    assert send(party, "piece", kind="compliance", file=photo_bytes()).status_code == 302
    assert send(party, "termine", report="Fait.").status_code == 302
    with system_scope("tests"):
        assert Order.objects.get(pk=party.order.pk).state == "done"
        assert Photo.objects.get().contractor_id == party.contractor.pk
        named = PaperAct.objects.filter(name=HOLDER).count()
        assert named == Event.objects.filter(order_id=party.order.pk, channel="paper").count() > 3


def test_a_refused_sheet_of_hours_is_none_by_paper_either(party, visit):
    with system_scope("tests"):
        Order.objects.filter(pk=party.order.pk).update(nature="by_the_hour")
    assert send(party, "piece", kind="measurements", file=photo_bytes()).status_code == 302
    with system_scope("tests"):
        sheet = OrderPiece.objects.get()
    refusal = {"piece_id": sheet.pk, "accepted": False, "note": "Deux heures de trop"}
    act(party, "manager", services.answer_sheet, **refusal)
    assert send(party, "termine", report="Fait.").status_code == 409
    other = photo_bytes((60, 30))
    assert send(party, "piece", kind="measurements", file=other).status_code == 302
    assert send(party, "termine", report="Fait.").status_code == 302


def test_the_same_photo_and_piece_sent_twice_are_kept_once(party, visit):
    asks(party, "compliance")
    for _time in range(2):
        assert send(party, "photo", photo=photo_bytes(), moment="after").status_code == 302
        assert send(party, "piece", kind="compliance", file=photo_bytes()).status_code == 302
    with system_scope("tests"):
        assert Photo.objects.count() == 1
        assert OrderPiece.objects.count() == 1


def test_a_paper_reads_and_keeps_files_of_its_own_order_only(party, visit, world):
    send(party, "photo", photo=photo_bytes(), moment="after")
    actor, other = party.actor("paper"), world.second.actor("paper")
    with scope_of(actor):
        assert StoredFile.objects.count() == 1
    with scope_of(other):
        assert StoredFile.objects.count() == 0
    with scope_of(actor), pytest.raises(Refused):
        services.add_piece(
            actor=other, order_id=party.order.pk, kind="compliance", upload=photo_bytes()
        )


def test_the_tenants_refusal_of_photos_counts_by_paper_too(party, visit):
    asks(party, "photos_after")
    assert send(party, "sans-photo").status_code == 302
    assert send(party, "sans-photo").status_code == 404
    assert send(party, "termine", report="Fait.").status_code == 302


def test_nobody_opens_with_all_proofs_by_paper(party, visit):
    assert send(party, "personne", minutes_waited=12).status_code == 409  # nobody has left yet
    with clock.moved_to(visit.window_start):
        assert send(party, "en-route").status_code == 302
        assert send(party, "sur-place").status_code == 302
        assert page(party, "personne") in Client().get(page(party)).content.decode()
    with clock.moved_to(visit.window_start + timedelta(minutes=12)):
        gone = send(
            party,
            "personne",
            minutes_waited=12,
            call_tried="on",
            sms_tried="on",
            notice_number="A-12",
            photo=photo_bytes(),
        )
    assert gone.status_code == 302
    with system_scope("tests"):
        assert Visit.objects.get(pk=visit.pk).state == "no_access"
        assert NoAccessProof.objects.get(visit=visit).missing == []
        door = Photo.objects.get(moment="door")
        assert door.tenant_id is None
        events = Event.objects.filter(order_id=party.order.pk, channel="paper")
        assert {row.actor_organisation_id for row in events} == {party.contractor.pk}


def test_an_act_without_its_photo_name_or_demand_does_nothing(
    party, visit, assert_nothing_happened
):
    page(party)  # makes the link
    with assert_nothing_happened():
        assert send(party, "photo", moment="after").status_code == 422
        assert send(party, "sur-place", holder="").status_code == 422
        assert send(party, "piece", kind="compliance").status_code == 404  # the contract asks none


def test_an_order_without_a_visit_takes_no_photo_and_no_arrival(party):
    for name in ("photo", "sans-photo", "sur-place", "en-route", "personne", "constat"):
        assert Client().get(page(party, name)).status_code == 404, name


def test_a_refused_certificate_is_corrected_by_paper(party, visit):
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Joint posé.")
    assert Client().get(page(party, "constat")).status_code == 404
    certificate = newest(party)
    act(
        party,
        "manager",
        services.refuse_certificate,
        certificate_id=certificate.pk,
        reason="photo",
        note="Il manque le détail.",
    )
    body = Client().get(page(party)).content.decode()
    assert "Il manque le détail." in body
    assert page(party, "constat") in body
    assert Client().get(page(party, "constat")).status_code == 200
    assert send(party, "constat", report="").status_code == 422
    assert send(party, "constat", report="Joint posé et essai fait.").status_code == 302
    with system_scope("tests"):
        last = Certificate.objects.filter(order=party.order).order_by("-number").first()
        assert (last.state, last.report) == ("to_sign", "Joint posé et essai fait.")
    assert send(party, "constat", report="Encore.").status_code == 404


def test_a_reserve_is_said_to_be_lifted_by_paper(party, visit, world):
    assert Client().get(page(party, "reprise")).status_code == 404
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Joint posé.")
    typed = services.ReserveInput(text="Trace", due_on=clock.today() + timedelta(days=20))
    sign = services.sign_certificate
    act(party, "manager", sign, certificate_id=newest(party).pk, reserves=[typed])
    with system_scope("tests"):
        reserve = Reserve.objects.get(order=party.order)
    body = Client().get(page(party)).content.decode()
    assert "Trace" in body
    assert page(party, "reprise") in body
    assert Client().get(page(party, "reprise")).status_code == 200
    said = {"reserve": reserve.pk, "answer": "Repeint."}
    assert send(party, "reprise", **{**said, "answer": ""}).status_code == 422
    other = reserved_elsewhere(party)  # of another order: this paper doesn't open it
    assert send(party, "reprise", **{**said, "reserve": other.pk}).status_code == 422
    assert send(party, "reprise", **said, photo=photo_bytes()).status_code == 302
    with system_scope("tests"):
        reserve.refresh_from_db()
        assert (reserve.state, reserve.answer) == ("claimed", "Repeint.")
        assert reserve.claim_photo_id is not None
        assert PaperAct.objects.filter(name=HOLDER, event__kind="reserve.claimed").exists()
        other.refresh_from_db()
        assert other.state == "open"
    assert send(party, "reprise", **said).status_code == 404
    paper = Scope(kind=ScopeKind.PAPER, order_id=party.order.pk, via_id=party.landlord.pk)
    with open_scope(paper):
        rows = Reserve._base_manager
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.filter(pk=reserve.pk).update(state="lifted", lifted_at=clock.now())
        assert rows.filter(pk=other.pk).update(answer="volé") == 0
    act(party, "manager", services.lift_reserve, reserve_id=reserve.pk)


def test_the_hour_of_an_arrival_is_typed(party, visit):
    at = (clock.now() - timedelta(minutes=20)).astimezone(clock.PARIS)
    with system_scope("tests"):
        Visit.objects.filter(pk=visit.pk).update(
            window_start=clock.now() - timedelta(hours=1), window_end=clock.now()
        )
    assert send(party, "sur-place", at=f"{at:%H:%M}").status_code == 302
    with system_scope("tests"):
        arrived = Visit.objects.get(pk=visit.pk).arrived_at
    assert arrived.astimezone(clock.PARIS).strftime("%H:%M") == f"{at:%H:%M}"
