"""A first look at a whole file: its sheets, their first rows, and the values of their columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain, islice
from typing import IO, Any

from nexxio.core.imports import cells, headings
from nexxio.core.imports.csvfile import BrokenFile
from nexxio.core.imports.registry import Kind
from nexxio.core.imports.workbook import Line, Source, open_source

PREVIEW = 8
MAX_SHEETS = 30
MAX_VALUES = 200
LONGEST_VALUE = 120
Tell = Callable[[float], None]


def inspect(stream: IO[bytes], kind: Kind, tell: Tell | None = None) -> dict[str, Any]:
    """Return what the mapping page shows. Raises BrokenFile."""
    source = open_source(stream)
    shown = [sheet for sheet in source.sheets if not sheet.hidden][:MAX_SHEETS]
    sheets = []

    def part(index: int, at: float) -> None:
        if tell is not None:
            tell((index + at) / len(shown))

    for index, sheet in enumerate(shown):
        found = _sheet(source, sheet.name, kind, partial(part, index))
        if found is not None:
            sheets.append(found)
    if not sheets:
        raise BrokenFile("aucune feuille n’a de tableau : une ligne d’en-têtes est attendue.")
    return {"sheets": sheets}


def _sheet(source: Source, name: str, kind: Kind, tell: Tell) -> dict[str, Any] | None:
    """Read one sheet to its end; None when no row of it looks like a header."""
    lines = source.lines(name)
    first = list(islice(lines, headings.LOOKED_AT))
    header = headings.find_header(first, kind)
    if header is None:
        return None
    preview: list[dict[str, Any]] = []
    values: list[set[str]] = [set() for _ in header.names]
    count = 0
    for line in chain(first, lines):
        if line.number <= header.line:
            continue
        count += 1
        if count <= PREVIEW:
            shown = [cells.excerpt(cell) for cell in line.cells]
            preview.append({"line": line.number, "cells": shown})
        _note_values(values, line)
        if count % 1000 == 0:
            tell(source.position)
    return {
        "name": name,
        "header": header.line,
        "columns": header.names,
        "rows": count,
        "known": len(headings.propose_columns(kind.fields, header.names)),
        "preview": preview,
        "values": [sorted(found) if len(found) <= MAX_VALUES else [] for found in values],
        "many": [len(found) > MAX_VALUES for found in values],
    }


def _note_values(values: list[set[str]], line: Line) -> None:
    for found, cell in zip(values, line.cells, strict=False):
        is_long = isinstance(cell, str) and len(cell) > cells.LONGEST
        if len(found) <= MAX_VALUES and cell is not None and not is_long:
            text = cells.text_of(cell)
            if text and len(text) <= LONGEST_VALUE:
                found.add(text)
