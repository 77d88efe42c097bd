"""A version of a price schedule as a workbook: what is exported can be imported again."""

from __future__ import annotations

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from nexxio.core.exports import safe_for_sheets
from orders.models import PriceItem, PriceSchedule
from orders.selectors.contracts import Comparison

HEADINGS = ("Marché", "Code", "Désignation", "Unité", "Prix unitaire HT", "TVA %")
WIDTHS = (20, 14, 70, 10, 18, 10)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    schedule: PriceSchedule, items: Iterable[PriceItem], comparison: Comparison | None
) -> bytes:
    """Return a workbook: the articles, and beside them what differs from the version before.

    Cells that a spreadsheet would run as a formula are made text.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Bordereau"
    _begin(sheet, HEADINGS, WIDTHS)
    for item in items:
        texts = [schedule.contract.number, item.code, item.label, item.unit]
        row = [safe_for_sheets(text) for text in texts]
        sheet.append([*row, item.unit_price, item.vat_rate])
    if comparison is not None:
        _changes(book, comparison)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _changes(book: Workbook, comparison: Comparison) -> None:
    sheet = book.create_sheet("Changements")
    _begin(
        sheet,
        ("Code", "Désignation", "Changement", "Avant", "Après", "Écart %"),
        (14, 70) + 4 * (14,),
    )
    for change in comparison.moves:
        before = change.before.unit_price if change.before else None
        after = change.after.unit_price if change.after else None
        kind = "Ajouté" if before is None else "Retiré" if after is None else "Modifié"
        texts = [safe_for_sheets(change.code), safe_for_sheets(change.item.label), kind]
        sheet.append([*texts, before, after, change.percent])


def _begin(sheet: object, headings: tuple[str, ...], widths: tuple[int, ...]) -> None:
    sheet.append(headings)  # type: ignore[attr-defined]
    sheet.freeze_panes = "A2"  # type: ignore[attr-defined]
    for index, width in enumerate(widths, start=1):
        sheet.cell(1, index).font = Font(bold=True)  # type: ignore[attr-defined]
        sheet.column_dimensions[get_column_letter(index)].width = width  # type: ignore[attr-defined]
