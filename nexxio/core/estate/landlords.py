"""Whose row is it? Landlords' names, compared without case, accents or punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

NOBODY = "(vide)"
"""What the open-data file writes where a programme names no landlord."""

LONGEST_NAME = 120

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE"})


def unaccented(text: str) -> str:
    """Return `text` without accents and ligatures."""
    parts = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(part for part in parts if not unicodedata.combining(part))


def name_key(name: str) -> str:
    """Return what two spellings of one name share; empty where no landlord is named."""
    if len(name) > LONGEST_NAME or name.strip().casefold() == NOBODY:
        return ""
    return _key(name)


@lru_cache(maxsize=2_000)
def _key(name: str) -> str:
    return "".join(part for part in unaccented(name).casefold() if part.isalnum())


class LandlordNames:
    """The names under which one landlord stands in estate files."""

    def __init__(self, names: Iterable[str]) -> None:
        self._keys = frozenset(key for name in names if (key := name_key(name)))
        if not self._keys:
            raise ValueError("A landlord needs at least one name with letters or digits.")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name_key(name) in self._keys
