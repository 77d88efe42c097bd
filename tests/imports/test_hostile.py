"""Files that must not be parsed, or can't be: each gets its sentence, and quickly."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile

import pytest

from nexxio.core.imports import guard, leash
from nexxio.core.imports.csvfile import BrokenFile
from nexxio.core.imports.workbook import open_source
from tests.imports.books import book_of, csv_of, edited, sheet_xml

GOOD = book_of(["Numéro", "Logement"], ["A1", "12"], ["A2", "13"])


def read(data: bytes, sheet: str | None = None) -> list[list]:
    source = open_source(io.BytesIO(data))
    name = source.sheets[0].name if sheet is None else sheet
    return [line.cells for line in source.lines(name)]


def reason(data: bytes) -> str:
    with pytest.raises(BrokenFile) as caught:
        read(data)
    return caught.value.message


def test_a_good_workbook_is_read():
    assert read(GOOD) == [["Numéro", "Logement"], ["A1", "12"], ["A2", "13"]]


def test_a_zip_bomb_is_refused_by_its_ratio_without_being_kept():
    bomb = edited(GOOD, xl__media__x=b"")
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bomb)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            target.writestr(item, source.read(item))
        with target.open("xl/media/bomb.bin", "w", force_zip64=True) as entry:
            for _ in range(60):
                entry.write(bytes(1_000_000))
    tracemalloc.start()
    try:
        assert "fois sa taille" in reason(out.getvalue())
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_refused():
    """The list says that the sheet is small: what really comes out is what counts."""
    data = bytearray(edited(GOOD, xl__media__x_bin=bytes(30_000_000)))
    real, told = (30_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    at = data.rindex(real)  # in the central directory
    data[at : at + 4] = told
    assert "abîmé" in reason(bytes(data))


def test_more_than_the_limit_once_decompressed_is_refused(monkeypatch):
    monkeypatch.setattr(guard, "MAX_BYTES", 2_000)
    assert "décompressé" in reason(GOOD)


def test_a_part_that_is_too_large_is_refused_whatever_its_name(monkeypatch):
    monkeypatch.setattr(guard, "MAX_PART", 50_000)
    assert read(edited(GOOD, xl__texts=bytes(40_000))) == read(GOOD)
    assert "décompressé" in reason(edited(GOOD, xl__texts=bytes(60_000)))


def test_thousands_of_entries_are_refused():
    many = {f"xl__media__{n}.txt": b"" for n in range(guard.MAX_ENTRIES)}
    assert "plus de 2000 fichiers" in reason(edited(GOOD, **many))


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"xl__vbaProject.bin": b"x"}, "macros"),
        ({"xl__macrosheets__sheet1.xml": b"<a/>"}, "macros"),
        ({"xl__externalLinks__externalLink1.xml": b"<a/>"}, "liens externes"),
        ({"xl__theme__x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "DTD"),
        ({"xl__theme__x.xml": "<!DOCTYPE a []><a/>".encode("utf-16-le")}, "DTD"),
        ({"xl__x.bin": b"<!DOCTYPE a []><a/>"}, "DTD"),
    ],
)
def test_active_content_is_refused(entries, words):
    assert words in reason(edited(GOOD, **entries))


def test_a_macro_workbook_without_its_macros_is_refused():
    kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = b'<Types><Override ContentType="' + kind + b'"/></Types>'
    assert "macros" in reason(edited(GOOD, **{"[Content_Types].xml": types}))


def test_an_encrypted_workbook_is_refused():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)
    assert "mot de passe" in reason(ole + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    assert "ancien classeur" in reason(ole)
    zipped = bytearray(GOOD)
    at = zipped.index(b"PK\x01\x02")
    while at >= 0:
        zipped[at + 8] |= 1
        at = zipped.find(b"PK\x01\x02", at + 4)
    assert "mot de passe" in reason(bytes(zipped))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b" \n\n ", "vide"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (random.Random(1).randbytes(5_000), "binaire"),
        (b"PK\x03\x04 and nothing else", "abîmé"),
        (GOOD[: len(GOOD) // 2], "abîmé"),
        (("n;o\n" + "a;b\n" * 40 + "é\0;b\n").encode(), "octet nul"),
        (b"n;o\n1;caf\xe9\n2;\x81\n", "ni UTF-8 ni Windows-1252"),
        (b'a;b\n"never closed;1\n2;3\n', "guillemet"),
        (b"\xff\xfea\x00\n", None),
    ],
)
def test_what_is_no_table_gets_its_sentence(data, words):
    if words is None:
        read(data)
    else:
        assert words in reason(data)


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("lisez-moi.txt", "bonjour")
    assert "pas un classeur" in reason(out.getvalue())
    assert "n’est pas lu" in reason(edited(GOOD, drop={"xl/worksheets/sheet1.xml"}))


def test_a_bomb_of_styles_is_refused_before_they_are_read(monkeypatch):
    styles = b"<styleSheet><cellXfs>" + b"<xf/>" * 400_000 + b"</cellXfs></styleSheet>"
    bomb = edited(GOOD, **{"xl__styles.xml": styles})
    assert len(bomb) < 20_000
    monkeypatch.setattr(leash, "Reader", None)
    assert "trop de styles" in reason(bomb)


EMPTY_CELLS = b"<row >" + b"<c/>" * 500_000 + b"</row>"


def test_a_row_of_empty_cells_without_end_is_refused_before_it_is_kept():
    """Rows before it give the sheet a right to its size: each row alone is small."""
    rows = b"<row ></row>" * 40_000 + EMPTY_CELLS
    xml = sheet_xml(GOOD).replace(b"</sheetData>", rows + b"</sheetData>")
    bomb = edited(GOOD, **{"xl__worksheets__sheet1.xml": xml})
    assert len(bomb) < 30_000
    assert "démesurés" in reason(bomb)


def test_rows_of_many_cells_one_after_the_other_are_read(monkeypatch):
    monkeypatch.setattr(leash, "MAX_ELEMENTS", 10_000)
    row = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    xml = sheet_xml(GOOD).replace(b"</sheetData>", row * 10_000 + b"</sheetData>")
    assert len(read(edited(GOOD, **{"xl__worksheets__sheet1.xml": xml}))) == 10_003


def _with_texts(texts: bytes) -> bytes:
    """A workbook with a table of shared texts, under a name of its own."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        types = archive.read("[Content_Types].xml")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/texts" ContentType="' + kind + b'"/></Types>'
    listed = edited(GOOD, **{"[Content_Types].xml": types.replace(b"</Types>", part)})
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return edited(listed, xl__texts=head + texts + b"</sst>")


