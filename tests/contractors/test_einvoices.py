"""Electronic invoices are read to the last amount, and judged by the rules of their own profile."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pikepdf
import pytest

from contractors.einvoices import Checked, Refusal, check_file, codec, opening, process, reading_cii
from contractors.einvoices.opening import open_invoice
from contractors.einvoices.profiles import profile_of, syntax_of
from contractors.einvoices.refusals import MAX_FILE, MAX_XML, REASONS, Refused
from contractors.einvoices.values import Reader
from contractors.einvoices.words import as_json, price_of_one, summary
from tests.contractors.einvoice_files import (
    BASIC,
    EN_16931,
    EXTENDED,
    MINIMUM,
    REAL,
    XRECHNUNG,
    cii,
    needs_real_files,
    pdf,
    pdf_that_inflates_when_opened,
    pdf_with_a_bomb,
    ubl,
)

# One worker, which judges each file once.
pytestmark = pytest.mark.xdist_group("einvoices")


@cache
def _result(data: bytes) -> Checked | Refusal:
    return check_file(data)


def read(data: str | bytes) -> Checked:
    result = _result(data if isinstance(data, bytes) else data.encode())
    assert isinstance(result, Checked), result
    return result


def real(name: str) -> Checked:
    return read((REAL / name).read_bytes())


def rules(findings) -> set[str]:
    return {finding.rule for finding in findings}


def refused(data: bytes) -> str:
    """The rule by which a file is refused while it is opened, in this process."""
    with pytest.raises(Refused) as caught:
        syntax_of(open_invoice(data).tag)
    assert caught.value.rule in REASONS
    return caught.value.rule


# --- Real files -------------------------------------------------------------------------------


@needs_real_files
def test_a_real_en_16931_invoice_is_read_to_the_last_amount():
    checked = real("valid-factur-x-en16931.xml")
    assert (checked.verdict, checked.profile, checked.errors) == ("valid", "EN 16931", ())
    answer = as_json(checked)
    assert (answer["number"], answer["issue_date"]) == ("F20260023", "2026-01-31")
    assert (answer["currency"], answer["total_with_vat"]) == ("EUR", "104.90")
    assert answer["lines"][1] == {
        "id": "2",
        "description": "FOURNITURES PAPIER",
        "quantity": "3.0000",
        "unit": "C62",
        "unit_price": "10",
        "net_amount": "28.00",
        "vat_rate": "10.00",
    }
    assert [line["net_amount"] for line in answer["lines"]] == ["60.00", "28.00", "7.00"]


@needs_real_files
@pytest.mark.parametrize(
    ("name", "profile"),
    [("valid-Facture_FR_MINIMUM.pdf", "MINIMUM"), ("valid-Facture_FR_BASICWL.pdf", "BASIC WL")],
)
def test_real_pdfs_of_the_profiles_without_lines_are_valid(name, profile):
    checked = real(name)
    assert (checked.verdict, checked.profile, checked.errors) == ("valid", profile, ())
    answer = as_json(checked)
    assert (answer["number"], answer["issue_date"]) == ("FA-2017-0010", "2017-11-13")
    assert (answer["total_with_vat"], answer["lines"]) == ("671.15", [])
    assert "NX-UNUSED" in rules(checked.warnings)


@needs_real_files
def test_a_real_credit_note_is_invalid_by_the_spelling_of_its_guideline_alone():
    checked = real("corpus-fail-Avoir_FR_type380_BASIC.pdf")
    assert (checked.verdict, checked.profile) == ("invalid", "BASIC")
    assert rules(checked.errors) == {"FX-SCH-A-000026"}
    answer = as_json(checked)
    assert (answer["number"], answer["total_with_vat"]) == ("AV-2017-0005", "-233.47")
    assert [line["net_amount"] for line in answer["lines"]] == ["-20.48", "-198.00"]


@needs_real_files
def test_french_rules_only_warn_about_an_invoice_from_before_them():
    checked = real("corpus-fail-Facture_FR_EN16931.pdf")
    assert (checked.verdict, checked.profile, checked.errors) == ("valid", "EN 16931", ())
    assert {"BR-FR-12_BT-49", "NX-UNUSED"} <= rules(checked.warnings)
    answer = as_json(checked)
    assert answer["total_with_vat"] == "671.15"
    assert [line["net_amount"] for line in answer["lines"]] == ["81.90", "48.00", "495.00"]


@needs_real_files
def test_a_real_order_is_no_invoice():
    assert refused((REAL / "order-x-comfort.xml").read_bytes()) == "NX-ORDER"


# --- What is kept of an invoice ---------------------------------------------------------------


def test_a_cii_invoice_is_read_whole():
    checked = read(cii())
    invoice = checked.invoice
    assert (checked.verdict, invoice.syntax, invoice.type_code) == ("valid", "CII", "380")
    assert (invoice.number, invoice.order_reference) == ("F-2026-017", "B-2026-00042-7")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 6, 12), date(2026, 7, 12))
    assert (invoice.seller.name, invoice.seller.siret) == ("Plomberie du Canal", "73282932000074")
    assert (invoice.seller.siren, invoice.seller.vat_id) == ("732829320", "FR44732829320")
    assert (invoice.buyer.name, invoice.buyer.siren) == ("Habitat de l’Été", "552081317")
    assert (invoice.buyer.siret, invoice.iban) == ("", "FR7630006000011234567890189")
    assert [(line.name, line.net_amount) for line in invoice.lines] == [
        ("Remplacement d’un robinet", Decimal("150.00")),
        ("Joints", Decimal("50.00")),
    ]
    (vat,) = invoice.vat
    assert (vat.category, vat.rate, vat.base, vat.amount) == ("S", 10, 200, 20)
    totals = invoice.totals
    assert (totals.without_vat, totals.vat, totals.with_vat, totals.payable) == (200, 20, 220, 220)


def test_the_price_of_a_hundred_is_told_as_that_of_one():
    joints = read(cii()).invoice.lines[1]
    assert (joints.unit_price, joints.price_quantity) == (25, 100)
    assert price_of_one(joints) == Decimal("0.25")
    assert as_json(read(cii()))["lines"][1]["unit_price"] == "0.25"


def test_a_ubl_invoice_is_read_whole():
    checked = read(ubl())
    invoice = checked.invoice
    assert (checked.verdict, checked.profile, invoice.syntax) == ("valid", "EN 16931", "UBL")
    assert (invoice.number, invoice.type_code, invoice.currency) == ("U-7", "380", "EUR")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 6, 12), date(2026, 7, 12))
    assert (invoice.seller.siret, invoice.seller.legal_id) == ("73282932000074", "732829320")
    assert (invoice.seller.vat_id, invoice.buyer.siret) == ("FR44732829320", "55208131766522")
    assert (invoice.iban, invoice.payment_terms) == ("FR7630006000011234567890189", "30 jours")
    assert as_json(checked)["lines"] == [
        {
            "id": "1",
            "description": "Débouchage",
            "quantity": "2",
            "unit": "HUR",
            "unit_price": "50",
            "net_amount": "100.00",
            "vat_rate": "10",
        }
    ]


def test_a_ubl_credit_note_names_the_invoice_that_it_credits():
    checked = read(ubl("CreditNote"))
    assert (checked.verdict, checked.invoice.type_code) == ("valid", "381")
    (before,) = checked.invoice.preceding
    assert (before.number, before.issue_date) == ("F-2026-011", date(2026, 5, 2))
    assert [line.quantity for line in checked.invoice.lines] == [2]


def test_a_result_survives_the_way_between_two_processes():
    checked = read(cii())
    assert codec.decode(codec.encode(checked)) == checked


def test_no_text_steers_a_terminal():
    named = cii().replace("Plomberie du Canal", "Plomb\x9b31mier\u202e \n du\u00a0Canal")
    found = reading_cii.read(open_invoice(named.encode()))
    assert found.seller.name == "Plomb31mier du Canal"


def test_the_largest_price_of_the_smallest_quantity_is_no_accident():
    line = replace(
        reading_cii.read(open_invoice(cii().encode())).lines[0],
        unit_price=Decimal("9" * 18),
        price_quantity=Decimal("0." + "0" * 29 + "1"),
    )
    assert price_of_one(line) == Decimal("9" * 18) * 10**30


@pytest.mark.parametrize("text", ["1e9", "NaN", "12,50", "", "1" * 19, "١٢", "--1", "."])
def test_what_is_no_plain_number_is_no_amount(text):
    file = cii().replace("<ram:GrandTotalAmount>220.00", f"<ram:GrandTotalAmount>{text}")
    assert reading_cii.read(open_invoice(file.encode())).totals.with_vat is None


# --- Verdicts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        (cii(total="221.00"), "BR-CO-15"),
        (cii(BASIC, total="221.00"), "BR-CO-15"),  # whose own number for it is another one
        pytest.param(cii(EXTENDED, total="221.00"), "BR-FXEXT-CO-15", marks=pytest.mark.slow),
    ],
    ids=["cii", "basic", "extended"],
)
def test_a_total_that_was_tampered_with_is_found(file, rule):
    checked = read(file)
    assert checked.verdict == "invalid"
    assert rule in rules(checked.errors)


def test_rules_that_are_not_of_the_profile_are_warnings():
    """French rules are said between French companies; MINIMUM's own rules do no sums, ours do."""
    checked = read(cii(date="20260901"))
    assert {"BR-FR-05_BT-22_PMT", "BR-FR-12_BT-49"} <= rules(checked.warnings)
    assert not any(rule.startswith("BR-FR") for rule in rules(checked.errors))
    minimum = read(cii(MINIMUM, total="221.00"))
    assert minimum.verdict != "invalid"
    assert "NX-TOTAL" in rules(minimum.warnings)


