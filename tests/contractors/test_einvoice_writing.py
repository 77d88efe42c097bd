"""Invoices of ours are valid by the official rules, as our own reader applies them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contractors.einvoices import check_file
from contractors.einvoices.checking import check
from contractors.einvoices.issued import (
    EXEMPT,
    REVERSE,
    UNIT_CODES,
    Account,
    Address,
    Company,
    Credited,
    IssuedInvoice,
    IssuedLine,
    Note,
)
from contractors.einvoices.opening import open_invoice
from contractors.einvoices.profiles import profile_of
from contractors.einvoices.reading_cii import guideline_of, read
from contractors.einvoices.writing import write

SELLER = Company(
    name="Plomberie du Canal & Fils",
    siret="73282932000074",
    vat_number="FR44732829320",
    address=Address("8 quai de Valmy", "75010", "Paris", more="Bâtiment B"),
    legal="SARL au capital de 10 000 €, RCS Paris 732 829 320",
)
BUYER = Company(
    name="Habitat de l’Été <Nord>",
    siret="55208131766522",
    vat_number="FR03552081317",
    address=Address("1 rue du Bac", "75007", "Paris"),
    electronic_address="552081317_FACTURES",
)
NOTES = (
    Note("Indemnité forfaitaire pour frais de recouvrement : 40 €.", "PMT"),
    Note("Intérêts moratoires : taux de la BCE majoré de huit points.", "PMD"),
    Note("Pas d’escompte pour paiement anticipé.", "AAB"),
    Note("Bon de commande B-2026-00042-7\x0b\nÉtage 3"),
)


def line(total=None, *, quantity="1", price="62.5", rate="10", **more) -> IssuedLine:
    """Return a line; its total follows from quantity and price unless it is given."""
    amount = Decimal(quantity) * Decimal(price)
    return IssuedLine(
        label=more.pop("label", "Remplacement d’un siphon"),
        quantity=Decimal(quantity),
        unit=more.pop("unit", "u"),
        unit_price=Decimal(price),
        vat_rate=Decimal(rate),
        total=Decimal(total) if total else amount.quantize(Decimal("0.01"), "ROUND_HALF_UP"),
        **more,
    )


def invoice(*lines: IssuedLine, **changes) -> IssuedInvoice:
    """Return an invoice of these lines, of after the day from which French rules bind."""
    whole = IssuedInvoice(
        number="F2026-00017",
        issued_on=date(2026, 11, 30),
        seller=SELLER,
        buyer=BUYER,
        lines=lines or (line(code="PLB-01"),),
        terms="Paiement à 30 jours à compter de la réception de la facture.",
        notes=NOTES,
        order_reference="EJ-2026-778",
        contract_reference="2026-PLB",
        buyer_reference="SVC-04",
        due_on=date(2026, 12, 30),
        delivered_on=date(2026, 11, 28),
        delivered_at=Address("12 rue des Lilas", "75019", "Paris"),
        account=Account("FR7630006000011234567890189", "AGRIFRPP", "Plomberie du Canal"),
    )
    return replace(whole, **changes)


EVERY_UNIT = tuple(line(unit=unit, label=f"En {unit}") for unit in (*UNIT_CODES, "brouette"))
VARIED = {
    "whole": invoice(
        line(quantity="1.333", price="17.3333", rate="5.5"),
        line(quantity="3", price="0.0049", rate="10", label="Joint"),
        line(quantity="2.5", price="41.25", rate="10", unit="h"),
        line(quantity="7", price="19.99", rate="20"),
    ),
    "least": invoice(
        buyer_reference="",
        order_reference="",
        contract_reference="",
        due_on=None,
        delivered_at=None,
        account=None,
        seller=replace(SELLER, legal="", address=Address("8 quai", "75010", "Paris")),
        buyer=replace(BUYER, vat_number="", electronic_address=""),
    ),
    "granted as a sum": invoice(line("300.00", quantity="8", price="45", unit="m²")),
    "reverse charge": invoice(line(rate="0", category=REVERSE)),
    "credit note": invoice(credited=Credited("F2026-00016", date(2026, 11, 2)), due_on=None),
    "discount": invoice(line(), line(price="-5", label="Remise")),
    "exempt seller": invoice(
        line(rate="0", category=EXEMPT), seller=replace(SELLER, vat_number="")
    ),
    "every unit": invoice(*EVERY_UNIT),
}


@pytest.mark.parametrize("issued", VARIED.values(), ids=VARIED.keys())
def test_what_is_written_is_valid_and_reads_back_the_same(issued):
    checked = check_file(write(issued))
    assert (checked.verdict, checked.profile) == ("valid", "EN 16931"), checked
    assert checked.warnings == ()
    found = checked.invoice
    assert (found.number, found.issue_date, found.type_code) == (
        issued.number,
        issued.issued_on,
        "380" if issued.credited is None else "381",
    )
    assert (found.seller.siret, found.seller.vat_id) == (SELLER.siret, issued.seller.vat_number)
    assert (found.buyer.siret, found.buyer.name) == (BUYER.siret, BUYER.name)
    assert (found.order_reference, found.contract_reference, found.buyer_reference) == (
        issued.order_reference,
        issued.contract_reference,
        issued.buyer_reference,
    )
    assert (found.due_date, found.delivery_date) == (issued.due_on, issued.delivered_on)
    assert found.iban == (issued.account.iban if issued.account else "")
    assert [each.net_amount for each in found.lines] == [each.total for each in issued.lines]
    assert found.totals.with_vat == issued.total_with_vat
    assert found.payment_terms == issued.terms


def test_sums_are_those_that_a_hand_finds():
    issued = VARIED["whole"]
    assert [(group.rate, group.base, group.vat) for group in issued.groups] == [
        (Decimal("5.5"), Decimal("23.11"), Decimal("1.27")),
        (Decimal(10), Decimal("103.14"), Decimal("10.31")),
        (Decimal(20), Decimal("139.93"), Decimal("27.99")),
    ]
    assert (issued.total_without_vat, issued.total_with_vat) == (
        Decimal("266.18"),
        Decimal("305.75"),
    )


def test_what_lacks_a_legal_note_or_a_number_is_found_out():
    silent = check_file(write(invoice(notes=())))
    assert {"BR-FR-05_BT-22_PMT", "BR-FR-05_BT-22_PMD", "BR-FR-05_BT-22_AAB"} <= {
        finding.rule for finding in silent.warnings
    }
    assert silent.verdict == "valid"
    unknown = check_file(write(invoice(seller=replace(SELLER, siret="", vat_number=""))))
    assert unknown.verdict == "invalid"


_AMOUNTS = st.builds(
    line,
    quantity=st.decimals("0.001", "9999", places=3).map(str),
    price=st.decimals("0.0001", "99999", places=4).map(str),
    rate=st.sampled_from(["5.5", "10", "20", "2.1"]),
    unit=st.sampled_from(list(UNIT_CODES)),
    label=st.text(min_size=1, max_size=60).filter(lambda text: any(map(str.isalnum, text))),
)


@settings(max_examples=6, deadline=None)
@given(st.lists(_AMOUNTS, min_size=1, max_size=12))
def test_no_amounts_and_no_words_make_an_invalid_invoice(lines):
    root = open_invoice(write(invoice(*lines)))
    found = read(root)
    assert not check(root, profile_of(root.tag, guideline_of(root)), found).errors