def test_a_shared_text_of_many_parts_is_refused_and_many_texts_are_read(monkeypatch):
    monkeypatch.setattr(leash, "MAX_ELEMENTS", 10_000)
    many = _with_texts(b"<si><t>x</t></si>" * 20_000)
    assert len(read(many)) == 3
    assert "démesurés" in reason(_with_texts(b"<si>" + b"<r/>" * 20_000 + b"</si>"))
    monkeypatch.setattr(leash, "MAX_STRINGS", 10_000)
    assert "démesurés" in reason(many)


def test_a_shared_text_is_no_longer_than_a_cell_of_excel():
    """Kept once, it may stand in twenty million cells: 436 kB took the worker for an hour."""
    assert len(read(_with_texts(b"<si><t>" + b"x" * 32_767 + b"</t></si>"))) == 3
    assert "démesurée" in reason(_with_texts(b"<si><t>" + b"x" * 32_768 + b"</t></si>"))


def test_a_part_that_is_kept_whole_is_bounded_under_any_name(monkeypatch):
    """The archive's own list of types says which part is the workbook."""
    named = {}
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        for name in ("[Content_Types].xml", "_rels/.rels"):
            named[name] = archive.read(name).replace(b"xl/workbook.xml", b"xl/x.xml")
        named["xl/_rels/x.xml.rels"] = archive.read("xl/_rels/workbook.xml.rels")
        book = archive.read("xl/workbook.xml")
    assert read(edited(GOOD, **named, **{"xl/x.xml": book})) == read(GOOD)
    full = book.replace(b"</workbook>", b"<x/>" * 500_000 + b"</workbook>")
    assert "démesurés" in reason(edited(GOOD, **named, **{"xl/x.xml": full}))


def test_merged_cells_that_never_end_take_no_time():
    xml = sheet_xml(GOOD).replace(b"</sheetData>", b"<mergeCell " * 10_000)
    began = time.process_time()
    assert "abîmé" in reason(edited(GOOD, **{"xl__worksheets__sheet1.xml": xml}))
    assert time.process_time() - began < 1


def test_a_broken_sheet_is_told():
    xml = sheet_xml(GOOD).replace(b"</row>", b"</rowx>", 1)
    assert "abîmé" in reason(edited(GOOD, **{"xl__worksheets__sheet1.xml": xml}))


def test_a_million_rows_are_refused_before_any_is_read(monkeypatch):
    row = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    xml = sheet_xml(GOOD).replace(b"</sheetData>", row * 1_000_000 + b"</sheetData>")
    monkeypatch.setattr(leash, "Reader", None)
    assert "partagez le fichier" in reason(edited(GOOD, **{"xl__worksheets__sheet1.xml": xml}))


def test_a_cell_of_megabytes_is_refused():
    xml = sheet_xml(GOOD).replace(
        b"</sheetData>", b"<row><c>" + b"x" * 3_000_000 + b"</c></row></sheetData>"
    )
    assert "démesurée" in reason(edited(GOOD, **{"xl__worksheets__sheet1.xml": xml}))


def test_a_row_that_is_numbered_beyond_the_limit_is_refused():
    xml = sheet_xml(GOOD).replace(b'<row r="3"', b'<row r="9000000"')
    assert "partagez le fichier" in reason(edited(GOOD, **{"xl__worksheets__sheet1.xml": xml}))


def test_a_million_lines_of_csv_are_refused():
    data = csv_of(["Numéro", "Logement"]) + b"1;2\n" * 1_000_000
    assert "999999 lignes ; partagez-le" in reason(data)


def test_a_sheet_that_declares_far_too_much_costs_nothing():
    xml = sheet_xml(GOOD).replace(b'ref="A1:B3"', b'ref="A1:XFD1048576"')
    assert len(read(edited(GOOD, **{"xl__worksheets__sheet1.xml": xml}))) == 3


def test_too_many_columns_are_refused():
    assert "200 colonnes" in reason(book_of(range(201)))
    assert "200 colonnes" in reason(csv_of(range(201)))