def test_an_amount_that_is_none_breaks_the_schema_and_is_not_read():
    checked = read(cii(total="1e9"))
    assert {"XSD", "NX-RULES"} == rules(checked.errors)
    assert checked.invoice.totals.with_vat is None
    assert as_json(checked)["total_with_vat"] is None


def test_a_xrechnung_from_abroad_is_judged_by_the_rules_that_are_there_and_says_so():
    checked = read(cii(XRECHNUNG, date="20260901", french=False))
    assert (checked.verdict, checked.profile) == ("valid", "XRECHNUNG")
    assert "NX-OWN-RULES" in rules(checked.warnings)
    assert not any(rule.startswith("BR-FR") for rule in rules(checked.warnings))


@pytest.mark.parametrize(
    ("guideline", "name"),
    [
        (EN_16931, "EN 16931"),
        (f" {BASIC} ", "BASIC"),
        ("urn:cen.eu:en16931:2017:compliant:factur-x.eu:1p0:basic", "BASIC"),
        (EXTENDED, "EXTENDED"),
        ("urn:zugferd.de:2p0:basicwl", "BASIC WL"),
        (
            "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
            "EXTENDED-CTC-FR",
        ),
        ("urn:somebody:else", ""),
        ("", ""),
    ],
)
def test_each_guideline_leads_to_rules_that_exist(guideline, name):
    profile = profile_of(open_invoice(cii().encode()).tag, guideline)
    assert profile.name == name
    assert profile.schema.is_file()
    assert profile.rules.is_file()
    assert profile.french_rules.is_file()


