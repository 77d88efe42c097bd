"""Invoices that come in as files: sent, read, matched, and what is refused."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contractors import services
from contractors.einvoices.refusals import MAX_FILE
from contractors.imports.by_number import companies_of
from contractors.models import (
    IN_CIRCUIT,
    BillingDetails,
    Block,
    Invoice,
    InvoiceFile,
    InvoiceLine,
    ReceivedInvoice,
)
from contractors.tasks import chase_due
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import (
    Event,
    LegalForm,
    Notification,
    Organisation,
    OrganisationKind,
    Partnership,
)
from nexxio.core.scoping import system_scope
from tests.contractors.einvoice_files import REAL, needs_real_files
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import finished, signed
from tests.factories.invoiced import BUYER, SELLER, again, becomes, billed
from tests.factories.received import (
    company,
    invoice_file,
    sent,
    settled,
    taken,
    typed_in,
    worked_off,
)
from tests.imports.books import book_of
from tests.imports.steps import applied, counts


@pytest.fixture
def party(world, monkeypatch):
    """The first party: its landlord takes invoices directly, its order is certified."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    billed(world.first)
    signed(world.first)
    return world.first


def invoice_of(received: ReceivedInvoice) -> Invoice:
    with system_scope("tests: invoices"):
        return Invoice.objects.select_related("order").get(pk=received.invoice_id)


def blocks_on(received: ReceivedInvoice) -> dict[str, tuple[str, str, Decimal]]:
    with system_scope("tests: blocks"):
        rows = Block.objects.filter(
            ~IN_CIRCUIT, invoice=received.invoice_id, closed_at__isnull=True
        )
        return {row.cause: (row.side, row.department, row.amount) for row in rows}


def seen(party, who: str) -> int:
    with scope_of(party.actor(who)):
        return ReceivedInvoice.objects.count()


def rule_of(received: ReceivedInvoice) -> str:
    return received.problems[0]["rule"] if received.problems else ""


def _encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def test_a_file_is_read_by_a_worker_and_becomes_an_invoice(party):
    desk, manager = client_of(party, "desk"), client_of(party, "manager")
    data = invoice_file(party)
    form = desk.get(url(party, "contractor", "send_invoice") + f"?commande={party.order.pk}")
    assert party.order.reference in form.content.decode()
    response = desk.post(
        url(party, "contractor", "send_invoice"),
        {
            "partner": party.landlord.pk,
            "file": SimpleUploadedFile("../Facture 77.xml", data, "text/xml"),
        },
    )
    assert response.status_code == 302
    page = response["Location"]
    shown = desk.get(page).content.decode()
    assert "Lecture en cours" in shown
    assert 'hx-trigger="every 3s"' in shown
    assert seen(party, "manager") == 0
    worked_off()

    with system_scope("tests: received"):
        received = ReceivedInvoice.objects.select_related("file").get()
    assert (received.state, received.verdict) == ("turned_into_invoice", "valid")
    assert received.file.name == "Facture 77.xml"
    invoice = invoice_of(received)
    assert (invoice.number, invoice.state, invoice.received_on) == (
        "FA-77",
        "received",
        clock.today(),
    )
    assert invoice.total_with_vat == Decimal("68.75")
    assert invoice.due_on is not None
    with system_scope("tests: lines"):
        (line,) = InvoiceLine.objects.filter(invoice=invoice)
        assert not InvoiceFile.objects.exists()
    assert (line.code, line.quantity, line.unit_price) == ("PLB-01", 1, Decimal("62.5"))
    assert blocks_on(received) == {}

    shown = manager.get(url(party, "landlord", "invoice", invoice.pk)).content.decode()
    assert "Commandé, constaté, facturé" in shown
    assert "conforme" in shown
    kept = manager.get(url(party, "landlord", "received_file", received.pk))
    assert b"".join(kept.streaming_content) == data
    assert "FA-77" in desk.get(page).content.decode()
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    with pytest.raises(Refused, match="pas encore de fichier"):
        act(party, "desk", services.ask_invoice_file, invoice_id=invoice.pk)

    again = taken(party, data)
    assert (again.state, rule_of(again)) == ("refused", "NX-DUPLICATE")
    other = taken(party, invoice_file(party, price="70"))
    assert rule_of(other) == "NX-DUPLICATE"
    assert "FA-77" in other.problems[0]["message"]


