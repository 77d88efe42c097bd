"""The file of an invoice: from the click that files it to the Factur-X on both sides."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from contractors import services
from contractors.einvoices import check_file
from contractors.models import BillingDetails, InvoiceFile, InvoiceFileState
from contractors.subscribers import make_invoice_file
from nexxio.core import clock, jobs, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, Job, LegalForm, Organisation
from nexxio.core.scoping import system_scope
from orders.models import OrderBudget
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.full import worked
from tests.factories.invoiced import BUYER, SELLER, becomes, billed, prepared
from tests.factories.moneyed import held_by_contract
from tests.factories.revised import revised

SPACES = re.compile(r"\s+")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def made(invoice) -> InvoiceFile:
    """Deliver what happened, let the worker make what waits; return the invoice's file."""
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        waiting = list(Job.objects.filter(kind="invoice.pdf", state="queued"))
    for job in waiting:
        worked(job)
    return file_of(invoice)


def file_of(invoice) -> InvoiceFile:
    with system_scope("tests: files"):
        return InvoiceFile.objects.select_related("file").get(invoice=invoice)


def fetched(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return b"".join(response.streaming_content)


def text_of(data: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(data))
    return SPACES.sub(" ", " ".join(page.extract_text() for page in reader.pages))


def test_one_click_and_both_sides_have_a_factur_x(party):
    billed(party)
    with system_scope("tests: budget"):
        OrderBudget.objects.filter(order=party.order).update(
            commitment_number="EJ-2026-778", service_code="SVC-04"
        )
    invoice = prepared(party)
    desk, manager = client_of(party, "desk"), client_of(party, "manager")
    page = url(party, "contractor", "invoice", invoice.pk)
    pdf = url(party, "contractor", "invoice_pdf", invoice.pk)
    assert "Toutes les mentions sont là" in desk.get(page).content.decode()
    assert desk.get(pdf).status_code == 404
    desk.post(url(party, "contractor", "invoice_act", invoice.pk, "deposer"))
    assert "en préparation" in desk.get(page).content.decode()
    found = made(invoice)
    assert found.state == InvoiceFileState.READY
    data = fetched(desk, pdf)
    assert pdf in desk.get(page).content.decode()

    # An OPH takes it through Chorus Pro: until then it is the contractor's alone.
    theirs = url(party, "landlord", "invoice_pdf", invoice.pk)
    assert manager.get(theirs).status_code == 404
    act(
        party,
        "desk",
        services.note_chorus,
        invoice_id=invoice.pk,
        chorus_number="CPP-1",
        filed_on=clock.today(),
    )
    assert made(invoice).file_id == found.file_id
    assert fetched(manager, theirs) == data
    assert theirs in manager.get(url(party, "landlord", "invoice", invoice.pk)).content.decode()

    checked = check_file(data)
    assert (checked.verdict, checked.profile, checked.warnings) == ("valid", "EN 16931", ())
    said = checked.invoice
    assert (said.number, said.issue_date) == (invoice.number, invoice.issued_on)
    assert (said.seller.siret, said.buyer.siret) == (SELLER["siret"], BUYER["siret"])
    assert (said.order_reference, said.buyer_reference) == ("EJ-2026-778", "SVC-04")
    assert said.contract_reference == party.contract.number
    assert said.totals.with_vat == invoice.total_with_vat
    assert "30 jours" in said.payment_terms
    text = text_of(data)
    for words in (
        f"Facture {invoice.number}",
        "SIRET 73282932000074",
        "SARL au capital de 10 000,00 €, RCS Paris 732 829 320",
        f"Bon de commande {party.order.reference}, engagement EJ-2026-778",
        "Indemnité forfaitaire pour frais de recouvrement : 40,00 €.",
        "R2192-31",
        "Total TTC à payer",
    ):
        assert SPACES.sub(" ", words) in text, words
    assert_archive(data)


def assert_archive(data: bytes) -> None:
    """It says that it is a PDF/A-3 and a Factur-X, and has what both ask for."""
    with pikepdf.open(io.BytesIO(data)) as document:
        root = document.Root
        (attached,) = root.AF
        assert (attached.AFRelationship, attached.UF) == ("/Alternative", "factur-x.xml")
        assert attached.EF.F.stream_dict.Subtype == "/text/xml"
        assert "/ModDate" in attached.EF.F.stream_dict.Params
        assert list(document.attachments) == ["factur-x.xml"]
        (intent,) = root.OutputIntents
        assert (intent.S, "/DestOutputProfile" in intent) == ("/GTS_PDFA1", True)
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "fr"
        packet = root.Metadata.read_bytes().decode()
        assert packet.count("<rdf:RDF") == 1
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "3B"
            said = {key.rpartition("}")[2]: value for key, value in metadata.items()}
        assert said["ConformanceLevel"] == "EN 16931"
        assert said["DocumentFileName"] == "factur-x.xml"
        assert said["DocumentType"] == "INVOICE"
        for font in {
            str(font.BaseFont): font
            for page in document.pages
            for font in page.Resources.Font.values()
        }.values():
            assert "/FontFile" in repr(font.DescendantFonts[0].FontDescriptor.keys())


def test_a_private_landlord_has_a_due_date_and_other_rules(party):
    becomes(party, LegalForm.PRIVATE)
    billed(party)
    invoice = prepared(party)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    with system_scope("tests"):
        invoice.refresh_from_db()
        assert invoice.due_on is not None
    found = made(invoice)
    data = fetched(client_of(party, "reader"), url(party, "landlord", "invoice_pdf", invoice.pk))
    said = check_file(data)
    assert (said.verdict, said.invoice.due_date) == ("valid", invoice.due_on)
    assert said.invoice.order_reference == party.order.reference
    assert "L441-10" in text_of(data)
    # What is said later rewrites nothing, and a job that is taken again makes no second file.
    act(party, "desk", services.save_billing, typed=services.BillingInput(siret=SELLER["siret"]))
    with system_scope("tests"):
        job = Job.objects.get(kind="invoice.pdf")
    with scope_of(party.actor("manager")):
        make_invoice_file(job, jobs.Progress(job))
    assert file_of(invoice).file_id == found.file_id
    assert file_of(invoice).parties["seller"]["address"]["city"] == "Paris"


def test_what_is_missing_is_said_before_and_can_be_made_good_after(party):
    invoice = prepared(party)
    desk, page = client_of(party, "desk"), url(party, "contractor", "invoice", invoice.pk)
    shown = desk.get(page).content.decode()
    assert "Il manque des mentions obligatoires" in shown
    assert "le numéro de TVA" in shown
    assert f"{party.landlord.name} doit indiquer" in shown
    assert url(party, "contractor", "billing") in shown
    with pytest.raises(Refused):
        act(party, "desk", services.ask_invoice_file, invoice_id=invoice.pk)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    assert made(invoice).state == InvoiceFileState.LACKING
    with pytest.raises(Refused):
        act(party, "desk", services.ask_invoice_file, invoice_id=invoice.pk)
    billed(party)
    assert "Préparer le PDF Factur-X" in desk.get(page).content.decode()
    ask = url(party, "contractor", "invoice_act", invoice.pk, "preparer")
    assert desk.post(ask).status_code == 302
    assert desk.post(ask).status_code == 409
    assert made(invoice).state == InvoiceFileState.READY


def test_a_worker_that_fails_says_so_and_is_asked_again(party, monkeypatch):
    billed(party)
    invoice = prepared(party)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)

    def broken(_html, **_options):
        raise OSError("no pango")

    with monkeypatch.context() as patch:
        patch.setattr("nexxio.core.documents.print_pdf", broken)
        assert made(invoice).state == InvoiceFileState.FAILED
    desk = client_of(party, "desk")
    page = url(party, "contractor", "invoice", invoice.pk)
    assert "pas pu être préparée" in desk.get(page).content.decode()
    act(party, "desk", services.ask_invoice_file, invoice_id=invoice.pk)
    assert file_of(invoice).state == InvoiceFileState.PREPARING
    with system_scope("tests"):
        assert Event.objects.filter(kind="invoice.file_failed").count() == 1