# --- How an XML comes -------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-8", "ISO-8859-1", "windows-1252"])
def test_an_invoice_is_read_in_the_encoding_that_it_declares(encoding):
    text = cii().replace("’", "'").replace("'UTF-8'", f"'{encoding}'")
    root = open_invoice(text.encode(encoding))
    assert Reader(root, {"ram": root.nsmap["ram"]}).text(".//ram:BuyerTradeParty/ram:Name") == (
        "Habitat de l'Été"
    )


def test_a_comment_inside_an_amount_hides_no_digit():
    total = "<ram:GrandTotalAmount>220.00"
    text = cii().replace(total, total.replace("220.00", "2<!-- -->20<?x?>.00"))
    root = open_invoice(text.encode())
    found = Reader(root, {"ram": root.nsmap["ram"]})
    assert found.amount(".//ram:GrandTotalAmount") == Decimal("220.00")


@pytest.mark.parametrize("name", ["factur-x.xml", "Factur-X.XML", "ZUGFeRD-invoice.xml"])
def test_the_invoice_is_found_by_its_name_in_a_pdf(name):
    data = pdf(("photo.txt", b"x"), (name, cii().encode()))
    assert open_invoice(data).tag.endswith("CrossIndustryInvoice")


def test_the_same_invoice_twice_in_a_pdf_is_one():
    one = cii().encode()
    assert open_invoice(pdf(("factur-x.xml", one), ("xrechnung.xml", one))) is not None


