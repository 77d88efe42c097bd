"""A phone's signature, piece and extra works wait without network, and may be sent twice."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.scoping import system_scope
from orders.models import Contract, OrderPiece, SignOff, Variation, Visit
from tests.factories.full import photo_bytes, visited

OUTBOX = {"X-Outbox": "1"}
FIXED = {"name": "Amina Benali", "answer": "oui"}


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def visit(party) -> Visit:
    return visited(party, state="on_site")


@pytest.fixture
def phone(party):
    client = Client()
    client.force_login(party.technician.user)
    return client


def address(party, visit, name: str, **more) -> str:
    return reverse(f"orders:{name}", args=[party.contractor.slug, visit.pk, *more.values()])


def test_a_signature_sent_twice_is_one(party, visit, phone):
    where = address(party, visit, "field_sign")
    for _twice in range(2):
        answer = phone.post(where, FIXED, headers=OUTBOX)
        assert (answer.status_code, answer.json()) == (
            200,
            {"said": ["Signé : c’est réglé. Merci !"]},
        )
    refused = phone.post(where, {"name": "Amina Benali", "answer": "non"}, headers=OUTBOX)
    assert refused.status_code == 422
    assert refused.json()["errors"] == ["Dites ce qui ne va pas."]
    assert phone.post(where, {"sans": "absent"}, headers=OUTBOX).status_code == 409  # it is signed
    with system_scope("tests"):
        assert SignOff.objects.count() == 1


def test_a_no_sent_twice_is_one(party, visit, phone):
    where = address(party, visit, "field_sign")
    for _twice in range(2):
        data = {**FIXED, "answer": "non", "reason": "partly"}
        assert phone.post(where, data, headers=OUTBOX).status_code == 200
    with system_scope("tests"):
        assert SignOff.objects.count() == 1


def test_a_signature_that_comes_too_late_is_refused_in_words(party, phone):
    visit = visited(party, state="confirmed")
    answer = phone.post(address(party, visit, "field_sign"), FIXED, headers=OUTBOX)
    assert answer.status_code in (403, 409)
    assert "sur place" in answer.json()["errors"][0]


def test_the_forms_on_site_wait_in_the_browser(party, visit, phone):
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(pieces=["compliance"])
    for name, more in (
        ("field_sign", {}),
        ("field_act", {"action": "piece"}),
        ("field_variation", {}),
        ("field_regularise", {}),
    ):
        page = phone.get(address(party, visit, name, **more)).content.decode()
        assert "data-outbox-list" in page, name
        assert "data-outbox-done" in page, name


def test_a_piece_sent_twice_is_kept_once(party, visit, phone):
    where = address(party, visit, "field_act", action="piece")
    data = {"kind": "compliance"}
    refused = phone.post(where, {**data, "file": photo_bytes()}, headers=OUTBOX)
    assert refused.status_code in (403, 409)  # the contract asks for none
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(pieces=["compliance"])
    assert phone.post(where, data, headers=OUTBOX).status_code == 422
    for _twice in range(2):
        sent = phone.post(where, {**data, "file": photo_bytes()}, headers=OUTBOX)
        assert sent.json() == {"said": ["Pièce jointe : le bailleur la voit."]}
    with system_scope("tests"):
        assert OrderPiece.objects.count() == 1


def extra(party, key, **more):
    return {
        "send_key": str(key),
        "reason": "hidden_defect",
        "note": "Le flexible est percé aussi.",
        "photo": photo_bytes(),
        "lignes-TOTAL_FORMS": "1",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-label": "Flexible",
        "lignes-0-unit": "u",
        "lignes-0-quantity": "1",
        "lignes-0-unit_price": "40",
        "lignes-0-vat_rate": "10.00",
        **more,
    }


def test_extra_works_sent_twice_are_asked_once(party, visit, phone):
    where, key = address(party, visit, "field_variation"), uuid4()
    for _twice in range(2):
        answer = phone.post(where, extra(party, key, send="1"), headers=OUTBOX)
        assert answer.status_code == 200, answer.content.decode()
    with system_scope("tests"):
        variation = Variation.objects.get()
        assert (variation.pk, variation.state) == (key, "asked")
    other = phone.post(where, extra(party, uuid4(), send="1"), headers=OUTBOX)
    assert other.status_code == 409


def test_a_draft_that_lacks_something_says_so_and_is_completed_under_its_key(party, visit, phone):
    where, key = address(party, visit, "field_variation"), uuid4()
    lacking = extra(party, key, send="1")
    del lacking["photo"]
    answer = phone.post(where, lacking, headers=OUTBOX)
    assert "Il manque" in answer.json()["said"][0]
    assert answer.json()["lacks"] is True
    assert str(key) in phone.get(where).content.decode()
    assert phone.post(where, extra(party, key, send="1"), headers=OUTBOX).status_code == 200
    with system_scope("tests"):
        assert Variation.objects.get().state == "asked"
