"""The rows of a chosen sheet, typed by a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from nexxio.core.imports import cells, headings
from nexxio.core.imports.csvfile import BrokenFile
from nexxio.core.imports.registry import Fault, Field, Kind, Row
from nexxio.core.imports.workbook import Line, Source, open_source

IGNORED = "-"
"""A translation that leaves the field empty."""
_MAC_DAYS = (cells.MAC_EPOCH - cells.EXCEL_EPOCH).days


@dataclass(frozen=True)
class Reading:
    """How a file is read. sheet: "" takes the sheet that has the columns."""

    columns: Mapping[str, str]
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheet: str = ""


class TypedRows:
    """Iterates over the rows below the header. Raises BrokenFile for the file as a whole.

    position: how far the reading is, from 0 to 1.
    """

    def __init__(self, stream: IO[bytes], kind: Kind, reading: Reading) -> None:
        self.source = open_source(stream)
        self._reading = reading
        self.sheet, self.header = choose_sheet(self.source, kind, reading)
        self._places, missing = headings.resolve(reading.columns, self.header.names)
        if missing:
            names = ", ".join(f"« {name} »" for name in missing)
            raise BrokenFile(
                f"colonnes absentes de cette feuille : {names}.", line=self.header.line
            )
        self._fields = [f for f in kind.fields if f.code in self._places]
        self._columns = {code: self.header.names[index] for code, index in self._places.items()}
        self._tables = {
            code: {headings.value_key(text): value for text, value in table.items()}
            for code, table in reading.translations.items()
        }
        self._mac = self.source.epoch is not None and self.source.epoch.year == 1904  # noqa: PLR2004

    @property
    def position(self) -> float:
        """How far the reading is."""
        return self.source.position

    def __iter__(self) -> Iterator[Row]:
        """Yield each row that holds something in a mapped column."""
        for line in self.source.lines(self.sheet):
            if line.number > self.header.line and (row := self._row(line)) is not None:
                yield row

    def _row(self, line: Line) -> Row | None:
        row = Row(line.number, {}, self._columns)
        blank = True
        for found in self._fields:
            index = self._places[found.code]
            cell = line.cells[index] if index < len(line.cells) else None
            blank = blank and (cell is None or not str(cell).strip())
            self._read(found, cell, row)
        return None if blank else row

    def _read(self, found: Field, cell: Any, row: Row) -> None:
        heading = self._columns[found.code]
        try:
            # One text of a workbook may stand in millions of cells: it costs nothing to refuse it.
            if isinstance(cell, str) and len(cell) > cells.LONGEST:
                raise cells.BadCell(f"texte trop long : {cells.LONGEST} caractères au plus")
            if cells.is_error(cell):
                raise cells.BadCell("la formule de cette cellule est en erreur")
            if found.choices is not None:
                row.values[found.code] = self._translated(found.code, cell)
            else:
                row.values[found.code] = found.parse(self._shifted(found, cell))
        except cells.BadCell as error:
            row.faults.append(Fault(heading, cells.excerpt(cell), str(error)))
            return
        if found.required and row.values[found.code] in (None, ""):
            row.faults.append(Fault(heading, "", f"{found.label} : cette case est obligatoire"))

    def _shifted(self, found: Field, cell: Any) -> Any:
        """Give a date number of a 1904 workbook the value it has elsewhere."""
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return cell + _MAC_DAYS if self._mac and found.parse is cells.day and is_number else cell

    def _translated(self, code: str, cell: Any) -> str:
        text = cells.text_of(cell)
        if not text:
            return ""
        value = self._tables.get(code, {}).get(headings.value_key(text))
        if value is None:
            raise cells.BadCell("valeur sans traduction : choisissez à quoi elle correspond")
        return "" if value == IGNORED else value


def choose_sheet(source: Source, kind: Kind, reading: Reading) -> tuple[str, headings.Header]:
    """Return the sheet to read and its header row. Raises BrokenFile when none fits."""
    names = [sheet.name for sheet in source.sheets if not sheet.hidden]
    if reading.sheet in names:
        names = [reading.sheet]
    wanted = list(reading.columns.values())
    best: tuple[int, str, headings.Header] | None = None
    for name in names:
        header = headings.find_header(first_lines(source, name), kind, wanted)
        if header is None:
            continue
        places, _missing = headings.resolve(reading.columns, header.names)
        if best is None or len(places) > best[0]:
            best = (len(places), name, header)
    if best is None:
        raise BrokenFile("aucune ligne d’en-têtes n’a été trouvée.")
    return best[1], best[2]


def first_lines(source: Source, sheet: str, count: int = headings.LOOKED_AT) -> list[Line]:
    """Return the first lines of a sheet that aren't blank."""
    found = []
    for line in source.lines(sheet):
        found.append(line)
        if len(found) == count:
            break
    return found