def test_what_names_no_order_waits_on_both_sides_and_is_attached_in_one_click(party):
    received = taken(party, invoice_file(party, reference=""))
    assert (received.state, rule_of(received)) == ("waiting", "NX-NO-ORDER")
    manager = client_of(party, "manager")
    for who, side in (("desk", "contractor"), ("manager", "landlord")):
        inbox = client_of(party, who).get(url(party, side, "inbox")).content.decode()
        assert "FA-77" in inbox
    page = url(party, "landlord", "received", received.pk)
    assert f"Rattacher à {party.order.reference}" in manager.get(page).content.decode()
    attach = url(party, "landlord", "received_act", received.pk, "rattacher")
    manager.post(attach, {"number": "B-0000"})
    assert "porte ce numéro" in manager.get(page).content.decode()
    manager.post(attach, {"number": party.order.reference.lower()})
    assert "Rattachement en cours" in manager.get(page).content.decode()
    with pytest.raises(Conflict):
        act(
            party,
            "desk",
            services.attach_received,
            received_id=received.pk,
            order_id=party.order.pk,
        )
    worked_off()
    with system_scope("tests: received"):
        received = ReceivedInvoice.objects.get()
    assert received.state == "turned_into_invoice"
    # Somebody has said which order it is: the missing number is noted and holds nothing back.
    assert blocks_on(received) == {"B03": ("contractor", "", Decimal("0.00"))}
    act(party, "manager", services.approve, invoice_id=received.invoice_id)


def test_what_is_dearer_than_ordered_is_blocked_by_its_cause_and_sum(party):
    received = taken(party, invoice_file(party, price="80", rate="20", number="FA-78"))
    assert blocks_on(received) == {
        "B09": ("landlord", "marches", Decimal("21.00")),
        "B11": ("contractor", "", Decimal("8.00")),
    }
    shown = client_of(party, "desk").get(url(party, "contractor", "invoice", received.invoice_id))
    text = shown.content.decode()
    assert "80 € au lieu de 62,5 €" in text
    assert "TVA à 20 % au lieu de 10 %" in text
    with pytest.raises(Refused):
        act(party, "manager", services.approve, invoice_id=received.invoice_id)
    with system_scope("tests: blocks"):
        block = Block.objects.get(invoice=received.invoice_id, cause="B09")
    act(party, "manager", services.close_block_by_hand, block_id=block.pk, note="Prix admis")
    act(party, "manager", services.look_at_order, order_id=party.order.pk)
    assert list(blocks_on(received)) == ["B11"]


def test_to_an_oph_an_upload_starts_no_clock(party):
    becomes(party, LegalForm.OPH)
    received = taken(party, invoice_file(party))
    invoice = invoice_of(received)
    assert (invoice.state, invoice.filed_at, invoice.received_on) == ("to_file", None, None)
    assert (seen(party, "desk"), seen(party, "manager")) == (1, 0)
    act(
        party,
        "desk",
        services.note_chorus,
        invoice_id=invoice.pk,
        chorus_number="CPP-9",
        filed_on=clock.today(),
    )
    assert seen(party, "manager") == 1
    with system_scope("tests: files"):
        assert not InvoiceFile.objects.exists()


