"""Readable addresses."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexxio.core.estate.addresses import MAX_LABEL, readable


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("16-20 RUE DES MEUNIERS", "16-20 rue des Meuniers"),
        ("36, RUE SIBUET", "36 rue Sibuet"),
        ("12 BD DE L'HOPITAL", "12 boulevard de l'Hôpital"),
        ("7 AV DU GENERAL LECLERC", "7 avenue du Général Leclerc"),
        ("3 IMP DES DEUX FRERES", "3 impasse des Deux Frères"),
        ("92, RUE DU FG DU TEMPLE", "92 rue du Faubourg du Temple"),
        ("80, RUE DU FAUBOURG SAINT ANTOINE", "80 rue du Faubourg Saint-Antoine"),
        ("4 RUE SAINT ETIENNE DU MONT", "4 rue Saint-Étienne-du-Mont"),
        ("50 RUE SAINT LOUIS EN L'ILE", "50 rue Saint-Louis-en-l'Île"),
        ("11 RUE DE L'HOPITAL ST LOUIS", "11 rue de l'Hôpital Saint-Louis"),
        ("9, QUAI HENRI IV", "9 quai Henri IV"),
        ("2 PASSAGE DES FOURS A CHAUX", "2 passage des Fours à Chaux"),
        ("5BIS ET 7 PASSAGE DES TULIPES", "5 bis et 7 passage des Tulipes"),
        ("17 BIS,19 ET 21 RUE D'AMSTERDAM", "17 bis, 19 et 21 rue d'Amsterdam"),
        ("2 A 10, RUE DES OLIVIERS", "2 à 10 rue des Oliviers"),
        ("41- 43, RUE DES LOUPS", "41-43 rue des Loups"),
        ("140A ET 144, RUE DE RIVOLI", "140A et 144 rue de Rivoli"),
        ("3 RUE DE LA TOUR D'AUVERGNE", "3 rue de la Tour d'Auvergne"),
        ("7 RUE D’AUBERVILLIERS", "7 rue d'Aubervilliers"),
        ("16-20 rue des Meuniers", "16-20 rue des Meuniers"),
    ],
)
def test_one_street(raw: str, label: str):
    found = readable(raw)
    assert found.label == label
    assert found.streets == (label,)
    assert found.place == ""


@pytest.mark.parametrize(
    ("raw", "streets"),
    [
        ("24 RUE AMELOT 4 RUE DU CHEMIN VERT", ["24 rue Amelot", "4 rue du Chemin Vert"]),
        ("1 RUE CHARLES ET 52 RUE TROUSSEAU", ["1 rue Charles", "52 rue Trousseau"]),
        ("21, AVENUE DU LAC\n7-9 AVENUE SAMBRE", ["21 avenue du Lac", "7-9 avenue Sambre"]),
        ("1, RUE A. DUMAS,11 RUE NEUVE", ["1 rue A. Dumas", "11 rue Neuve"]),
        ("34/36 RUE FROT, 4 RUE LEPEU", ["34/36 rue Frot", "4 rue Lepeu"]),
        ("2-4, RUE X VERTE -12 A 14, BD DU LAC", ["2-4 rue X Verte", "12 à 14 boulevard du Lac"]),
        ("30 RUE ET 3 VILLA DE L'ERMITAGE", ["30 rue de l'Ermitage", "3 villa de l'Ermitage"]),
        ("12 RUE DES LILAS BD BRUNE", ["12 rue des Lilas", "boulevard Brune"]),
        ("1 RUE A, 2 RUE B, 3 RUE C", ["1 rue A", "2 rue B", "3 rue C"]),
    ],
)
def test_several_streets_in_one_cell(raw: str, streets: list[str]):
    found = readable(raw)
    assert list(found.streets) == streets
    assert found.label == found.line
    assert found.line == " – ".join(streets)


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("LOT D1B - 86 RUE DES HAIES", "86 rue des Haies (lot D1B)"),
        ("LOT 4 - 14, IMPASSE ROBERT", "14 impasse Robert (lot 4)"),
        ("RUE PAUL BOURGET LOT B", "Rue Paul Bourget (lot B)"),
        ("ZAC RUNGIS  LOT D (EHPAD)", "ZAC Rungis, EHPAD, lot D"),
        (
            "ZAC CLICHY BATIGNOLLES LOT N1 4 AVENUE DE LA PORTE DE CLICHY",
            "4 avenue de la Porte de Clichy (ZAC Clichy Batignolles, lot N1)",
        ),
        ("LOTS A ET B 49-51 RUE FROT", "49-51 rue Frot (lots A et B)"),
        ("POLE 3 - LOT 4A (ETUDIANTS) 8 RUE ROSE", "8 rue Rose (Pôle 3, Étudiants, lot 4A)"),
        ("9 RUE DU LAC GROUPE SAINT CYR", "9 rue du Lac (Groupe Saint-Cyr)"),
        ("GROUPE COURCELLES , 148 BD BERTHIER", "148 boulevard Berthier (Groupe Courcelles)"),
        ("PORTE DE MONTREUIL", "Porte de Montreuil"),
        ("4 RUE DE LA PAIX (FPH-MAISON RELAIS)", "4 rue de la Paix (FPH-Maison Relais)"),
    ],
)
def test_what_is_no_street_is_set_aside(raw: str, label: str):
    assert readable(raw).label == label


@given(st.text(max_size=300))
def test_any_text_gives_a_label_that_fits(raw: str):
    found = readable(raw)
    assert 0 < len(found.label) <= MAX_LABEL
    assert found.line


PIECES = [
    "RUE ",
    "1",
    "2 ",
    " - ",
    ", ",
    " ET ",
    "LOT ",
    "A ",
    "BIS",
    "(",
    ")",
    "\n",
    "SAINT ",
    "D'",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_what_looks_like_addresses_gives_a_label_that_fits(raw: str):
    assert 0 < len(readable(raw).label) <= MAX_LABEL


@pytest.mark.parametrize(
    "raw", ["1-", "1 A ", "1 ET ", "LOT A,", "(", "()", "SAINT ", "A ", "1 RUE ", "1 RUE X "]
)
def test_no_text_takes_long(raw: str):
    """Of these, 4 000 characters took up to three seconds."""
    began = time.process_time()
    assert readable(raw * (4000 // len(raw))).label
    assert time.process_time() - began < 0.15


def test_a_list_of_numbers_is_read_whole():
    numbers = "-".join(str(number) for number in range(2, 42, 2))
    assert readable(f"{numbers} RUE DES MEUNIERS").streets == (f"{numbers} rue des Meuniers",)
