"""Credit notes: prepared from an invoice, filed, deducted; what is refused; files that are one."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from contractors import services
from contractors.einvoices import check_file
from contractors.einvoices.issued import Credited
from contractors.models import Block, Invoice, InvoiceLine, Payment
from contractors.selectors.accounts import Period, journal_of
from contractors.selectors.forecast import forecast
from contractors.selectors.invoices import Filters, invoice_list
from contractors.selectors.paying import ticked
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders import services as orders
from tests.contractors.steps import client_of, url
from tests.contractors.test_invoice_files import made, text_of
from tests.factories.acting import act
from tests.factories.certified import newest
from tests.factories.credited import applied, credit_prepared, credited
from tests.factories.invoiced import (
    again,
    becomes,
    billed,
    blocks_of,
    filed,
    filed_elsewhere,
    handed_over,
    prepared,
)
from tests.factories.received import invoice_file, taken

E = Decimal


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


@pytest.fixture
def private(party):
    becomes(party, LegalForm.PRIVATE)
    return party


def line_of(invoice) -> InvoiceLine:
    with system_scope("tests: lines"):
        return InvoiceLine.objects.filter(invoice=invoice).first()


def half(invoice) -> dict[object, Decimal]:
    return {line_of(invoice).pk: E("0.5")}


def test_a_credit_note_of_all_ends_its_invoice_and_the_order_is_invoiced_again(private):
    invoice = filed(private)
    credit = credited(private, invoice)
    assert (credit.kind, credit.state, credit.credits_id) == ("credit_note", "applied", invoice.pk)
    assert credit.number == f"F{clock.today().year}-00002"  # the one series, without a hole
    assert credit.total_with_vat == invoice.total_with_vat
    assert (credit.due_on, line_of(credit).credited_line) == (None, line_of(invoice).pk)
    ended = again(invoice)
    assert (ended.state, ended.net, ended.owed) == ("credited", 0, 0)
    assert [block.invoice_id for block in blocks_of(private)] == []
    anew = act(private, "desk", services.prepare_invoice, order_id=private.order.pk)
    assert (anew.rank, anew.total_with_vat) == (1, invoice.total_with_vat)
    assert anew.number.endswith("-00003")


def test_a_part_reduces_what_is_owed_blocked_foreseen_and_paid(private):
    invoice = filed(private, certified=False)
    assert [block.amount for block in blocks_of(private)] == [E("68.75")]
    credit = credited(private, invoice, quantities=half(invoice))
    assert (credit.total_without_vat, credit.total_vat) == (E("31.25"), E("3.13"))
    reduced = again(invoice)
    assert (reduced.state, reduced.credited, reduced.net) == ("received", E("34.38"), E("34.37"))
    assert [block.amount for block in blocks_of(private)] == [E("34.37")]
    with scope_of(private.actor("desk")):
        assert forecast(private.actor("desk")).total == E("34.37")
    with system_scope("tests: certificate"):
        pk = private.order.certificates.get().pk
    act(private, "manager", orders.sign_certificate, certificate_id=pk)
    with system_scope("tests: facts"):
        services.look_at_order(actor=SYSTEM, order_id=private.order.pk)
    granted = act(private, "manager", services.approve, invoice_id=invoice.pk)
    assert (granted.admitted, granted.owed) == (E("34.37"), E("34.37"))
    with scope_of(private.actor("manager")):
        (row,) = ticked(private.actor("manager"), [invoice.pk])
        assert row.amount == E("34.37")
    today = clock.today()
    act(private, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    with system_scope("tests: payments"):
        assert Payment.objects.get(invoice=invoice).amount == E("34.37")
    act(private, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    with system_scope("tests: closing"):
        closed = services.close_if_settled(actor=SYSTEM, order_id=private.order.pk)
    assert closed is not None
    with scope_of(private.actor("manager")):
        entries = journal_of(private.actor("manager"), Period(today, today))
    assert sum(each.debit or 0 for each in entries) == sum(each.credit or 0 for each in entries)
    (own,) = [e for e in entries if e.invoice.pk == credit.pk and e.label == "Tiers"]
    assert (own.debit, own.credit) == (E("34.38"), None)


def test_it_takes_what_is_contested_first(private):
    invoice = filed(private)
    part = {"admitted": E("40"), "cause": "B08", "note": "Une heure de trop"}
    act(private, "manager", services.approve_in_part, invoice_id=invoice.pk, **part)
    assert [block.cause for block in blocks_of(private)] == ["B08"]
    credited(private, invoice, quantities=half(invoice))
    reduced = again(invoice)
    assert (reduced.state, reduced.owed, reduced.contested) == ("partly_approved", E("34.37"), 0)
    assert blocks_of(private) == []  # nothing is contested any more


def test_what_is_certified_below_the_invoice_holds_it_until_a_credit_note(private):
    invoice = filed(private, certified=False)
    line = line_of(invoice)
    act(
        private,
        "manager",
        orders.sign_certificate,
        certificate_id=newest(private).pk,
        quantities={line.origin_id: E("0.4")},
        note="Un seul joint sur deux.",
    )
    relay.deliver_one_by_one()
    (block,) = blocks_of(private)
    assert (block.cause, block.side, block.amount) == ("B10", "contractor", E("41.25"))
    assert block.invoice_id == invoice.pk
    with pytest.raises(Refused, match="B10"):
        act(private, "manager", services.approve, invoice_id=invoice.pk)
    credited(private, invoice, quantities={line.pk: E("0.6")})
    relay.deliver_one_by_one()
    assert blocks_of(private) == []
    assert act(private, "manager", services.approve, invoice_id=invoice.pk).owed == E("27.50")


def test_a_cent_of_vat_keeps_no_paid_order_open(private):
    invoice = filed(private)
    part = {"admitted": E("34.36"), "cause": "B08", "note": "La moitié"}
    act(private, "manager", services.approve_in_part, invoice_id=invoice.pk, **part)
    credited(private, invoice, quantities=half(invoice))
    assert again(invoice).contested == E("0.01")
    today = clock.today()
    act(private, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    with system_scope("tests: closing"):
        assert services.close_if_settled(actor=SYSTEM, order_id=private.order.pk) is not None


def test_what_was_paid_above_it_is_said(private):
    invoice = filed(private)
    act(private, "manager", services.approve, invoice_id=invoice.pk)
    today = clock.today()
    act(private, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    credited(private, invoice, quantities=half(invoice))
    assert again(invoice).state == "paid"
    page = client_of(private, "manager").get(url(private, "landlord", "invoice", invoice.pk)).text
    assert "Payée au-delà de ce qui reste dû" in page
    assert "34,38" in page


def test_never_more_than_the_invoice_and_one_at_a_time(private):
    invoice = filed(private)
    first = credit_prepared(private, invoice, quantities=half(invoice))
    with pytest.raises(Refused, match=f"attend d’être déposé : {first.number}"):
        credit_prepared(private, invoice)
    applied(private, first)
    with pytest.raises(Invalid) as more:
        credit_prepared(private, invoice, quantities={line_of(invoice).pk: E("0.6")})
    assert list(more.value.errors) == [f"line_{line_of(invoice).pk}"]
    with pytest.raises(Invalid):
        credit_prepared(private, invoice, quantities={})
    rest = credited(private, invoice)  # what is left, to the last cent
    assert rest.total_without_vat == E("31.25")
    ended = again(invoice)
    assert (ended.state, ended.credited) == ("credited", ended.total_with_vat)
    with pytest.raises(Refused, match="Aucun avoir"):
        credit_prepared(private, invoice)


@pytest.mark.parametrize(
    ("reason", "how"), [("gesture", "nothing"), ("not_done", "nothing"), ("error", None)]
)
def test_an_order_whose_invoice_was_taken_back_for_good_is_over(private, reason, how):
    credited(private, filed(private), reason=reason)
    with system_scope("tests: closing"):
        closed = services.close_if_settled(actor=SYSTEM, order_id=private.order.pk)
    assert (closed.closed_how if closed else None) == how


def test_applied_twice_it_is_deducted_once(private):
    invoice = filed(private)
    credit = credited(private, invoice, quantities=half(invoice))
    with system_scope("tests: twice"):
        services.apply_credit(actor=SYSTEM, credit_id=credit.pk)
    assert again(invoice).credited == E("34.38")
    with system_scope("tests: events"):
        kinds = list(Event.objects.filter(subject_id=credit.pk).values_list("kind", flat=True))
    assert kinds.count("credit_note.applied") == 1


def test_a_refused_invoice_is_taken_back_in_whole(private):
    invoice = filed(private)
    refused = {"cause": "B14", "note": "Mauvais destinataire"}
    act(private, "manager", services.refuse, invoice_id=invoice.pk, **refused)
    with pytest.raises(Invalid, match="en entier"):
        credit_prepared(private, invoice, quantities=half(invoice))
    credited(private, invoice)
    ended = again(invoice)
    assert (ended.state, ended.net) == ("refused", 0)
    with pytest.raises(Refused, match="Aucun avoir"):
        credit_prepared(private, invoice)
    today = clock.today()
    for who in ("manager", "desk"):  # neither of the two pieces is in a journal
        with scope_of(private.actor(who)):
            assert journal_of(private.actor(who), Period(today, today)) == []
    anew = act(private, "desk", services.prepare_invoice, order_id=private.order.pk)
    assert anew.total_with_vat == invoice.total_with_vat


def test_only_the_companys_desk_and_nobody_judges_it(private):
    invoice = filed(private)
    said = {"invoice_id": invoice.pk, "reason": "error", "note": "Erreur"}
    for who in ("manager", "technician"):
        with pytest.raises(Refused):
            act(private, who, services.prepare_credit_note, **said)
    for wrong in ({"reason": "x"}, {"note": " "}):
        with pytest.raises(Invalid):
            act(private, "desk", services.prepare_credit_note, **{**said, **wrong})
    credit = handed_over(private, credit_prepared(private, invoice))
    with pytest.raises(Refused, match="C’est un avoir"):
        act(private, "manager", services.approve, invoice_id=credit.pk)
    with pytest.raises(Refused):
        act(
            private,
            "manager",
            services.open_block_by_hand,
            invoice_id=credit.pk,
            cause="B20",
            note="Non",
        )
    with pytest.raises(Refused, match="Aucun avoir"):
        act(private, "desk", services.prepare_credit_note, **{**said, "invoice_id": credit.pk})


def test_to_a_public_landlord_it_goes_by_chorus_and_counts_from_then_on(party):
    invoice = filed(party)
    credit = credit_prepared(party, invoice)
    queued = act(party, "desk", services.file_invoice, invoice_id=credit.pk)
    assert (queued.state, again(invoice).state) == ("to_file", "received")
    with scope_of(party.actor("manager")):
        assert not Invoice.objects.filter(pk=credit.pk).exists()
    noted = {"chorus_number": "CPP-AV-1", "filed_on": clock.today()}
    act(party, "desk", services.note_chorus, invoice_id=credit.pk, **noted)
    relay.drain_batches()
    relay.deliver_one_by_one()
    assert (again(credit).state, again(invoice).state) == ("applied", "credited")
    with system_scope("tests: bells"):
        assert Notification.objects.filter(title=f"Avoir reçu · {credit.number}").exists()


def test_both_sides_see_it_in_pages_list_and_export(private):
    billed(private)
    invoice = filed(private)
    desk, manager = client_of(private, "desk"), client_of(private, "manager")
    own = url(private, "contractor", "invoice_act", invoice.pk, "avoir")
    assert "Établir un avoir" in desk.get(url(private, "contractor", "invoice", invoice.pk)).text
    assert "Reste 1 u sur 1 u" in desk.get(own).text
    name = f"line_{line_of(invoice).pk}"
    typed = {"reason": "not_done", "note": "Siphon gardé", "scope": "part", name: "deux"}
    wrong = desk.post(own, typed)
    assert wrong.status_code == 422
    assert "Siphon gardé" in wrong.text
    assert "ou 40 %" in wrong.text
    assert desk.post(own, {**typed, name: "150 %"}).status_code == 422
    answer = desk.post(own, {**typed, name: "40 %"}, follow=True)
    assert "Avoir préparé" in answer.text
    with system_scope("tests: credit"):
        credit = Invoice.objects.get(credits=invoice)
    assert credit.total_without_vat == E("25.00")
    assert desk.get(own).status_code == 409
    filing = url(private, "contractor", "invoice_act", credit.pk, "deposer")
    assert "Avoir déposé" in desk.post(filing, follow=True).text
    relay.drain_batches()
    file = made(credit)
    page = manager.get(url(private, "landlord", "invoice", credit.pk)).text
    assert f"Avoir {credit.number}" in page
    assert "Siphon gardé" in page
    assert "Approuver" not in page
    assert "41,25" in manager.get(url(private, "landlord", "invoice", invoice.pk)).text
    listed = manager.get(url(private, "landlord", "invoices"), {"nature": "credit_note"}).text
    assert credit.number in listed
    assert f"Avoir sur {invoice.number}" in listed
    with scope_of(private.actor("manager")):
        rows = invoice_list(private.actor("manager"), Filters(kind="credit_note")).rows
    assert [row.with_vat for row in rows] == [-E("27.50")]
    export = manager.get(url(private, "landlord", "invoices_export")).text
    assert f"Avoir sur {invoice.number}" in export
    pdf = b"".join(
        manager.get(url(private, "landlord", "invoice_pdf", credit.pk)).streaming_content
    )
    assert f"{invoice.number} du" in text_of(pdf)
    assert file.file.name == f"avoir-{credit.number}.pdf"
    read = check_file(pdf)
    assert (read.verdict, read.invoice.type_code) == ("valid", "381")
    assert [one.number for one in read.invoice.preceding] == [invoice.number]
    assert read.invoice.preceding[0].issue_date == invoice.issued_on


def test_a_file_that_is_a_credit_note_reduces_the_invoice_that_it_names(private):
    invoice = filed(private)
    data = {"number": "AV-1", "credited": Credited(invoice.number, invoice.issued_on)}
    received = taken(private, invoice_file(private, price="20", **data))
    credit = received.invoice
    assert (received.state, credit.kind, credit.credits_id) == (
        "turned_into_invoice",
        "credit_note",
        invoice.pk,
    )
    relay.drain_batches()
    relay.deliver_one_by_one()
    assert (again(credit).state, again(invoice).net) == ("applied", E("46.75"))
    page = client_of(private, "manager").get(url(private, "landlord", "received", received.pk))
    assert "Voir l’avoir AV-1" in page.text
    again_sent = taken(private, invoice_file(private, price="20", **data))
    assert (again_sent.state, again_sent.problems[0]["rule"]) == ("refused", "NX-DUPLICATE")


def test_what_a_file_left_is_taken_back_as_the_rest_of_its_rate(private):
    invoice = filed(private)
    data = {"number": "AV-4", "credited": Credited(invoice.number, invoice.issued_on)}
    taken(private, invoice_file(private, price="20", **data))
    relay.drain_batches()
    relay.deliver_one_by_one()
    own = url(private, "contractor", "invoice_act", invoice.pk, "avoir")
    page = client_of(private, "desk").get(own).text
    assert f"Reste de la facture {invoice.number}" in page
    name = page.partition('name="line_')[2].partition('"')[0]  # the form names it, twice the same
    part = credited(private, invoice, quantities={UUID(name): E("0.5")})
    rest = credited(private, invoice)
    assert [one.total_without_vat for one in (part, rest)] == [E("21.25"), E("21.25")]
    ended = again(invoice)
    assert (ended.state, ended.net) == ("credited", 0)


def test_a_file_may_differ_by_the_rounding_of_vat(private):
    invoice = filed(private)
    credited(private, invoice, quantities=half(invoice))
    data = {"number": "AV-5", "credited": Credited(invoice.number, invoice.issued_on)}
    received = taken(private, invoice_file(private, price="31.25", **data))
    assert received.state == "turned_into_invoice"
    relay.drain_batches()
    relay.deliver_one_by_one()
    assert (again(invoice).state, again(invoice).net) == ("credited", 0)


def test_a_file_that_takes_back_a_part_of_a_refused_invoice_is_refused(private):
    invoice = filed(private)
    refused = {"cause": "B14", "note": "Mauvais destinataire"}
    act(private, "manager", services.refuse, invoice_id=invoice.pk, **refused)
    data = {"number": "AV-6", "credited": Credited(invoice.number, invoice.issued_on)}
    received = taken(private, invoice_file(private, price="20", **data))
    assert received.problems[0]["rule"] == "NX-CREDIT-PART"


@pytest.mark.parametrize(
    ("named", "price", "rule"),
    [("F-0", "20", "NX-CREDIT"), (None, "90", "NX-CREDIT-SUM"), ("", "20", "NX-CREDIT")],
)
def test_a_credit_note_without_its_invoice_or_above_it_is_refused(private, named, price, rule):
    invoice = filed(private)
    number = invoice.number if named is None else named
    credited_one = Credited(number, invoice.issued_on)
    received = taken(
        private, invoice_file(private, price=price, number="AV-2", credited=credited_one)
    )
    assert (received.state, received.problems[0]["rule"]) == ("refused", rule)
    assert again(invoice).credited == 0


def test_a_credit_note_is_of_its_own_two_parties(world):
    invoice = filed_elsewhere(world.second)
    data = {"number": "AV-3", "credited": Credited(invoice.number, invoice.issued_on)}
    received = taken(world.first, invoice_file(world.first, price="20", **data))
    assert received.problems[0]["rule"] == "NX-CREDIT"
    with scope_of(world.first.actor("desk")), pytest.raises(Invoice.DoesNotExist):
        services.prepare_credit_note(
            actor=world.first.actor("desk"), invoice_id=invoice.pk, reason="error", note="x"
        )


def test_a_block_by_hand_ends_with_an_invoice_that_is_taken_back(private):
    invoice = filed(private)
    said = {"cause": "B18", "note": "Fuite"}
    act(private, "manager", services.dispute, invoice_id=invoice.pk, **said)
    with system_scope("tests: blocks"):
        block = Block.objects.get(invoice=invoice, cause="B18", closed_at__isnull=True)
    credited(private, invoice)
    with system_scope("tests: blocks"):
        block.refresh_from_db()
        assert block.closed_at is not None
        assert not Block.objects.filter(invoice=invoice, closed_at__isnull=True).exists()


def test_an_unfiled_invoice_has_no_credit_note(private):
    invoice = prepared(private)
    with pytest.raises(Refused, match="Aucun avoir"):
        credit_prepared(private, invoice)
