"""Typed rows, refusals that name line, column, value and reason, and broken headings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nexxio.core.estate.reader import (
    EstateKey,
    EstateReader,
    EstateRow,
    OtherRow,
    Refusal,
    differing_columns,
    excerpt,
)
from nexxio.core.imports.csvfile import BrokenFile
from tests.estate.files import HEADING, content, row, stream


def read(data: bytes) -> list[EstateRow | OtherRow | Refusal]:
    return list(EstateReader(stream(data)))


def only_row(**cells: object) -> EstateRow:
    (found,) = read(content(row(**cells)))
    assert isinstance(found, EstateRow)
    return found


def refusal(**cells: object) -> Refusal:
    (found,) = read(content(row(**cells)))
    assert isinstance(found, Refusal)
    return found


def file_fault(data: bytes) -> BrokenFile:
    with pytest.raises(BrokenFile) as caught:
        read(data)
    return caught.value


def test_a_good_row_is_typed():
    found = only_row()
    assert found.line == 2
    assert found.key == EstateKey("9000001", 2014, "logement familial", 24)
    assert str(found.key) == "9000001/2014/logement familial/24"
    assert (found.postcode, found.city, found.landlord) == ("75012", "Paris", "RIVP")
    assert (found.latitude, found.longitude) == (Decimal("48.841235"), Decimal("2.391235"))


def test_spaces_are_folded_but_the_lines_of_an_address_stay():
    found = only_row(adresse_programme=" 21,  AVENUE X\u00a0Y \n 7 RUE Z ", bs=" RIVP ")
    assert found.address == "21, AVENUE X Y\n7 RUE Z"
    assert found.landlord == "RIVP"


def test_decomposed_accents_make_the_same_key():
    one = only_row(nature_programme="résidence étudiante")
    other = only_row(nature_programme="re\u0301sidence e\u0301tudiante")
    assert one.key == other.key


def test_coordinates_may_be_empty_and_their_column_may_be_missing():
    assert only_row(geo_point_2d="").latitude is None
    (found,) = read(content(row(), heading=HEADING[:-1]))
    assert isinstance(found, EstateRow)
    assert found.longitude is None


def test_columns_may_come_in_another_order_and_in_capitals():
    (found,) = read(content(row(), heading=HEADING[::-1]).replace(b"id_liv", b"ID_LIV"))
    assert isinstance(found, EstateRow)
    assert found.identifier == "9000001"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("code_postal", "code_75020", "code postal : 5 chiffres attendus"),
        ("code_postal", "7501", "code postal : 5 chiffres attendus"),
        ("code_postal", "٧٥٠١٢", "code postal : 5 chiffres attendus"),
        ("annee", "1899", "année : entre 1900 et 2100"),
        ("annee", "2101", "année : entre 1900 et 2100"),
        ("annee", "2014.0", "année : nombre entier positif ou nul attendu"),
        ("nb_logmt_total", "-8", "nombre de logements : nombre entier positif ou nul attendu"),
        ("nb_logmt_total", "1_0", "nombre de logements : nombre entier positif ou nul attendu"),
        ("nb_logmt_total", "9" * 30, "nombre de logements : nombre entier positif ou nul attendu"),
        ("nb_logmt_total", "100001", "nombre de logements : entre 0 et 100000"),
        ("id_livraison", "", "cellule vide"),
        ("id_livraison", "<script>", "identifiant : lettres et chiffres attendus"),
        ("adresse_programme", " \n ", "cellule vide"),
        ("adresse_programme", "X" * 301, "plus de 300 caractères"),
        ("nature_programme", "", "cellule vide"),
        ("ville", "P\u202eS", "caractère interdit U+202E"),
        ("adresse_programme", "1 RUE\x1b[31m", "caractère interdit U+001B"),
        ("adresse_programme", "1 RUE LON\ufffd", "caractère interdit U+FFFD"),
        ("geo_point_2d", "nan, nan", "coordonnées : « latitude, longitude » attendu"),
        ("geo_point_2d", "48.8", "coordonnées : « latitude, longitude » attendu"),
        ("geo_point_2d", "98.8, 2.3", "coordonnées hors du globe"),
        ("commentaires", "x" * 1001, "cellule de plus de 1000 caractères"),
    ],
)
def test_a_wrong_cell_refuses_its_row(column: str, value: str, reason: str):
    found = refusal(**{column: value})
    assert (found.line, found.column, found.reason) == (2, column, reason)
    assert found.value == excerpt(
        " ".join(value.split()) if column != "adresse_programme" else value
    )


def test_the_zero_and_the_limits_are_taken():
    assert only_row(nb_logmt_total=0).dwellings == 0
    assert only_row(annee=1900).year == 1900
    assert only_row(annee=2100).year == 2100


def test_a_refusal_does_not_end_the_reading():
    found = read(content(row(), row(annee="x"), row(id_livraison="9000002")))
    assert [type(item) for item in found] == [EstateRow, Refusal, EstateRow]


def test_a_row_with_cells_missing_is_refused_as_a_whole():
    data = content(row()) + b"1;2;3\n"
    found = read(data)[1]
    assert found == Refusal(3, 3, "", "1;2;3", "3 cellules au lieu de 19")


def test_a_line_break_in_a_cell_parts_the_editor_s_line_from_the_spreadsheet_s_row():
    found = read(content(row(adresse_programme="A\nB"), row(annee="x")))[1]
    assert isinstance(found, Refusal)
    assert (found.line, found.sheet_row) == (4, 3)


def test_rows_of_others_are_read_no_further_than_their_name():
    reader = EstateReader(stream(content(row(bs="AXIMO", annee="x"), row())), wanted="RIVP".__eq__)
    assert [type(item) for item in reader] == [OtherRow, EstateRow]


def test_missing_columns_are_all_named():
    heading = [name for name in HEADING if name not in {"bs", "annee"}]
    error = file_fault(content(row(), heading=heading))
    assert error.message == ("Ligne 1, colonne 1 : colonnes manquantes dans l’en-tête : annee, bs.")


def test_a_file_with_commas_is_told_so():
    error = file_fault(content(row()).replace(b";", b","))
    assert "ce fichier emploie la virgule" in error.reason


def test_a_repeated_column_is_named_with_its_place():
    error = file_fault(content(row(), heading=["bs", *HEADING]))
    assert (error.line, error.column, error.cell) == (
        1,
        len(";".join(["bs", *HEADING[: HEADING.index("bs")]])) + 2,
        "bs",
    )
    assert "en double" in error.reason


def test_an_empty_file_is_told_so():
    assert "vide" in file_fault(b"").reason
    assert "vide" in file_fault(b"\xef\xbb\xbf\n\n").reason


def test_a_heading_alone_gives_no_row():
    assert read(content()) == []


def test_differing_columns_are_found_from_the_digests():
    one, other = only_row(), only_row(nb_plai="5", mode_real="autre")
    assert differing_columns(one.content, other.content, tuple(HEADING)) == ["nb_plai", "mode_real"]


def test_an_excerpt_is_short_and_shows_what_is_invisible():
    assert excerpt("a\u202eb\nc") == "a<U+202E>b c"
    assert excerpt("x" * 100) == "x" * 60 + "…"