def test_an_exempt_company_says_so_and_takes_no_vat(party):
    billed(party)
    exempt = {**SELLER, "vat_number": "", "is_vat_exempt": True}
    act(party, "desk", services.save_billing, typed=services.BillingInput(**exempt))
    invoice = prepared(party)
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk))
    assert "votre entreprise est en franchise" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"siret": "73282932000075"}, "siret"),
        ({"siret": "732829320"}, "siret"),
        ({"vat_number": "FR45732829320"}, "vat_number"),
        ({"vat_number": "732829320"}, "vat_number"),
        ({"vat_number": "FR03552081317"}, "vat_number"),
        ({"is_vat_exempt": True}, "is_vat_exempt"),
        ({"electronic_address": "552081317"}, "electronic_address"),
        ({"electronic_address": "732829320/9"}, "electronic_address"),
        ({"postcode": "7501"}, "postcode"),
        ({"capital": Decimal(-1)}, "capital"),
    ],
)
def test_no_wrong_key_is_kept(party, assert_nothing_happened, changes, field):
    typed = services.BillingInput(**{**SELLER, **changes})
    with assert_nothing_happened(), pytest.raises(Invalid) as caught:
        act(party, "desk", services.save_billing, typed=typed)
    assert list(caught.value.errors) == [field]


