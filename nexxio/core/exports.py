"""Tables that people take away: CSV that French spreadsheets open as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """Answer a semicolon file in UTF-8 with its mark. name: of the file, without ending."""
    response = HttpResponse(csv_text(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_text(headings: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return the same as text, its mark first."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(headings)
    writer.writerows([safe_for_sheets(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe_for_sheets(value: Any) -> str:
    """Return a value for a CSV export: no spreadsheet will take it for a formula.

    A number is ours, not typed by anybody: it stays one, with its comma, below zero too.
    """
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    found = "" if value is None else str(value)
    return f"'{found}" if found[:1] in {"=", "+", "-", "@", "\t", "\r"} else found
