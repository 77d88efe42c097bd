"""Codes and labels as parts of a sentence."""

from __future__ import annotations

import pytest

from orders.states import ReturnReason
from orders.wording import code_text, in_sentence


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Téléphone manquant", "téléphone manquant"),
        ("Le motif du taux réduit de TVA", "le motif du taux réduit de TVA"),
        ("GPA en cours", "GPA en cours"),
        ("", ""),
    ],
)
def test_a_label_begins_small_and_keeps_its_acronyms(label, said):
    assert in_sentence(label) == said


def test_a_code_is_said_with_its_acronym():
    assert code_text(ReturnReason, ReturnReason.VAT) == "taux de TVA manquant"