# --- Refusals ---------------------------------------------------------------------------------

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>"""
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "NX-EMPTY"),
        (b" \n", "NX-EMPTY"),
        (b" " + b"x" * MAX_FILE, "NX-SIZE"),
        (b"<a>" + b" " * MAX_XML + b"</a>", "NX-XML-SIZE"),
        (random.Random(1).randbytes(5000), "NX-FORMAT"),
        ("Facture n° 12 : 100 €".encode(), "NX-FORMAT"),
        (b"PK\x03\x04 a workbook", "NX-FORMAT"),
        (BILLION_LAUGHS, "NX-DTD"),
        (OUTSIDE, "NX-DTD"),
        (BILLION_LAUGHS.decode().encode("utf-16"), "NX-DTD"),
        (b"<a>" * 100 + b"</a>" * 100, "NX-DEPTH"),
        (b"<r>" + b"<a/>" * 400_000 + b"</r>", "NX-ELEMENTS"),
        (cii().encode()[:1500], "NX-BROKEN-XML"),
        (cii().replace("’", "'").encode("latin-1"), "NX-BROKEN-XML"),
        (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "NX-ENCODING"),
        (b"<?xml version='1.0' encoding='none'?><a/>", "NX-ENCODING"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unsafe_or_unreadable_file_is_refused(data, rule):
    assert refused(data) == rule


@pytest.mark.parametrize(
    ("tag", "rule"),
    [
        ("{urn:oasis:names:specification:ubl:schema:xsd:Order-2}Order", "NX-ORDER"),
        ("{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument", "NX-ZUGFERD-1"),
        ("{http://www.w3.org/1999/xhtml}html", "NX-NOT-AN-INVOICE"),
        ("Invoice", "NX-NOT-AN-INVOICE"),
    ],
)
def test_another_kind_of_document_is_refused_by_its_name(tag, rule):
    with pytest.raises(Refused) as caught:
        profile_of(tag, EN_16931)
    assert caught.value.rule == rule


def test_a_pdf_is_refused_without_exactly_one_invoice():
    one, other = cii().encode(), cii(total="221.00").encode()
    assert refused(pdf()) == "NX-NO-XML"
    assert refused(pdf(("facture.xml", one))) == "NX-NO-XML"
    assert refused(pdf(("order-x.xml", b"<a/>"))) == "NX-ORDER"
    assert refused(pdf(("factur-x.xml", one), ("xrechnung.xml", other))) == "NX-SEVERAL-XML"


@pytest.mark.parametrize("password", ["secret", ""])
def test_an_encrypted_pdf_is_refused_even_when_it_opens_without_a_password(password):
    locked = pikepdf.Encryption(user=password, owner="owner")
    assert refused(pdf(("factur-x.xml", cii().encode()), encryption=locked)) == "NX-ENCRYPTED"


def test_half_a_pdf_is_refused_and_not_repaired():
    whole = pdf(("factur-x.xml", cii().encode()))
    assert refused(whole[: len(whole) // 2]) == "NX-BROKEN-PDF"
    assert refused(b"%PDF-1.7\n%%EOF") == "NX-BROKEN-PDF"


def test_a_bomb_in_a_pdf_is_given_up_at_the_first_byte_too_many():
    assert refused(pdf_with_a_bomb(2000)) == "NX-XML-SIZE"


def test_bytes_changed_at_random_never_make_an_accident():
    chance = random.Random(3)
    files = [pdf(("factur-x.xml", cii().encode())), cii().encode()]
    outcomes = set()
    for _ in range(150):
        data = bytearray(chance.choice(files))
        for _ in range(chance.choice((1, 5, 40))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            open_invoice(bytes(data))
        except Refused as refusal:
            outcomes.add(refusal.rule)
    assert {"NX-BROKEN-XML", "NX-BROKEN-PDF"} <= outcomes <= set(REASONS)


# --- The process of its own -------------------------------------------------------------------


def test_a_file_that_takes_all_memory_is_refused_and_the_caller_goes_on():
    result = check_file(pdf_that_inflates_when_opened(700))
    assert isinstance(result, Refusal)
    assert result.reason.rule in {"NX-BROKEN-PDF", "NX-MEMORY"}


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(process, "SECONDS", 0.01)
    assert check_file(cii().encode()).reason.rule == "NX-TIME"


@pytest.mark.parametrize(
    ("program", "rule"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "NX-UNREADABLE"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "NX-TIME"),
        ("print('else')", "NX-UNREADABLE"),
        ("print('{}')", "NX-UNREADABLE"),
        ("raise SystemExit(1)", "NX-UNREADABLE"),
    ],
)
def test_a_reader_that_breaks_refuses_the_file(monkeypatch, program, rule):
    monkeypatch.setattr(process, "_PROGRAM", program)
    assert check_file(b"<a/>").reason.rule == rule


def test_the_reader_is_given_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "told-to-nobody")
    told = """import json, os
