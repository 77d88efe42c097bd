"""Messages of the life cycle (CDAR): written for each state, read back, noted on their invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from contractors import services
from contractors.einvoices import ReadLifecycle, check_file, read_lifecycle
from contractors.einvoices.issued import Address, Company
from contractors.einvoices.lifecycle import REASONS_OF, Amount, Lifecycle, reason_for
from contractors.einvoices.lifecycle_writing import write
from contractors.models import Invoice
from nexxio.core import clock, relay
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, LegalForm
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import signed
from tests.factories.invoiced import again, becomes, billed, blocks_of, filed
from tests.factories.received import invoice_file, sent, settled, taken, worked_off

SELLER = Company("Plomberie", "73282932000074", Address("8 quai", "75010", "Paris"))
BUYER = Company("Habitat", "55208131766522", Address("1 rue", "75007", "Paris"))
SAID = Lifecycle(
    code="207",
    label="En litige",
    at=datetime(2026, 11, 30, 10, 15, tzinfo=clock.PARIS),
    number="F2026-00001",
    type_code="380",
    issued_on=date(2026, 11, 28),
    received_at=None,
    seller=SELLER,
    buyer=BUYER,
    reason="QTE_ERR",
    words="Une heure de trop <ici>",
    amounts=(Amount("MNATTC", Decimal("28.75")),),
)


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    billed(world.first)
    return world.first


def test_what_is_written_is_read_back():
    found = read_lifecycle(write(SAID))
    assert found == ReadLifecycle(
        code="207",
        label="En litige",
        at=date(2026, 11, 30),
        number="F2026-00001",
        issued_on=date(2026, 11, 28),
        seller_siren="732829320",
        reason="QTE_ERR",
        words="Une heure de trop <ici>",
    )


def test_a_message_is_no_invoice_and_nothing_else_is_a_message():
    assert check_file(write(SAID)).reason.rule == "NX-LIFECYCLE"
    twice = write(SAID).replace(
        b"</rsm:AcknowledgementDocument>",
        b"<ram:ReferenceReferencedDocument/></rsm:AcknowledgementDocument>",
    )
    for data, rule in (
        (b"<a/>", "NX-NOT-A-STATUS"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "NX-DTD"),
        (twice, "NX-SEVERAL-STATUSES"),
        (write(replace(SAID, number="")), "NX-NOT-A-STATUS"),
    ):
        assert read_lifecycle(data).reason.rule == rule


@pytest.mark.parametrize("code", sorted(REASONS_OF))
def test_a_reason_is_out_of_the_list_of_its_code(code):
    assert reason_for(code, ("CMD_EJ_ERR", "nothing")) in REASONS_OF[code]
    assert reason_for("204", ("AUTRE",)) == ""
    assert reason_for("207", ("CMD_EJ_ERR", "CMD_ERR")) == "CMD_ERR"


def test_each_state_that_an_invoice_came_to_is_a_message(party):
    invoice = filed(party)
    part = {"admitted": Decimal(40), "cause": "B08", "note": "Une heure de trop"}
    act(party, "manager", services.approve_in_part, invoice_id=invoice.pk, **part)
    act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=clock.today())
    page = client_of(party, "manager").get(url(party, "landlord", "invoice", invoice.pk)).text
    assert "Statuts nationaux" in page
    found = {}
    for side, who in (("landlord", "manager"), ("contractor", "desk")):
        for code in ("200", "203", "206", "212"):
            address = url(party, side, "invoice_message", invoice.pk, code)
            answer = client_of(party, who).get(address)
            assert answer["Content-Type"] == "application/xml"
            found[code] = answer.content
        missing = url(party, side, "invoice_message", invoice.pk, "210")
        assert client_of(party, who).get(missing).status_code == 404
    for code, data in found.items():
        read = read_lifecycle(data)
        assert (read.code, read.number, read.seller_siren) == (code, invoice.number, "732829320")
    partly = read_lifecycle(found["206"])
    assert (partly.reason, partly.words) == ("QTE_ERR", "Une heure de trop")
    assert b">28.75<" in found["206"]
    assert b"<ram:ValuePercent>10</ram:ValuePercent>" in found["212"]


def test_one_that_comes_is_kept_and_moves_nothing(party):
    invoice = filed(party)
    company = replace(SELLER, siret="73282932000074")
    said = replace(
        SAID, number=invoice.number, issued_on=invoice.issued_on, seller=company, code="299"
    )
    received = sent(party, write(said), name="statut.xml")
    worked_off()
    kept = again(invoice)
    assert (kept.state, kept.platform_code) == ("received", "299")
    relay.deliver_one_by_one()
    page = client_of(party, "desk").get(url(party, "contractor", "received", received.pk)).text
    assert f"Statut de {invoice.number}" in page
    shown = client_of(party, "manager").get(url(party, "landlord", "invoice", invoice.pk)).text
    assert "299" in shown
    twin = settled(sent(party, write(said), name="statut.xml"), read_lifecycle(write(said)))
    assert (twin.state, twin.problems[0]["rule"]) == ("refused", "NX-SAME-FILE")
    with system_scope("tests: events"):
        assert Event.objects.filter(kind="invoice.code_noted").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "F-0"},
        {"issued_on": date(2020, 1, 1)},
        {"seller": replace(SELLER, siret="55208131766522")},
    ],
)
def test_one_of_another_invoice_is_refused(party, changes):
    invoice = filed(party)
    own = {"number": invoice.number, "issued_on": invoice.issued_on}
    data = write(replace(SAID, **{**own, **changes}))
    received = settled(sent(party, data, name="statut.xml"), read_lifecycle(data))
    assert (received.state, received.problems[0]["rule"]) == ("refused", "NX-STATUS")
    assert again(invoice).platform_code == ""


def test_a_platforms_rejection_frees_the_number_to_be_sent_again(party):
    billed(party)
    signed(party)
    first = taken(party, invoice_file(party))
    with system_scope("tests: invoices"):
        invoice = Invoice.objects.get(pk=first.invoice_id)
    company = replace(SELLER, siret="73282932000074")
    own = {"number": invoice.number, "issued_on": invoice.issued_on, "seller": company}
    data = write(replace(SAID, **own, code="213", reason="REJ_SEMAN", words="Champ BT-23"))
    settled(sent(party, data, name="statut.xml"), read_lifecycle(data))
    gone = again(invoice)
    assert (gone.state, gone.platform_code) == ("rejected", "213")
    assert "BT-23" in gone.answer_note
    mended = taken(party, invoice_file(party, terms="Paiement à 31 jours."))
    assert mended.state == "turned_into_invoice"
    with system_scope("tests: two of one number"):
        rows = Invoice.objects.filter(number=invoice.number).order_by("created_at")
        assert [row.state for row in rows] == ["rejected", "received"]
    twice = taken(party, invoice_file(party, terms="Paiement à 32 jours."))
    assert (twice.state, twice.problems[0]["rule"]) == ("refused", "NX-DUPLICATE")


def test_a_landlord_rejects_nothing_by_a_platforms_message(party):
    invoice = filed(party)
    company = replace(SELLER, siret="73282932000074")
    own = {"number": invoice.number, "issued_on": invoice.issued_on, "seller": company}
    data = write(replace(SAID, **own, code="213", reason="REJ_SEMAN"))
    received = settled(sent(party, data, who="manager", name="statut.xml"), read_lifecycle(data))
    assert (received.state, received.problems[0]["rule"]) == ("refused", "NX-REJECTION")
    assert "« Refuser »" in received.problems[0]["message"]
    kept = again(invoice)
    assert (kept.state, kept.platform_code) == ("received", "")
    settled(sent(party, data, name="statut.xml"), read_lifecycle(data))
    assert again(invoice).state == "rejected"


def test_an_invoice_goes_to_another_service_under_its_number(party):
    invoice = filed(party)
    typed = {"cause": "B14", "note": "Pas notre service"}
    act(party, "manager", services.open_block_by_hand, invoice_id=invoice.pk, **typed)
    said = {"invoice_id": invoice.pk, "note": "C’est un marché"}
    with pytest.raises(Refused):
        act(party, "desk", services.reroute, department="marches", **said)
    with pytest.raises(Invalid):
        act(party, "manager", services.reroute, department="inconnu", **said)
    due = again(invoice).due_on
    act(party, "manager", services.reroute, department="marches", **said)
    moved = again(invoice)
    assert (moved.department, moved.number, moved.due_on) == ("marches", invoice.number, due)
    assert blocks_of(party) == []
    with pytest.raises(Invalid, match="déjà"):
        act(party, "manager", services.reroute, department="marches", **said)
