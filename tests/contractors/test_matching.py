"""The three-way comparison: what is different, by cause and sum. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractors.incoming import Incoming, PartyIds, refusal_of, without_lines, wrong_party
from contractors.matching import Facts, PricedLine, compare
from contractors.models import ReceivedInvoice
from contractors.services.comparing import _faults

TODAY = date(2026, 11, 30)


def line(label="Siphon", quantity="2", price="50", rate="10", **more) -> PricedLine:
    total = Decimal(more.pop("total", Decimal(quantity) * Decimal(price)))
    return PricedLine(
        label=label,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        vat_rate=Decimal(rate),
        total=total,
        **more,
    )


def facts(*invoiced: PricedLine, **changes) -> Facts:
    lines = invoiced or (line(),)
    total = sum((each.total for each in lines), Decimal(0))
    vat = sum((each.total * each.vat_rate / 100 for each in lines), Decimal(0))
    said = {
        "ordered": (line(), line("Joint", "1", "20")),
        "invoiced": lines,
        "without_vat": total,
        "vat": vat.quantize(Decimal("0.01")),
        "numbers": frozenset({"B-1", "ERP-1"}),
        "references": ("B-1",),
    }
    return Facts(**{**said, **changes})


def found(given_facts: Facts) -> list[tuple[str, Decimal]]:
    return [(str(each.cause), each.amount) for each in compare(given_facts).differences]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (facts(), []),
        (facts(line("SIPHON ")), []),
        (facts(line(quantity="1", price="100")), []),  # a lump of the same sum
        (facts(line(quantity="1")), []),  # less than ordered
        (facts(line(quantity="3")), [("B08", Decimal("55.00"))]),
        (facts(line(price="55")), [("B09", Decimal("11.00"))]),
        (
            facts(line(quantity="3", price="60")),
            [("B08", Decimal("55.00")), ("B09", Decimal("33.00"))],
        ),
        (facts(line(rate="20")), [("B11", Decimal("10.00"))]),
        (facts(line(), line("Déplacement", "1", "30")), [("B08", Decimal("33.00"))]),
        (facts(line(total="90")), [("B10", Decimal("11.00"))]),
        (facts(without_vat=Decimal(130)), [("B10", Decimal("30.00"))]),
        (facts(vat=Decimal(12)), [("B10", Decimal("2.00"))]),
        (facts(certified=(line(quantity="1"),)), [("B08", Decimal("55.00"))]),
        (facts(references=()), [("B03", Decimal(0))]),
        (facts(references=(), words=frozenset({"ERP-1"})), []),
        (facts(references=("B-9",)), [("B03", Decimal(0))]),
        (facts(commitment="EJ-1"), [("B04", Decimal(0))]),
        (facts(commitment="EJ-1", words=frozenset({"EJ-1"})), []),
        (facts(has_siret=False), [("B12", Decimal(0))]),
        (facts(other_account=True), [("B12", Decimal(0))]),
        (facts(faults=("BR-FR-05 : mention",)), [("B12", Decimal(0))]),
        (facts(wrong_buyer=True), [("B14", Decimal(0))]),
        (facts(contract_ended_on=date(2026, 1, 31)), [("B15", Decimal(0))]),
        (facts(over_ceiling=Decimal(40)), [("B15", Decimal(40))]),
    ],
)
def test_each_difference_has_its_cause_and_sum(said, wanted):
    assert found(said) == wanted


def test_an_invoice_without_lines_is_compared_by_its_sum():
    whole = line("Montant", "1", "150", is_sum=True)
    assert found(facts(whole)) == [("B08", Decimal("33.00"))]
    assert found(facts(replace(whole, total=Decimal(120), unit_price=Decimal(120)))) == []


def test_a_wrong_number_holds_all_of_it_and_sums_at_most_the_total():
    wrong = compare(facts(references=("B-9",)))
    assert wrong.amount_of("B03", Decimal("110.00")) == Decimal("110.00")
    more = compare(facts(line(quantity="9")))
    assert more.amount_of("B08", Decimal("300.00")) == Decimal("300.00")
    assert more.amount_of("B09", Decimal("300.00")) == 0


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_an_invoice_that_says_what_was_certified_has_no_difference(quantities):
    lines = tuple(line(f"Article {rank}", str(n)) for rank, n in enumerate(quantities))
    same = facts(*lines, ordered=lines, certified=lines[::-1])
    assert compare(same).differences == ()
    assert all(row.certified and row.invoiced for row in compare(same).rows)


def incoming(**changes) -> Incoming:
    said = {
        "number": "FA-1",
        "issued_on": TODAY,
        "currency": "EUR",
        "without_vat": Decimal("100.00"),
        "vat": Decimal("10.00"),
        "with_vat": Decimal("110.00"),
    }
    return Incoming(**{**said, **changes})


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({}, None),
        ({"number": ""}, "NX-NUMBER"),
        ({"number": "x" * 41}, "NX-NUMBER"),
        ({"issued_on": None}, "NX-DATE"),
        ({"issued_on": date(2026, 12, 1)}, "NX-FUTURE"),
        ({"currency": "USD"}, "NX-CURRENCY"),
        ({"with_vat": Decimal("120.00")}, "NX-SUM"),
        ({"vat": None}, "NX-TOTALS"),
        (
            {"without_vat": Decimal(-100), "vat": Decimal(-10), "with_vat": Decimal(-110)},
            "NX-TOTALS",
        ),
        ({"without_vat": Decimal("1e9"), "with_vat": Decimal("1e9") + 10}, "NX-TOTALS"),
        ({"is_credit": True}, "NX-CREDIT"),
        ({"lines": without_lines(without_vat=Decimal(1), vat=Decimal(0)) * 501}, "NX-LINES"),
    ],
)
def test_what_cannot_be_taken_has_its_own_answer(said, rule):
    refusal = refusal_of(incoming(**said), TODAY)
    assert (refusal.rule if refusal else None) == rule


def test_only_another_siren_is_another_company():
    own = frozenset({"732829320"})
    assert wrong_party(PartyIds(siren="552081317"), own)
    assert not wrong_party(PartyIds(siren="732829320"), own)
    assert not wrong_party(PartyIds(name="Plomberie"), own)
    assert not wrong_party(PartyIds(siren="552081317"), frozenset())


@pytest.mark.parametrize(
    ("rule", "opens"),
    [
        ("BR-CO-15", False),
        ("BR-FXEXT-CO-13", False),
        ("BR-CO-09", True),
        ("BR-CO-16", True),
        ("BR-CO-25", True),
        ("BR-CO-26", True),
    ],
)
def test_rules_on_sums_that_are_compared_are_not_told_twice_the_others_are(rule, opens):
    warnings = [{"rule": rule, "message": "Mot", "is_error": True}]
    received = ReceivedInvoice(verdict="invalid", warnings=warnings)
    assert _faults(received) == ((f"{rule} : Mot",) if opens else ())