def test_a_plain_pdf_asks_for_its_figures(party):
    desk = client_of(party, "desk")
    received = typed_in(party, order_number=party.order.reference)
    assert received.state == "turned_into_invoice"
    assert blocks_on(received) == {}
    twin = typed_in(party, number="PAP-2")
    assert (twin.state, rule_of(twin)) == ("refused", "NX-SAME-FILE")
    assert "PAP-1" in twin.problems[0]["message"]

    figures = services.TypedInvoice(
        number="PAP-9",
        issued_on=clock.today(),
        total_without_vat=Decimal(10),
        total_vat=Decimal(1),
        total_with_vat=Decimal(11),
    )
    with pytest.raises(Conflict):
        act(party, "desk", services.complete_received, received_id=twin.pk, typed=figures)

    waiting = sent(party, b"%PDF-1.7 other", name="autre.pdf")
    with system_scope("tests: received"):
        ReceivedInvoice.objects.filter(pk=waiting.pk).update(state="to_complete", verdict="plain")
    form = url(party, "contractor", "received_act", waiting.pk, "completer")
    assert (
        "Indiquer les montants"
        in desk.get(url(party, "contractor", "received", waiting.pk)).content.decode()
    )
    typed = {
        "number": "PAP-3",
        "issued_on": clock.today().isoformat(),
        "total_without_vat": "10",
        "total_vat": "1",
        "total_with_vat": "12",
    }
    answer = desk.post(form, typed)
    assert answer.status_code == 422
    assert "ne s’additionnent pas" in answer.content.decode()
    assert "PAP-3" in answer.content.decode()
    late = {**typed, "issued_on": (clock.today() + timedelta(days=2)).isoformat()}
    assert "un jour à venir" in desk.post(form, {**late, "total_with_vat": "11"}).content.decode()


def test_an_invoice_of_others_is_refused_and_shown_to_nobody_else(party, world):
    bought = taken(party, invoice_file(party, buyer=company(SELLER, "Autre bailleur")))
    assert (bought.state, rule_of(bought)) == ("refused", "NX-BUYER")
    assert "Autre bailleur" in bought.problems[0]["message"]
    sold = taken(party, invoice_file(party, seller=company(BUYER, "Autre SARL")), who="manager")
    assert rule_of(sold) == "NX-SELLER"
    assert (seen(party, "desk"), seen(party, "manager")) == (1, 1)
    unknown = taken(party, invoice_file(party, reference="B-1999-1", number="FA-80"))
    assert rule_of(unknown) == "NX-UNKNOWN-ORDER"
    with system_scope("tests: invoices"):
        assert not Invoice.objects.exists()


def test_a_file_goes_only_to_a_partner(party, world):
    with pytest.raises(Invalid, match="avec laquelle vous travaillez"):
        act(
            party,
            "desk",
            services.send_invoice_file,
            partner_id=world.second.landlord.pk,
            upload=io.BytesIO(invoice_file(party)),
            name="facture.xml",
        )
    assert seen(party, "desk") == 0


def test_what_waits_is_set_aside_or_handed_back_with_a_reason(party):
    first = taken(party, invoice_file(party, reference=""))
    with pytest.raises(Refused, match="Seul le bailleur"):
        act(party, "desk", services.hand_received_back, received_id=first.pk, note="Non")
    act(party, "manager", services.hand_received_back, received_id=first.pk, note="Sans numéro")
    page = client_of(party, "desk").get(url(party, "contractor", "received", first.pk))
    assert "Rendu : à corriger" in page.content.decode()
    assert "Sans numéro" in page.content.decode()
    # Handed back, its number is free again.
    second = taken(party, invoice_file(party, reference="", terms="Paiement à 31 jours."))
    assert second.state == "waiting"
    act(party, "desk", services.set_received_aside, received_id=second.pk, note="Erreur")
    done = client_of(party, "manager").get(url(party, "landlord", "inbox") + "?voir=terminees")
    assert "Écarté" in done.content.decode()


def test_an_order_that_is_invoiced_already_is_not_invoiced_twice(party):
    with system_scope("tests: reset"):
        assert not Invoice.objects.exists()
    act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    received = taken(party, invoice_file(party))
    assert (received.state, rule_of(received)) == ("waiting", "NX-INVOICED")