def test_details_are_typed_as_people_type_them(party):
    typed = {
        **SELLER,
        "siret": "356 000 000 49837",  # La Poste's establishments have a key of their own
        "vat_number": "fr 39 356 000 000",
        "electronic_address": "356000000_FACTURES",
        "line": "  9 rue  du Colonel ",
    }
    kept = act(party, "desk", services.save_billing, typed=services.BillingInput(**typed))
    assert (kept.siret, kept.vat_number) == ("35600000049837", "FR39356000000")
    assert kept.line == "9 rue du Colonel"
    with system_scope("tests"):
        (event,) = Event.objects.filter(kind="billing.changed")
        assert "siret" in event.payload["fields"]
        assert "356" not in str(event.payload)
    act(party, "desk", services.save_billing, typed=services.BillingInput(**typed))
    with system_scope("tests"):
        assert Event.objects.filter(kind="billing.changed").count() == 1


def test_the_page_keeps_what_was_typed_and_shows_what_is_kept(party):
    with system_scope("tests"):
        Organisation.objects.filter(pk=party.contractor.pk).update(siret=SELLER["siret"])
    desk, page = client_of(party, "desk"), url(party, "contractor", "billing")
    assert SELLER["siret"] in desk.get(page).content.decode()
    wrong = desk.post(page, {**SELLER, "siret": "732", "city": "Pantin"})
    assert wrong.status_code == 422
    assert "SIRET invalide" in wrong.content.decode()
    assert "Pantin" in wrong.content.decode()
    assert desk.post(page, {**SELLER, "capital": "10000,00"}).status_code == 302
    assert "8 quai de Valmy" in desk.get(page).content.decode()
    manager, theirs = client_of(party, "manager"), url(party, "landlord", "billing")
    assert "Forme juridique" not in manager.get(theirs).content.decode()
    assert manager.post(theirs, BUYER).status_code == 302
    assert client_of(party, "clerk").get(theirs).status_code == 403


def test_nobody_writes_what_a_partner_says_of_itself(party):
    billed(party)
    with scope_of(party.actor("manager")):
        partners = BillingDetails.objects.filter(organisation_id=party.contractor.pk)
        assert partners.get().siret == SELLER["siret"]
        with pytest.raises(DatabaseError), transaction.atomic():
            partners.update(siret="")
    with pytest.raises(Refused):
        act(party, "clerk", services.save_billing, typed=services.BillingInput())


def test_what_is_held_back_and_how_prices_were_revised_is_said_in_the_file(party):
    billed(party)
    held_by_contract(party)
    kept = revised(party)
    kept.parts[0]["current"] = {**kept.parts[0]["current"], "value": "131.20", "provisional": True}
    kept.parts[0]["current"]["month"] = "2026-08-01"
    kept.coefficient = Decimal("1.080")
    with system_scope("tests: a provisional revision"):
        kept.save(update_fields=["parts", "coefficient"])
    invoice = prepared(party)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    made(invoice)
    data = fetched(client_of(party, "desk"), url(party, "contractor", "invoice_pdf", invoice.pk))
    found = check_file(data)
    assert found.verdict == "valid"
    said = SPACES.sub(" ", found.invoice.payment_terms)
    assert "Retenue de garantie de 5 % : 3,44 € TTC retenus au paiement" in said
    words = "coefficient 1,08 (0,15 + 0,85 × BT40 131,2 [août 2026] / 120 [janvier 2024])."
    unsure = "Révision provisoire : valeur provisoire de BT40 (août 2026)."
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
    for text in (" ".join(found.invoice.notes), text_of(data), page):
        assert f"{words} {unsure}" in SPACES.sub(" ", text)
    kept.parts[0]["current"]["provisional"] = False
    with system_scope("tests: a definitive revision"):
        kept.save(update_fields=["parts"])
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
    assert "Révision définitive." in page
