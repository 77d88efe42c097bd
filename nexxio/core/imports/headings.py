"""Finding the header row under title rows, naming columns, and proposing what they are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from nexxio.core.estate.landlords import unaccented
from nexxio.core.imports.cells import text_of
from nexxio.core.imports.registry import Field, Kind
from nexxio.core.imports.workbook import Line

LOOKED_AT = 40
LONGEST_HEADING = 120
_FEW_WORDS = 60
_NEAR = 0.75  # "plombier" is near "plomberie"
_NOISE = frozenset("de du des d la le les l un une the of el los las".split())  # noqa: SIM905
_NUMBER_SIGN = re.compile(r"№|\bn\s?[°ºo]\b|\bn[°º]", re.IGNORECASE)
_SHORT = {"num": "numero", "nro": "numero", "no": "numero", "tel": "telephone", "qte": "quantite"}


@dataclass(frozen=True, slots=True)
class Header:
    """The header row: its number, and the headings, each different."""

    line: int
    names: list[str]


def heading_key(text: str) -> str:
    """Return what two spellings of a heading share."""
    plain = unaccented(_NUMBER_SIGN.sub(" numero ", text)).casefold()
    words = "".join(part if part.isalnum() else " " for part in plain).split()
    return "".join(_SHORT.get(word, word) for word in words if word not in _NOISE)


def header_of(line: Line) -> Header:
    """Name the columns of a header row: a blank one by its letter, a repeated one by its rank."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for index, cell in enumerate(line.cells):
        name = text_of(cell)[:LONGEST_HEADING] or f"Colonne {get_column_letter(index + 1)}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return Header(line.number, names)


def find_header(lines: Sequence[Line], kind: Kind, wanted: Iterable[str] = ()) -> Header | None:
    """Return the likeliest header row among the first lines.

    wanted: headings of a mapping; a row that has them all is taken first. Else the row whose
    cells name most of the kind's fields, and among equals the one with most short texts.
    """
    needed = {heading_key(name) for name in wanted}
    best: tuple[float, Line] | None = None
    for line in lines[:LOOKED_AT]:
        texts = [text_of(cell) for cell in line.cells]
        if needed and needed <= {heading_key(name) for name in header_of(line).names}:
            return header_of(line)
        score = _score(texts, line.cells, kind)
        if score and (best is None or score > best[0]):
            best = (score, line)
    return header_of(best[1]) if best else None


def _score(texts: list[str], cells: list[Any], kind: Kind) -> float:
    filled = [found for found in texts if found]
    short = sum(
        1
        for found, cell in zip(texts, cells, strict=True)
        if isinstance(cell, str) and 0 < len(found) <= _FEW_WORDS and not _is_number(found)
    )
    if not filled or short * 2 < len(filled):
        return 0.0
    known = len(propose_columns(kind.fields, texts))
    return known * 100 + short + len(set(filled)) / 1000


def _is_number(text: str) -> bool:
    return text.replace(" ", "").replace(",", "").replace(".", "").replace("/", "").isdigit()


def propose_columns(fields: Sequence[Field], names: Sequence[str]) -> dict[str, str]:
    """Propose a column for each field: same words first, then a heading that holds a synonym.

    A column is proposed once; the field that is listed first takes it.
    """
    keys = {name: heading_key(name) for name in names if name}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for exact in (True, False):
        for field in fields:
            if field.code in found:
                continue
            wanted = [heading_key(word) for word in (str(field.label), *field.synonyms)]
            name = next(
                (
                    name
                    for word in wanted
                    for name, key in keys.items()
                    if name not in taken and _matches(word, key, exact=exact)
                ),
                None,
            )
            if name is not None:
                found[field.code] = name
                taken.add(name)
    return found


def _matches(word: str, key: str, *, exact: bool) -> bool:
    if not word or not key:
        return False
    return word == key if exact else len(word) > 4 and key.startswith(word)  # noqa: PLR2004 (short words say nothing)


def resolve(columns: Mapping[str, str], names: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return field code → index of its column, and the headings that the sheet doesn't have."""
    by_key: dict[str, int] = {}
    for index, name in enumerate(names):
        by_key.setdefault(heading_key(name), index)
    exact = {name: index for index, name in enumerate(names)}
    places, missing = {}, []
    for code, name in columns.items():
        place = exact.get(name, by_key.get(heading_key(name)))
        if place is None:
            missing.append(name)
        else:
            places[code] = place
    return places, missing


def value_key(text: str) -> str:
    """Return what two spellings of a value to translate share."""
    return unaccented(text).casefold().strip()


def propose_values(
    texts: Iterable[str], choices: Sequence[tuple[str, str]], synonyms: Mapping[str, str]
) -> dict[str, str]:
    """Propose a value for each text: same label or code, a known synonym, or what alone is near."""
    labels = {heading_key(label): value for value, label in choices}
    codes = {heading_key(value): value for value, _label in choices}
    allowed = set(codes.values())
    found = {}
    for text in texts:
        key = heading_key(text)
        value = labels.get(key) or codes.get(key) or synonyms.get(value_key(text), "")
        if not value and len(key) >= 3:  # noqa: PLR2004 (fewer letters say nothing)
            near = {v for label, v in labels.items() if label.startswith(key)}
            near |= {v for label, v in labels.items() if key in label} if not near else set()
            near = near or {labels[k] for k in difflib.get_close_matches(key, labels, 2, _NEAR)}
            value = near.pop() if len(near) == 1 else ""
        if value in allowed:
            found[text] = value
    return found
