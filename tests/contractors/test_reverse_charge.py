"""Autoliquidation: whose contract, on which invoices, and that the official rules take them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contractors.einvoices import check_file
from contractors.models import BillingDetails
from nexxio.core.errors import Invalid
from nexxio.core.models import LegalForm
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.contractors.test_invoice_files import fetched, made, text_of
from tests.factories.certified import signed
from tests.factories.credited import credited
from tests.factories.invoiced import becomes, billed, blocks_of, handed_over, prepared
from tests.factories.moneyed import held_by_contract
from tests.factories.received import invoice_file, taken

E = Decimal
VAT_NUMBER = "FR03552081317"


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    billed(world.first)
    return world.first


def named_for_vat(party, number: str = VAT_NUMBER) -> None:
    with system_scope("tests: billing"):
        BillingDetails.objects.filter(organisation=party.landlord).update(vat_number=number)


def reversed_by_contract(party) -> None:
    named_for_vat(party)
    held_by_contract(party, retention_rate=E(0), is_reverse_charge=True)


def test_the_landlord_s_vat_number_comes_first(party):
    with pytest.raises(Invalid) as error:
        held_by_contract(party, retention_rate=E(0), is_reverse_charge=True)
    assert set(error.value.errors) == {"is_reverse_charge"}


def test_its_invoices_have_no_vat_and_say_so_everywhere(party):
    reversed_by_contract(party)
    invoice = prepared(party)
    sums = (invoice.total_without_vat, invoice.total_vat, invoice.total_with_vat)
    assert sums == (E("62.50"), E(0), E("62.50"))
    assert invoice.is_reverse_charge
    handed_over(party, invoice)
    made(invoice)
    desk = client_of(party, "desk")
    data = fetched(desk, url(party, "contractor", "invoice_pdf", invoice.pk))
    checked = check_file(data)
    assert (checked.verdict, checked.warnings) == ("valid", ())
    said = checked.invoice
    assert [(group.category, group.rate) for group in said.vat] == [("AE", E(0))]
    assert said.buyer.vat_id == VAT_NUMBER
    text = text_of(data)
    assert "Autoliquidation" in text
    assert "283-2 nonies" in text
    for who, side in (("desk", "contractor"), ("manager", "landlord")):
        page = client_of(party, who).get(url(party, side, "invoice", invoice.pk))
        assert "Autoliquidation : TVA due par le preneur" in page.content.decode()
    assert blocks_of(party) == []
    contract = url(party, "contractor", "contract", party.contract.pk, app="orders")
    assert "autoliquidation" in desk.get(contract).content.decode()


def test_what_takes_it_back_is_without_vat_too(party):
    reversed_by_contract(party)
    invoice = handed_over(party, prepared(party))
    note = credited(party, invoice)
    assert (note.is_reverse_charge, note.total_vat) == (True, 0)
    made(note)
    data = fetched(client_of(party, "desk"), url(party, "contractor", "invoice_pdf", note.pk))
    assert check_file(data).verdict == "valid"


def test_other_contracts_and_exempt_companies_stay_as_they_are(party):
    assert not prepared(party).is_reverse_charge


def test_an_exempt_company_names_its_own_reason(party):
    reversed_by_contract(party)
    with system_scope("tests: exempt"):
        BillingDetails.objects.filter(organisation=party.contractor).update(
            is_vat_exempt=True, vat_number=""
        )
    assert not prepared(party).is_reverse_charge


def test_a_number_that_is_gone_is_missing(party):
    reversed_by_contract(party)
    invoice = prepared(party)
    named_for_vat(party, "")
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk))
    assert "le numéro de TVA du bailleur" in page.content.decode()


@pytest.mark.parametrize(("is_reversed", "causes"), [(True, []), (False, ["B11"])])
def test_a_file_without_vat_is_what_such_a_contract_expects(party, is_reversed, causes):
    if is_reversed:
        reversed_by_contract(party)
    signed(party)
    received = taken(party, invoice_file(party, rate="0"))
    assert received.invoice is not None
    assert received.invoice.is_reverse_charge is is_reversed
    assert [block.cause for block in blocks_of(party)] == causes


def test_a_rate_on_such_a_contract_is_wrong(party):
    reversed_by_contract(party)
    signed(party)
    taken(party, invoice_file(party, rate="10"))
    assert "B11" in [block.cause for block in blocks_of(party)]


def test_it_is_set_on_the_contract_s_page(party):
    named_for_vat(party)
    manager = client_of(party, "manager")
    address = url(party, "landlord", "money_terms", party.contract.pk)
    assert "283-2 nonies" in manager.get(address).content.decode()
    typed = {
        "retention_rate": "0",
        "retention_months": "12",
        "recover_from": "65",
        "recover_until": "80",
        "is_reverse_charge": "on",
    }
    assert manager.post(address, typed).status_code == 302
    assert prepared(party).is_reverse_charge