def test_an_invoice_waits_for_the_works_to_be_over(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    first = world.first
    becomes(first, LegalForm.PRIVATE)
    billed(first)
    early = taken(first, invoice_file(first))
    assert (early.state, rule_of(early)) == ("waiting", "NX-UNFINISHED")
    finished(first)
    worked_off()
    with system_scope("tests: received"):
        early = ReceivedInvoice.objects.get()
    assert early.state == "turned_into_invoice"
    assert "B01" in blocks_on(early)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "NX-DTD"),
        (_encrypted, "NX-ENCRYPTED"),
        (lambda: b"%PDF-1.7 cut short", "NX-BROKEN-PDF"),
    ],
)
def test_unsafe_files_are_kept_and_given_to_nobody(party, make, rule):
    received = sent(party, make())
    worked_off()
    with system_scope("tests: received"):
        received = ReceivedInvoice.objects.get(pk=received.pk)
    assert (received.state, rule_of(received)) == ("refused", rule)
    desk = client_of(party, "desk")
    assert (
        received.problems[0]["message"][:20]
        in desk.get(url(party, "contractor", "received", received.pk)).content.decode()
    )
    assert desk.get(url(party, "contractor", "received_file", received.pk)).status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 a workbook", "ni un PDF ni un XML"),
        (b"<" + b" " * MAX_FILE, "la limite est de 20"),
    ],
)
def test_a_file_of_another_kind_or_size_is_refused_at_its_field(party, data, words):
    answer = client_of(party, "desk").post(
        url(party, "contractor", "send_invoice"),
        {"partner": party.landlord.pk, "file": SimpleUploadedFile("facture.pdf", data)},
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert seen(party, "desk") == 0


@needs_real_files
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("valid-Facture_FR_MINIMUM.pdf", "NX-SELLER"),
        ("corpus-fail-Facture_FR_EN16931.pdf", "NX-SELLER"),
        ("order-x-comfort.xml", "NX-ORDER"),
    ],
)
def test_real_files_of_others_are_refused_with_their_own_answer(party, name, rule):
    received = sent(party, (REAL / name).read_bytes(), name=name)
    worked_off()
    with system_scope("tests: received"):
        received = ReceivedInvoice.objects.get(pk=received.pk)
    assert (received.state, rule_of(received)) == ("refused", rule)


def test_an_oph_invites_to_chorus_and_notes_what_it_gave(party):
    becomes(party, LegalForm.OPH)
    received = taken(party, invoice_file(party), who="manager")
    assert (received.state, rule_of(received)) == ("waiting", "NX-CHORUS")
    with pytest.raises(Refused):
        act(party, "desk", services.invite_to_chorus, received_id=received.pk)
    path = url(party, "landlord", "received_act", received.pk, "rendre")
    manager = client_of(party, "manager")
    warned = manager.post(path, {"note": "Par Chorus"})
    assert warned.status_code == 422
    assert "pas été invité à déposer sur Chorus Pro" in warned.text

    act(party, "manager", services.invite_to_chorus, received_id=received.pk)
    with pytest.raises(Refused):
        act(party, "manager", services.invite_to_chorus, received_id=received.pk)
    relay.deliver_one_by_one()
    with system_scope("tests: who is told"):
        told = Notification.objects.filter(kind="received", title__contains="Chorus Pro")
        assert {row.organisation_id for row in told} == {party.contractor.pk}
    assert (
        "Entreprise invitée le" in manager.get(url(party, "landlord", "received", received.pk)).text
    )

    said = {"received_id": received.pk, "chorus_number": "CPP-77"}
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Invalid, match="pas encore passée"):
        act(party, "manager", services.note_received_chorus, filed_on=tomorrow, **said)
    act(party, "manager", services.note_received_chorus, filed_on=clock.today(), **said)
    invoice = invoice_of(settled(received))
    assert (invoice.state, invoice.chorus_number) == ("received", "CPP-77")
    assert invoice.received_on == clock.today()


def test_handing_back_what_names_no_order_is_warned_of_and_recorded(party):
    received = taken(party, invoice_file(party, reference=""))
    path = url(party, "landlord", "received_act", received.pk, "rendre")
    manager = client_of(party, "manager")
    warned = manager.post(path, {"note": "Sans numéro"})
    assert warned.status_code == 422
    assert "c’est la refuser" in warned.text
    seen = warned.context["cause"]
    assert manager.post(path, {"note": "Sans numéro", "averti": seen}).status_code == 302
    with system_scope("tests: what was warned of"):
        event = Event.objects.get(kind="received.handed_back")
    assert event.payload["cautions"] == ["refused_in_fact"]


