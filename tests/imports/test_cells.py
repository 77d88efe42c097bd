"""Cells as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexxio.core.exports import safe_for_sheets
from nexxio.core.imports import cells
from nexxio.core.imports.cells import BadCell

DAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    "cell",
    [
        "12/03/2026",
        " 12/3/26 ",
        "12-03-2026",
        "12.03.2026",
        "2026-03-12",
        "2026-03-12T08:30:00",
        "12/03/2026 14:30",
        "12 mars 2026",
        "jeudi 12 mars 2026",
        "12 MARS 2026",
        "12\u00a0mars\u202f2026",
        datetime(2026, 3, 12, 8),
        DAY,
        46093,
        46093.0,
        46093.75,
        "46093",
    ],
)
def test_a_day_is_read(cell):
    assert cells.day(cell) == DAY


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_no_day_is_no_day(cell):
    assert cells.day(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2026",
        "demain",
        "13/13/2026",
        12,
        1e12,
        "12 brumaire 2026",
        True,
        "12/03/1026",
        "²",
        "9" * 5_000,
        10**400,
        float("inf"),
        float("nan"),
    ],
)
def test_a_wrong_day_is_refused(cell):
    with pytest.raises(BadCell):
        cells.day(cell)


@pytest.mark.parametrize("word", ["1er août 2026", "1 aout 2026", "01 AOÛT 2026"])
def test_accents_and_ordinals_of_days(word):
    assert cells.day(word) == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        ("1234.5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("62,5 € HT", "62.5"),
        ("12", "12"),
        ("-3,10", "-3.10"),
        (1234.5, "1234.5"),
        (3, "3"),
        (",5", "0.5"),
    ],
)
def test_an_amount_is_read(cell, value):
    assert cells.amount(cell) == Decimal(value)


@pytest.mark.parametrize("cell", ["douze", "1,2,3", "1.234", "12 34", "=1+1", "1e9", True, 10**12])
def test_a_wrong_amount_is_refused(cell):
    with pytest.raises(BadCell):
        cells.amount(cell)


def test_an_amount_is_above_zero_where_it_must_be():
    assert cells.positive("0,5") == Decimal("0.5")
    with pytest.raises(BadCell):
        cells.positive("0")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("06 12 34 56 78", "+33612345678"),
        (612345678, "+33612345678"),
        (612345678.0, "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        (34628553377.0, "+34628553377"),
        ("", ""),
    ],
)
def test_a_phone_is_read(cell, value):
    assert cells.phone(cell) == value


@pytest.mark.parametrize("cell", ["pas de tel", "12", "06 12"])
def test_a_wrong_phone_is_refused(cell):
    with pytest.raises(BadCell):
        cells.phone(cell)


@pytest.mark.parametrize("cell", ["732 829 320 00074", 73282932000074.0, "73282932000074"])
def test_a_siret_is_read(cell):
    assert cells.siret(cell) == "73282932000074"


@pytest.mark.parametrize("cell", ["73282932000075", "732829320", "7,32829E+13", "abc"])
def test_a_wrong_siret_is_refused(cell):
    with pytest.raises(BadCell):
        cells.siret(cell)


def test_a_postcode_gets_its_zero_back():
    assert cells.postcode(1000.0) == "01000"
    with pytest.raises(BadCell):
        cells.postcode("F-75012")


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_a_formula_stays_text_and_is_never_exported(start):
    cell = f"{start}cmd|' /C calc'!A0"
    assert cells.text(100)(cell).lstrip() == cells.text_of(cell)
    assert safe_for_sheets(cell) == f"'{cell}"


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes()))
def test_no_cell_breaks_a_parser(cell):
    for parse in (
        cells.day,
        cells.amount,
        cells.phone,
        cells.email,
        cells.siret,
        cells.postcode,
        cells.text(40),
        cells.long_text(200),
        cells.code(20),
    ):
        with suppress(BadCell):
            parse(cell)
