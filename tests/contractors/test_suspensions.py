"""A suspension ends when the piece is there, by the fact, by a file, or by granting."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contractors import services
from contractors.models import Suspension
from contractors.services.due_dates import clock_of
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import LegalForm
from nexxio.core.scoping import system_scope
from orders import services as orders
from orders.models import Contract, Visit
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.full import photo_bytes
from tests.factories.invoiced import again, becomes, blocks_of, filed, suspended

SUSPEND = {"note": "Il manque la photo", "pieces": ["Photo après travaux"]}


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.ESH)
    return world.first


def delivered() -> None:
    for _event_and_what_follows in range(2):
        relay.drain_batches()
        relay.deliver_one_by_one()


def only(invoice) -> Suspension:
    with system_scope("tests: suspension"):
        return Suspension.objects.get(invoice=invoice)


def causes(party) -> list[str]:
    return [block.cause for block in blocks_of(party)]


def without_its_photo(party):
    """File the order's invoice, whose contract asks for a photo that isn't there."""
    with system_scope("tests: pieces"):
        Contract.objects.filter(pk=party.contract.pk).update(pieces=["photos_after"])
    invoice = filed(party)
    delivered()
    act(party, "manager", services.suspend, invoice_id=invoice.pk, cause="B07", **SUSPEND)
    delivered()
    return again(invoice)


def test_the_photo_that_comes_ends_the_suspension_and_starts_the_new_delay(party):
    invoice = without_its_photo(party)
    assert (invoice.state, invoice.due_on, causes(party)) == ("suspended", None, ["B07"])
    with system_scope("tests: visit"):
        visit = Visit.objects.filter(order=party.order).latest("created_at")
    act(
        party,
        "technician",
        orders.add_photo,
        visit_id=visit.pk,
        photo=photo_bytes(),
        moment="after",
    )
    delivered()
    found = again(invoice)
    assert (found.state, causes(party)) == ("completed", [])
    assert only(found).completed_at is not None
    assert found.due_on == clock.today() + timedelta(days=60)
    with system_scope("tests: twice"):
        again_done = services.complete_by_fact(
            actor=SYSTEM, order_id=party.order.pk, cause="B07", at=clock.now()
        )
    assert again_done == []


def test_what_is_still_missing_keeps_it_suspended(party):
    invoice = without_its_photo(party)
    with system_scope("tests: not there"):
        services.complete_by_fact(
            actor=SYSTEM, order_id=party.order.pk, cause="B07", at=clock.now()
        )
    assert again(invoice).state == "suspended"


def test_what_another_cause_lifts_leaves_it_suspended(party):
    invoice = suspended(party, filed(party))
    with system_scope("tests: another cause"):
        services.complete_by_fact(
            actor=SYSTEM, order_id=party.order.pk, cause="B07", at=clock.now()
        )
    assert again(invoice).state == "suspended"


def test_the_landlord_approves_a_suspended_invoice_and_the_suspension_ends(party):
    invoice = suspended(party, filed(party))
    text = client_of(party, "manager").get(url(party, "landlord", "invoice", invoice.pk)).text
    assert "Approuver en partie" in text
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    found = again(invoice)
    assert (found.state, causes(party)) == ("approved", [])
    assert only(found).completed_at is not None
    assert found.due_on is not None
    with system_scope("tests: clock"):
        assert not clock_of(found, as_of=clock.today()).suspended


def test_a_suspended_invoice_with_another_block_is_not_approved_whole(party):
    invoice = suspended(party, filed(party))
    act(
        party,
        "desk",
        services.open_block_by_hand,
        invoice_id=invoice.pk,
        cause="B19",
        note="Pénalités contestées",
    )
    with pytest.raises(Refused, match="B19"):
        act(party, "manager", services.approve, invoice_id=invoice.pk)
    part = {"admitted": Decimal("50.00"), "cause": "B08", "note": "Un seul siphon"}
    act(party, "manager", services.approve_in_part, invoice_id=invoice.pk, **part)
    found = again(invoice)
    assert (found.state, sorted(causes(party))) == ("partly_approved", ["B08", "B19"])
    assert only(found).completed_at is not None


def test_the_piece_is_attached_and_both_sides_read_it(party):
    invoice = suspended(party, filed(party))
    address = url(party, "contractor", "invoice_act", invoice.pk, "completer")
    desk = client_of(party, "desk")
    assert 'enctype="multipart/form-data"' in desk.get(address).text
    wrong = SimpleUploadedFile("piece.pdf", b"not a pdf at all", content_type="application/pdf")
    refused = desk.post(address, {"answer": "Voici", "upload": wrong})
    assert refused.status_code == 422
    assert again(invoice).state == "suspended"
    photo = SimpleUploadedFile("piece.jpg", photo_bytes().read(), content_type="image/jpeg")
    assert desk.post(address, {"answer": "Voici", "upload": photo}).status_code == 302
    row = only(invoice)
    assert (again(invoice).state, row.answer) == ("completed", "Voici")
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        client = client_of(party, who)
        kept = url(party, side, "suspension_file", row.pk)
        assert kept in client.get(url(party, side, "invoice", invoice.pk)).text
        assert client.get(kept).status_code == 200


def test_a_completion_says_what_came(party):
    invoice = suspended(party, filed(party))
    with pytest.raises(Invalid):
        act(party, "desk", services.complete, invoice_id=invoice.pk, answer="  ")
    with pytest.raises(Refused):
        act(party, "manager", services.complete, invoice_id=invoice.pk, answer="Voici")
