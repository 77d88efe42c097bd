"""Lists as files: one table of columns, for CSV and for a workbook; that of orders stands here."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from nexxio.core.exports import csv_response, csv_text, safe_for_sheets
from orders.price_files import XLSX
from orders.selectors import columns as shown

DAY, EUROS = "dd/mm/yyyy", '#,##0.00\\ "€"'


@dataclass(frozen=True)
class Column:
    """A column. value: text, a date, euros, or None. code: of the list's column; "" for always."""

    heading: str
    width: int
    value: Callable[[Any], str | date | Decimal | None]
    code: str = ""


COLUMNS = (
    Column("Référence", 14, lambda row: row.order.reference),
    Column("Objet", 40, lambda row: row.order.title),
    Column("État", 24, lambda row: row.status.label, shown.STATE),
    Column("Bailleur", 24, lambda row: row.order.landlord.name, shown.OTHER),
    Column("Entreprise", 24, lambda row: row.company, shown.OTHER),
    Column(
        "Corps d’état",
        18,
        lambda row: row.order.trade.label if row.order.trade else "",
        shown.TRADE,
    ),
    Column(
        "Adresse", 40, lambda row: f"{row.order.place_address}, {row.order.place_unit}", shown.PLACE
    ),
    Column("Ville", 18, lambda row: row.order.place_city, shown.PLACE),
    Column(
        "Créée le",
        12,
        lambda row: timezone.localtime(row.order.created_at).date(),
        shown.CREATED,
    ),
    Column("À faire avant le", 16, lambda row: row.order.target_date, shown.DUE),
    Column("Montant TTC", 14, lambda row: row.total, shown.TOTAL),
    Column("Montant HT", 14, lambda row: _without_vat(row.order), shown.TOTAL),
    Column("À qui le tour", 24, lambda row: row.ball.who if row.ball else "", shown.TURN),
    Column(
        "Depuis le",
        12,
        lambda row: timezone.localtime(row.since).date() if row.since is not None else None,
        shown.TURN,
    ),
)


def _without_vat(order: Any) -> Decimal | None:
    return order.budget.total_without_vat if hasattr(order, "budget") else None


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment is not None else None


def _days(spent: timedelta | None) -> str:
    """Return days with one decimal as text: euros are the numbers of these files."""
    return f"{spent / timedelta(days=1):.1f}".replace(".", ",") if spent is not None else ""


def _days_at(side: str) -> Callable[[Any], str]:
    return lambda row: _days(row.times.get(side))


# Beside them, in files with all columns.
MORE = (
    Column("Numéro ERP", 16, lambda row: row.order.external_number),
    Column("Marché", 16, lambda row: row.order.contract.number if row.order.contract else ""),
    Column("Nature", 18, lambda row: row.order.get_nature_display()),
    Column("Émise le", 12, lambda row: _day(row.order.issued_at)),
    Column("Réalisée le", 12, lambda row: _day(row.order.done_at)),
    Column("Rendez-vous", 14, lambda row: _day(row.visit.window_start) if row.visit else None),
)
# What a whole export tells too: it costs a look at every order's events.
TIMES = tuple(
    Column(heading, 16, _days_at(side))
    for heading, side in (
        ("Jours chez le bailleur", "landlord"),
        ("Jours chez l’entreprise", "contractor"),
        ("Jours chez le locataire", "tenant"),
    )
)
EVERY = (*COLUMNS, *MORE)


def chosen(codes: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of a file that shows these of the list, and what is always there."""
    wanted = {"", *codes}
    return tuple(column for column in COLUMNS if column.code in wanted)


def csv_export(rows: Iterable[Any], name: str, columns: Sequence[Column] = COLUMNS) -> HttpResponse:
    """Answer a list as CSV, dates and numbers as French spreadsheets read them."""
    return csv_response(name, [column.heading for column in columns], _csv_cells(rows, columns))


def csv_bytes(rows: Iterable[Any], columns: Sequence[Column]) -> bytes:
    """Return the same as a file."""
    headings = [column.heading for column in columns]
    return csv_text(headings, _csv_cells(rows, columns)).encode()


def _csv_cells(rows: Iterable[Any], columns: Sequence[Column]) -> Iterable[list[str | Decimal]]:
    return ([_french(column.value(row)) for column in columns] for row in rows)


def xlsx_export(
    rows: Iterable[Any],
    name: str,
    columns: Sequence[Column] = COLUMNS,
    *,
    sheet_name: str = "Commandes",
) -> HttpResponse:
    """Answer a list as a workbook."""
    data = xlsx_bytes(rows, columns, sheet_name=sheet_name)
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def xlsx_bytes(
    rows: Iterable[Any], columns: Sequence[Column], *, sheet_name: str = "Commandes"
) -> bytes:
    """Return a list as a workbook: dates are dates, euros are numbers.

    Row by row, without the sheet in memory. What a spreadsheet would run as a formula is text.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name)
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.append([_cell(sheet, column.heading, bold=True) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, column.value(row)) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _french(value: Any) -> str | Decimal:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return value if isinstance(value, Decimal) else str(value or "")


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    is_text = value is None or isinstance(value, str)
    if is_text:
        value = ILLEGAL_CHARACTERS_RE.sub("", safe_for_sheets(value) or "") or None
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, date):
        cell.number_format = DAY
    elif isinstance(value, Decimal):
        cell.number_format = EUROS
    if bold:
        cell.font = Font(bold=True)
    return cell
