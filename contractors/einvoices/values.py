"""Texts, amounts and dates out of an invoice's elements: what is no such thing is None or ""."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from contractors.einvoices.opening import Element

MAX_TEXT = 4000
MAX_NOTES = 50
# An exponent in an amount of a few characters would fill the memory once it is written out.
_AMOUNT = re.compile(r"[+-]?(\d{1,18}(\.\d{0,30})?|\.\d{1,30})")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(Z|[+-]\d\d:\d\d)?")


def plain(text: str) -> str:
    """Words with single spaces between them: no characters that steer a terminal or turn a line."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def text_of(node: Element | None) -> str:
    """All text of an element on one line, cut where nobody would read on."""
    return "" if node is None else plain("".join(node.itertext()))[:MAX_TEXT]


def amount_of(node: Element | None) -> Decimal | None:
    """The number in an element, as it is written."""
    text = text_of(node)
    return Decimal(text) if _AMOUNT.fullmatch(text) and text.isascii() else None


def day_of(node: Element | None) -> date | None:
    """A date as 20260930 or 2026-09-30."""
    found = _DAY.fullmatch(text_of(node))
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


class Reader:
    """Looks values up below an element, by paths with the prefixes of one syntax."""

    def __init__(self, node: Element | None, prefixes: Mapping[str, str]) -> None:
        self.node, self.prefixes = node, prefixes

    def one(self, path: str) -> Element | None:
        """The first element there."""
        return None if self.node is None else self.node.find(path, self.prefixes)

    def at(self, path: str) -> Reader:
        """A reader of the first element there; of nothing when there is none."""
        return Reader(self.one(path), self.prefixes)

    def each(self, path: str) -> list[Reader]:
        """A reader for each element there."""
        found = [] if self.node is None else self.node.findall(path, self.prefixes)
        return [Reader(node, self.prefixes) for node in found]

    def text(self, *paths: str) -> str:
        """The first text that isn't empty."""
        return next((text for path in paths if (text := text_of(self.one(path)))), "")

    def amount(self, path: str) -> Decimal | None:
        """The number there."""
        return amount_of(self.one(path))

    def day(self, *paths: str) -> date | None:
        """The first date."""
        return next((day for path in paths if (day := day_of(self.one(path)))), None)

    def attribute(self, path: str, name: str) -> str:
        """An attribute of the first element there."""
        node = self.one(path)
        return "" if node is None else str(node.get(name, "")).strip()[:MAX_TEXT]

    def in_currency(self, path: str, currency: str) -> Decimal | None:
        """The amount that is said in this currency, or the first one that names none other."""
        nodes = [each.node for each in self.each(path)]
        for wanted in (currency, ""):
            for node in nodes:
                if node is not None and node.get("currencyID", "") == wanted:
                    return amount_of(node)
        return None


def siret_among(numbers: Iterable[tuple[str, str]]) -> str:
    """The SIRET among (scheme, number): 0009 is its scheme; older files call it 0002."""
    for scheme, number in numbers:
        digits = number.replace(" ", "")
        if scheme in {"0009", "0002", ""} and re.fullmatch(r"[0-9]{14}", digits):
            return digits
    return ""