reason = {"rule": "told", "message": " ".join(os.environ)}
print(json.dumps({"Refusal": {"reason": reason}}))"""
    monkeypatch.setattr(process, "_PROGRAM", told)
    names = set(check_file(b"<a/>").reason.message.split())
    assert "PATH" in names
    assert not names & {"SECRET_KEY", "DATABASE_URL", "DATABASE_SYSTEM_URL", "REDIS_URL"}


def test_too_large_a_file_starts_no_process(monkeypatch):
    monkeypatch.setattr(process.subprocess, "run", None)
    assert check_file(b"x" * (MAX_FILE + 1)).reason.rule == "NX-SIZE"
    assert check_file(b"").reason.rule == "NX-EMPTY"


# --- Words ------------------------------------------------------------------------------------


def test_a_person_is_told_in_french():
    told = summary(read(cii(total="221.00")))
    assert "Verdict : Invalide" in told
    assert "Total TTC : 221,00 EUR" in told
    assert "2. Joints : 200 C62 × 0,25 = 50,00" in told
    assert "[BR-CO-15]" in told


def test_a_sender_is_told_where_the_xml_breaks():
    result = check_file(b"<a>\n<b></a>")
    assert summary(result) == (
        "Verdict : Refusé\nLe XML est mal formé (ligne 2, colonne 6). [NX-BROKEN-XML]"
    )


def test_every_encoding_that_is_accepted_is_one_that_python_knows():
    for name in opening.ENCODINGS:
        assert "é".encode("utf-8" if name == "us-ascii" else name)
