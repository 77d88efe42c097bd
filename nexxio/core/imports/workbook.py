"""A file as sheets of numbered lines: one face for workbooks and for CSV.

Lines are read one at a time. What is kept in memory does not grow with the rows: an .xlsx keeps
its table of shared texts (bounded by the guard) and its merged cells, a CSV nothing.
"""

from __future__ import annotations

import codecs
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Protocol

from openpyxl.utils.cell import column_index_from_string

from nexxio.core.imports import guard, leash, sniff
from nexxio.core.imports.csvfile import BrokenFile, Limits, RecordReader

MEGABYTE = 1_000_000
CSV_LIMITS = Limits(
    bytes=500 * MEGABYTE, lines=guard.MAX_ROWS - 1, line_bytes=1 << 20, record_lines=500
)
BROKEN = "le classeur est abîmé ou d’un format inattendu : ouvrez-le et enregistrez-le à nouveau."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet. number: as the person's own program counts it."""

    number: int
    cells: list[Any]


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet. rows: how many there are at most, for a progress bar; 0 when unknown."""

    name: str
    hidden: bool = False
    rows: int = 0


class Source(Protocol):
    """An opened file. position: how far the reading is, from 0 to 1. epoch: of its date numbers."""

    sheets: list[SheetInfo]
    position: float
    epoch: datetime | None

    def lines(self, sheet: str) -> Iterator[Line]:
        """Yield the lines of a sheet that aren't blank. Raises BrokenFile."""


def open_source(stream: IO[bytes]) -> Source:
    """Open a seekable file. Raises BrokenFile for what must not or can't be read."""
    family = sniff.family_of(stream)
    if family is sniff.Family.TEXT:
        return CsvSource(stream)
    if family is sniff.Family.OLE:
        raise BrokenFile(_ole_reason(stream))
    found = guard.look_at(stream)
    if not found.rows:
        raise BrokenFile("le format n’est pas lu : enregistrez-le en « Classeur Excel (.xlsx) ».")
    return XlsxSource(stream, found)


def _ole_reason(stream: IO[bytes]) -> str:
    """Tell an encrypted .xlsx from an old .xls: both are of Microsoft's older container."""
    tail = b""
    while chunk := stream.read(1 << 20):
        if "EncryptedPackage".encode("utf-16-le") in tail + chunk:
            return "le classeur est protégé par un mot de passe : enregistrez-le sans."
        tail = chunk[-64:]
    return (
        "c’est un ancien classeur (.xls) ou un document Office : "
        "enregistrez-le en « Classeur Excel (.xlsx) »."
    )


class CsvSource:
    """A CSV or TSV file: one sheet without name."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.writing = sniff.writing_of(stream)
        stream.seek(0, 2)
        self._size = stream.tell() or 1
        self._stream = stream
        self.sheets = [SheetInfo("")]
        self.position = 0.0
        self.epoch: datetime | None = None

    def lines(self, sheet: str) -> Iterator[Line]:
        """Yield the records that hold anything."""
        self._stream.seek(0)
        stream: Any = self._stream
        encoding = self.writing.encoding
        if encoding == "utf-16":
            stream, encoding = codecs.EncodedFile(stream, "utf-8", "utf-16"), "utf-8"
        reader = RecordReader(
            stream, limits=CSV_LIMITS, delimiter=self.writing.delimiter, encoding=encoding
        )
        try:
            for record in reader:
                self.position = min(1.0, reader.bytes_read / self._size)
                if len(record.cells) > guard.MAX_COLUMNS:
                    raise BrokenFile(guard.TOO_MANY_COLUMNS, line=record.line)
                if any(cell.strip() for cell in record.cells):
                    yield Line(record.line, list(record.cells))
        except UnicodeError as error:
            raise BrokenFile(
                "l’encodage UTF-16 est abîmé ; enregistrez en « CSV UTF-8 »."
            ) from error


class XlsxSource:
    """An .xlsx that the guard has let through, read row by row with its cached values."""

    def __init__(self, stream: IO[bytes], found: guard.Looked) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reader = leash.Reader(stream)
                reader.read()
                self._book = reader.wb
                self._sheets = {sheet.title: sheet for sheet in self._book.worksheets}
        except BrokenFile:
            raise
        except Exception as error:  # openpyxl lets whatever it stumbles on pass
            raise BrokenFile(BROKEN) from error
        self.epoch = self._book.epoch
        self._found = found
        self.position = 0.0
        self.sheets = [
            SheetInfo(title, sheet.sheet_state != "visible", found.rows.get(self._entry(sheet), 0))
            for title, sheet in self._sheets.items()
        ]
        if not self.sheets:
            raise BrokenFile("le classeur n’a aucune feuille de calcul.")

    @staticmethod
    def _entry(sheet: Any) -> str:
        return str(getattr(sheet, "_worksheet_path", "")).lstrip("/")

    def lines(self, sheet: str) -> Iterator[Line]:
        """Yield the rows that hold anything; a value merged down its column counts for each row."""
        page = self._sheets[sheet]
        total = max(1, self._found.rows.get(self._entry(page), 1))
        merged = _Merges(self._found.merges.get(self._entry(page), []))
        rows = page.iter_rows(max_col=guard.MAX_COLUMNS + 1, values_only=True)
        for number, row in enumerate(_quietly(rows), start=1):
            page.leash.slacken()
            if number >= guard.MAX_ROWS:
                raise BrokenFile(guard.TOO_MANY_ROWS)
            cells = merged.fill(number, row)
            self.position = min(1.0, number / total)
            if len(cells) > guard.MAX_COLUMNS and cells[guard.MAX_COLUMNS] is not None:
                raise BrokenFile(guard.TOO_MANY_COLUMNS, line=number)
            while cells and _is_blank(cells[-1]):
                cells.pop()
            if any(not _is_blank(cell) for cell in cells):
                yield Line(number, cells)


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _quietly(rows: Iterator[Any]) -> Iterator[Any]:
    """Iterate without the library's warnings, and turn what breaks inside it into BrokenFile."""
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = next(rows)
        except StopIteration:
            return
        except BrokenFile:
            raise
        except Exception as error:
            raise BrokenFile(BROKEN) from error
        yield row


class _Merges:
    """Carries the value of a cell that is merged downwards to the rows below it."""

    def __init__(self, merges: list[tuple[str, int, int]]) -> None:
        self._starting: dict[int, list[tuple[int, int]]] = {}
        for column, top, bottom in merges:
            index = column_index_from_string(column) - 1
            if index < guard.MAX_COLUMNS:
                self._starting.setdefault(top, []).append((index, bottom))
        self._carried: dict[int, tuple[int, Any]] = {}

    def fill(self, number: int, row: tuple[Any, ...]) -> list[Any]:
        """Return the cells of a row, with carried values in the cells that are empty."""
        cells = list(row)
        for index, (bottom, value) in list(self._carried.items()):
            if number > bottom:
                del self._carried[index]
            elif index < len(cells) and cells[index] is None:
                cells[index] = value
        for index, bottom in self._starting.get(number, ()):
            if index < len(cells):
                self._carried[index] = (bottom, cells[index])
        return cells