def test_a_list_of_chorus_pro_files_what_its_companies_prepared(party):
    becomes(party, LegalForm.OPH)
    invoice = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    on = clock.today()
    head = ("Numéro de facture", "SIRET", "Numéro Chorus Pro", "Date de dépôt")
    rows = ((invoice.number, SELLER["siret"], "CPP-1", on), ("INCONNUE", SELLER["siret"], "C2", on))
    file = book_of(head, *rows)
    assert counts(applied(party, "chorus", file)) == (0, 1, 0, 0, 1)
    found = again(invoice)
    assert (found.state, found.chorus_number) == ("received", "CPP-1")
    assert found.due_on is not None
    assert counts(applied(party, "chorus", file)) == (0, 0, 1, 0, 1)
    said = {"landlord_id": party.landlord.pk, "invoice_id": invoice.pk, "filed_on": on}
    with system_scope("tests: it is noted once"), pytest.raises(Conflict):
        services.note_chorus_of(chorus_number="CPP-3", **said)


def _with_siret(party, siret: str) -> Organisation:
    """Another company of the landlord, whose own SIRET nobody has checked, and which types one."""
    with system_scope("tests: a company"):
        rival = Organisation.objects.create(
            kind=OrganisationKind.CONTRACTOR,
            legal_form=LegalForm.COMPANY,
            name="Autre entreprise",
            slug="autre-entreprise",
        )
        Partnership.objects.create(landlord=party.landlord, contractor=rival)
        BillingDetails.objects.create(organisation=rival, siret=siret)
    return rival


def test_no_company_takes_the_rows_of_another_one_by_typing_its_siret(party):
    """By a file of payments, its own invoice would be paid by what the other one was."""
    becomes(party, LegalForm.OPH)
    invoice = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    siret = SELLER["siret"]
    with system_scope("tests: checked by the platform"):
        Organisation.objects.filter(pk=party.contractor.pk).update(siret=siret)
    _with_siret(party, siret)
    with scope_of(party.actor("manager")):
        assert companies_of(party.landlord.pk)[siret] == party.contractor.pk
    row = (invoice.number, siret, "CPP-1", clock.today())
    head = ("Numéro de facture", "SIRET", "Numéro Chorus Pro", "Date de dépôt")
    assert counts(applied(party, "chorus", book_of(head, row))) == (0, 1, 0, 0, 0)


def test_a_siret_that_two_companies_typed_is_nobodys(party):
    siret = SELLER["siret"]
    with scope_of(party.actor("manager")):
        assert companies_of(party.landlord.pk)[siret] == party.contractor.pk
    _with_siret(party, siret)
    with scope_of(party.actor("manager")):
        assert siret not in companies_of(party.landlord.pk)


def test_a_file_without_an_order_is_counted_has_a_due_date_and_is_told_again(party):
    received = taken(party, invoice_file(party, reference=""))
    manager = client_of(party, "manager")
    page = manager.get(url(party, "landlord", "received", received.pk)).text
    assert "À payer probablement avant le" in page
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        board = client_of(party, who).get(url(party, side, "blocks")).text
        assert "À rattacher à une commande" in board
        assert "68,75" in board

    def told() -> list[str]:
        relay.deliver_one_by_one()
        with system_scope("tests: reminders"):
            rows = Notification.objects.filter(kind="received_late")
            return list(rows.values_list("title", flat=True))

    assert told() == []
    with clock.moved_to(clock.now() + timedelta(days=9)):
        chase_due()
        first = told()
        assert {title.split(" · ")[0] for title in first} == {"Facture à rattacher depuis 5 jours"}
        chase_due()
        assert told() == first
    act(
        party, "manager", services.attach_received, received_id=received.pk, order_id=party.order.pk
    )
    settled(received)
    with clock.moved_to(clock.now() + timedelta(days=60)), system_scope("tests: it has its order"):
        assert services.remind_received(received_id=received.pk) is None
