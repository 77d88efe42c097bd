"""Workbooks as people make them: titles, merged cells, several sheets, encodings."""

from __future__ import annotations

import io

import openpyxl
import pytest

from nexxio.core.imports import cells, headings, inspecting
from nexxio.core.imports.registry import get_kind
from nexxio.core.imports.rows import Reading, TypedRows
from nexxio.core.imports.sniff import writing_of
from nexxio.core.imports.workbook import open_source
from tests.imports.books import REAL_FILE, book_of, csv_of, saved

ORDERS = get_kind("orders")
HEAD = ["N° de commande", "Logement", "Objet"]


def typed(data: bytes, **columns: str) -> list:
    reading = Reading(columns or {"external_number": HEAD[0], "title": HEAD[2]})
    return list(TypedRows(io.BytesIO(data), ORDERS, reading))


def looked(data: bytes) -> dict:
    return inspecting.inspect(io.BytesIO(data), ORDERS)["sheets"]


def test_the_header_is_found_under_title_rows():
    data = book_of(["Bons de commande"], [], ["Édité le", "24/11/2026"], HEAD, ["A1", 12, "Fuite"])
    (sheet,) = looked(data)
    assert (sheet["header"], sheet["columns"], sheet["rows"]) == (4, HEAD, 1)
    (row,) = typed(data)
    assert (row.line, row.values) == (5, {"external_number": "A1", "title": "Fuite"})


def test_a_cell_that_no_field_takes_is_refused_without_being_read(monkeypatch):
    """The same text may stand in millions of cells."""
    handled = []
    real = cells.text_of

    def text_of(cell):
        handled.append(len(cell) if isinstance(cell, str) else 0)
        return real(cell)

    monkeypatch.setattr(cells, "text_of", text_of)
    data = book_of(HEAD, ["A1", 12, "y " * 15_000])
    (sheet,) = looked(data)
    assert sheet["values"] == [["A1"], ["12"], []]
    (row,) = typed(data)
    assert [fault.reason for fault in row.faults] == ["texte trop long : 8000 caractères au plus"]
    assert max(handled) <= cells.LONGEST


def test_blank_rows_between_and_after_are_left_out():
    data = book_of(HEAD, ["A1", 1, "x"], [], ["A2", 2, "y"], [None, " "], ["", "", ""])
    assert [(row.line, row.values["external_number"]) for row in typed(data)] == [
        (2, "A1"),
        (4, "A2"),
    ]


def test_a_value_merged_downwards_counts_for_each_row():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Bons de la semaine"])
    sheet.merge_cells("A1:C1")
    sheet.append(HEAD)
    for number in range(3):
        sheet.append([f"A{number}", number, "Fuite" if number == 0 else None])
    sheet.append(["A9", 9, None])
    sheet.merge_cells("C3:C5")
    rows = typed(saved(book))
    assert [row.values["title"] for row in rows] == ["Fuite", "Fuite", "Fuite", ""]


def test_the_sheet_with_the_columns_is_read():
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    book.active.append(["Ne pas", "modifier"])
    hidden = book.create_sheet("Cachée")
    hidden.sheet_state = "hidden"
    hidden.append(HEAD)
    hidden.append(["H1", 1, "caché"])
    sheet = book.create_sheet("Bons")
    sheet.append(HEAD)
    sheet.append(["A1", 1, "Fuite"])
    data = saved(book)
    assert [found["name"] for found in looked(data)] == ["Lisez-moi", "Bons"]
    assert [row.values["external_number"] for row in typed(data)] == ["A1"]


def test_a_formula_without_value_and_a_text_that_looks_like_one():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD)
    sheet.append(["A1", 1, "x"])
    sheet["C2"].value, sheet["C2"].data_type = "=HYPERLINK(1)", "s"
    (row,) = typed(saved(book))
    assert row.values["title"] == "=HYPERLINK(1)"


def test_a_failed_formula_is_a_fault_with_its_column():
    (row,) = typed(book_of(HEAD, ["A1", 1, "#REF!"]))
    assert [(fault.column, fault.value) for fault in row.faults] == [("Objet", "#REF!")]


def test_equal_headings_are_told_apart_and_blank_ones_named():
    (sheet,) = looked(book_of(["Objet", None, "Objet", "N°"], [1, 2, 3, 4]))
    assert sheet["columns"] == ["Objet", "Colonne B", "Objet (2)", "N°"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_csv_of_any_usual_writing(encoding, delimiter):
    data = csv_of(
        ["Bons"],
        ["N° de commande", "Logement", "Objet"],
        ["A1", 12, "Évier à réparer"],
        delimiter=delimiter,
        encoding=encoding,
        newline="\r\n",
    )
    (row,) = typed(data)
    assert row.values == {"external_number": "A1", "title": "Évier à réparer"}


def test_the_separator_of_the_most_lines_is_taken():
    data = b"n;objet\n1;fuite, robinet, joint\n2;a, b\n"
    assert writing_of(io.BytesIO(data)).delimiter == ";"


def test_headings_in_other_words_are_proposed():
    names = ["N° bon de commande", "RÉSIDENCE", "n° logement", "Échéance", "Tél.", "Divers"]
    found = headings.propose_columns(ORDERS.fields, names)
    assert found == {
        "external_number": "N° bon de commande",
        "group": "RÉSIDENCE",
        "unit_number": "n° logement",
        "target_date": "Échéance",
        "phone": "Tél.",
    }


def test_a_mac_workbook_counts_its_days_from_1904():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["N° de commande", "Échéance"])
    book.active.append(["A1", 46093 - 1462])
    (row,) = typed(saved(book), external_number="N° de commande", target_date="Échéance")
    assert f"{row.values['target_date']}" == "2026-03-12"


@pytest.mark.skipif(not REAL_FILE.exists(), reason=f"the real workbook is not at {REAL_FILE}")
def test_the_real_workbook_is_understood():
    source = open_source(io.BytesIO(REAL_FILE.read_bytes()))
    assert [sheet.name for sheet in source.sheets] == ["Лист1"]
    (sheet,) = looked(REAL_FILE.read_bytes())
    assert (sheet["header"], sheet["rows"]) == (1, 10)
    assert headings.propose_columns(ORDERS.fields, sheet["columns"]) == {
        "external_number": "Número de solicitud",
        "address": "Dirección",
        "unit_number": "Número de propiedad",
        "description": "Descripción del problema",
        "requested_on": "Fecha de creación",
        "contact_name": "Nombre completo",
        "phone": "Teléfono",
    }
