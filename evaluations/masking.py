"""What a tenant wrote, without what tells who or where: before it is cut off from its order. Pure.

Numbers, addresses and the names that the order knows go, whatever the sentence loses by it. It
can't find a name that the order doesn't know: what is left is shown by month, among five.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MASK = "[…]"
_SHORTEST = 3
_CAPITAL = "A-ZÀ-ÖØ-Þ"
_ROADS = (
    "rue|avenue|av|boulevard|bd|allée|allee|allées|impasse|place|chemin|quai|square|cours|passage"
    "|route|villa|sente|ruelle|esplanade|voie|mail"
)
_PATTERNS = (
    re.compile(r"[^\s@<>«»(),;]+@[^\s@<>«»(),;]+\.\w{2,}"),
    re.compile(r"(?<!\w)(?:\+|00)?\d(?:[\s.\-/]?\d){7,}(?!\w)"),
    re.compile(
        rf"\b\d{{1,4}}\s*(?:bis|ter|quater|[a-d])?\s*,?\s+(?:{_ROADS})\b\.?[^.,;:!?\n]*",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{_ROADS})\s+(?:(?:de|du|des|la|le|les)\s+|d[’']|l[’'])*[{_CAPITAL}][\w’'\-]*"
        rf"(?:\s+[{_CAPITAL}][\w’'\-]*)*"
    ),
    re.compile(
        r"\b(?:appartement|appart|appt|apt|logement|porte|lot|bâtiment|batiment|bât|bat|escalier)"
        r"\.?\s*(?:n°|no|numéro)?\s*(?:\d+\w?|(?-i:[A-Z])\d*)\b(?![’'])",
        re.IGNORECASE,
    ),
    re.compile(r"\b\d{1,2}\s*(?:er|e|è|ème|eme)\s+étage\b|\bétage\s+\d{1,2}\b", re.IGNORECASE),
    re.compile(r"(?<!\d)\d{5}(?!\d)(?:\s+[A-ZÀ-Þ][\w’'\-]+)?"),
)
_CIVIL = re.compile(
    rf"\b(M\.|Mr|MM\.|Monsieur|Mme|Mmes|Madame|Mlle|Mademoiselle|monsieur|madame)\s+"
    rf"[{_CAPITAL}][\w’'\-]*(?:\s+[{_CAPITAL}][\w’'\-]*)*"
)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """Return a text without telephone numbers, e-mails, addresses, and without some names.

    names: as they are known, first and last ones and streets; each of their words is looked for,
    whatever its capitals and accents.
    """
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    text = _CIVIL.sub(rf"\1 {MASK}", text)
    known = {_plain(word) for name in names for word in re.findall(r"\w+", name)}
    known = {word for word in known if len(word) >= _SHORTEST and not word.isdigit()} - _COMMON
    text = re.sub(r"\w+", lambda found: _kept(found.group(), known), text)
    return re.sub(rf"{re.escape(MASK)}(?:[\s\-]*{re.escape(MASK)})+", MASK, text)


# --- inside -----------------------------------------------------------------------------------

_COMMON = {
    *("les", "des", "une", "pour", "par", "sur", "dans", "avec", "chez", "aux", "sous", "rue"),
    *("avenue", "boulevard", "place", "residence", "batiment", "gardien", "gardienne", "bis"),
    *("madame", "monsieur", "famille", "locataire"),
}


def _kept(word: str, known: set[str]) -> str:
    return MASK if _plain(word) in known else word


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
