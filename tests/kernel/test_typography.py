"""Typed text as a French printer sets it, and tags that are left alone."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils.translation import ngettext

from nexxio.core.typography import french, typeset

N, W = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Attention !", f"Attention{N}!"),
        ("Qui ? Moi ; toi.", f"Qui{N}? Moi{N}; toi."),
        ("Marché : plomberie", f"Marché{W}: plomberie"),
        ("l’évier d’Amina", "l’évier d’Amina"),
        ('il dit "ça déborde" !', f"il dit «{W}ça déborde{W}»{N}!"),
        ("« oui »", f"«{W}oui{W}»"),
        ('tuyau 1/2" et 3/4"', 'tuyau 1/2" et 3/4"'),
        ("10 % de 62,50 €", f"10{W}% de 62,50{W}€"),
        ("à 14 h 30, 3 m² n° 12", f"à 14{W}h{W}30, 3{W}m² n°{W}12"),
        ("https://a.example/?q=1;b:2", "https://a.example/?q=1;b:2"),
        ("12:30", "12:30"),
        ("", ""),
    ],
)
def test_french(typed, set_):
    assert french(typed) == set_
    assert french(set_) == set_


def test_tags_attributes_and_escapes_stay_as_they_are():
    page = """<p title="l’un : l’autre">a &lt;b c=&#x27;d&#x27;&gt; l&#x27;eau &amp; feu !</p>"""
    assert typeset(page) == (
        """<p title="l’un : l’autre">a &lt;b c='d'&gt; l’eau &amp; feu\u202f!</p>"""
    )


@pytest.mark.parametrize(("n", "said"), [(0, "0 commande"), (1, "1 commande"), (2, "2 commandes")])
def test_counts_are_french(n, said):
    assert ngettext("{n} commande", "{n} commandes", n).format(n=n) == said


def test_counts_of_a_template_are_french():
    page = engines["django"].from_string(
        "{% load i18n %}{% blocktranslate count n=n %}{{ n }} passage{% plural %}{{ n }} passages"
        "{% endblocktranslate %}"
    )
    assert [page.render({"n": n}) for n in (0, 3)] == ["0 passage", "3 passages"]
