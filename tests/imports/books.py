"""Workbooks as people make them, and as nobody should."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import openpyxl

SHARED = Path(os.environ.get("NEXXIO_SHARED", Path(__file__).parents[3] / "shared"))
REAL_FILE = SHARED / "data" / "imports" / "ticket-import-example.xlsx"


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*rows, title="Feuille1") -> bytes:
    """A workbook with one sheet of rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def csv_of(*rows, delimiter=";", encoding="utf-8", newline="\n") -> bytes:
    """A CSV whose cells need no quotes."""
    return newline.join(delimiter.join(map(str, row)) for row in [*rows, []]).encode(encoding)


def edited(data: bytes, *, drop=(), **entries: bytes) -> bytes:
    """A workbook with entries added or replaced; names with "__" for "/"."""
    named = {name.replace("__", "/"): content for name, content in entries.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            if item.filename not in named and item.filename not in drop:
                target.writestr(item, source.read(item))
        for name, content in named.items():
            target.writestr(name, content)
    return out.getvalue()


def sheet_xml(data: bytes) -> bytes:
    """The XML of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.read("xl/worksheets/sheet1.xml")
