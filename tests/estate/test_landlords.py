"""Landlords' names across spellings."""

from __future__ import annotations

import pytest

from nexxio.core.estate.landlords import LandlordNames, name_key


@pytest.mark.parametrize(
    "spelling", ["ELOGIE SIEMP", "Elogie-Siemp", "élogie  siemp", "ELOGIE.SIEMP", "ÉlogieSiemp"]
)
def test_case_accents_and_punctuation_do_not_part_a_landlord(spelling: str):
    assert spelling in LandlordNames(["Elogie Siemp"])


def test_aliases_count():
    names = LandlordNames(["Régie immobilière de la Ville de Paris", "RIVP"])
    assert "R.I.V.P." in names
    assert "REGIE IMMOBILIERE DE LA VILLE DE PARIS" in names
    assert "RIVPP" not in names


@pytest.mark.parametrize("nobody", ["(vide)", "(VIDE)", " (vide) ", "", "  ", "--", "x" * 121])
def test_nobody_is_nobody_s_landlord(nobody: str):
    assert name_key(nobody) == ""
    assert nobody not in LandlordNames(["vide", "x"])


def test_part_of_a_name_is_not_the_name():
    assert "FONCIERE CRONOS (INLI)" not in LandlordNames(["INLI"])


def test_ligatures_are_letters():
    assert "COEUR DE VILLE" in LandlordNames(["Cœur de Ville"])


def test_a_landlord_without_name_is_refused():
    with pytest.raises(ValueError, match="at least one name"):
        LandlordNames(["(vide)", "-"])
