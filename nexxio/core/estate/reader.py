"""The rows of an estate file, typed and checked, one at a time.

The file is the open data of Paris, "logements sociaux financés": one line per programme, its
columns below. What is wrong with the file as a whole raises `BrokenFile`; what is wrong with
one row gives a `Refusal` that names line, column and value, and the reading goes on.

A row's key is identifier + year + nature + number of dwellings: in the real file an identifier
comes back when a programme is financed in slices, and only these four together tell the slices
apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import IO, NamedTuple

from nexxio.core.imports.csvfile import DEFAULT_LIMITS, BrokenFile, Limits, Record, RecordReader

IDENTIFIER = "id_livraison"
ADDRESS = "adresse_programme"
POSTCODE = "code_postal"
CITY = "ville"
YEAR = "annee"
LANDLORD = "bs"
DWELLINGS = "nb_logmt_total"
NATURE = "nature_programme"
POINT = "geo_point_2d"

REQUIRED = (IDENTIFIER, ADDRESS, POSTCODE, CITY, YEAR, LANDLORD, DWELLINGS, NATURE)
OPTIONAL = (POINT,)

FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_DWELLINGS = 100_000
LONGEST = {IDENTIFIER: 40, ADDRESS: 300, CITY: 80, NATURE: 100}
DEGREES = Decimal(
    "0.000001"
)  # eleven centimetres: enough, and the same after a trip to the database
EXCERPT = 60
_LOST = "\N{REPLACEMENT CHARACTER}"  # an earlier decoding has lost a letter
DIGEST_BYTES = 8


class EstateKey(NamedTuple):
    """What makes a programme the same one in the next file."""

    identifier: str
    year: int
    nature: str
    dwellings: int

    def __str__(self) -> str:
        """The key as it is stored."""
        return f"{self.identifier}/{self.year}/{self.nature}/{self.dwellings}"

    @classmethod
    def parse(cls, text: str) -> EstateKey:
        """Read a stored key; an identifier has no slash, a nature may."""
        identifier, year, rest = text.split("/", 2)
        nature, _, dwellings = rest.rpartition("/")
        return cls(identifier, int(year), nature, int(dwellings))


@dataclass(frozen=True, slots=True)
class EstateRow:
    """A valid row. `address` is the cell as it came; `content` tells whole rows apart.

    line: physical line. sheet_row: the same row in a spreadsheet.
    content: a digest of each cell, in the order of the heading, the columns that nobody reads
    included: two rows of one key that differ only there are two financings, not one.
    """

    line: int
    sheet_row: int
    identifier: str
    address: str
    postcode: str
    city: str
    year: int
    landlord: str
    dwellings: int
    nature: str
    latitude: Decimal | None
    longitude: Decimal | None
    content: bytes

    @property
    def key(self) -> EstateKey:
        """What makes this programme the same one in the next file."""
        return EstateKey(self.identifier, self.year, self.nature, self.dwellings)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that isn't taken. column and value are empty when the row as a whole is wrong."""

    line: int
    sheet_row: int
    column: str
    value: str
    reason: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A row of another landlord, or of none: read no further than his name."""

    line: int
    landlord: str


class _CellError(Exception):
    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


class EstateReader:
    """Iterates over a file's rows, in constant memory.

    stream: bytes, buffered. wanted: tells from the landlord's name whether the row is asked for
    (default: all); others come back as `OtherRow`, unchecked. Nothing is read before iteration.
    """

    def __init__(
        self,
        stream: IO[bytes],
        *,
        wanted: Callable[[str], bool] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.columns: tuple[str, ...] = ()
        self._records = RecordReader(stream, limits=limits)
        self._wanted = wanted
        self._limits = limits
        self._place: dict[str, int] = {}

    @property
    def bytes_read(self) -> int:
        """How far the reading is."""
        return self._records.bytes_read

    def __iter__(self) -> Iterator[EstateRow | OtherRow | Refusal]:
        """Yield each row; raise BrokenFile when the file can't be read any further."""
        records = iter(self._records)
        heading = next(records, None)
        if heading is None:
            raise BrokenFile("le fichier est vide : l’en-tête des colonnes manque.", line=1)
        self._read_heading(heading)
        for record in records:
            yield self._row(record)

    def _read_heading(self, record: Record) -> None:
        names = [cell.strip().casefold() for cell in record.cells]
        repeated = sorted({name for name in names if name and names.count(name) > 1})
        if repeated:
            raise BrokenFile(
                f"colonne en double dans l’en-tête : {', '.join(map(_quote, repeated))}.",
                line=record.line,
                column=_column_of(record.cells, names, repeated[0]),
                cell=repeated[0],
            )
        missing = [name for name in REQUIRED if name not in names]
        if missing:
            word = "colonnes manquantes" if len(missing) > 1 else "colonne manquante"
            raise BrokenFile(
                f"{word} dans l’en-tête : {', '.join(missing)}.{_separator_hint(names)}",
                line=record.line,
                column=1,
            )
        self.columns = tuple(names)
        self._place = {name: names.index(name) for name in (*REQUIRED, *OPTIONAL) if name in names}

    def _row(self, record: Record) -> EstateRow | OtherRow | Refusal:
        cells = record.cells
        if len(cells) != len(self.columns):
            return Refusal(
                record.line,
                record.number,
                "",
                excerpt(";".join(cells)),
                f"{len(cells)} cellules au lieu de {len(self.columns)}",
            )
        landlord = _text(cells[self._place[LANDLORD]])
        if self._wanted is not None and not self._wanted(landlord):
            return OtherRow(record.line, landlord)
        for name, cell in zip(self.columns, cells, strict=True):
            if len(cell) > self._limits.cell_characters:
                reason = f"cellule de plus de {self._limits.cell_characters} caractères"
                return Refusal(record.line, record.number, name, excerpt(cell), reason)
        try:
            return self._typed(record, landlord)
        except _CellError as wrong:
            identifier = excerpt(_text(cells[self._place[IDENTIFIER]]))
            return Refusal(
                record.line,
                record.number,
                wrong.column,
                excerpt(wrong.value),
                wrong.reason,
                identifier,
            )

    def _typed(self, record: Record, landlord: str) -> EstateRow:
        cells = {name: record.cells[place] for name, place in self._place.items()}
        identifier = _named(cells, IDENTIFIER)
        if not re.fullmatch(r"[\w.-]+", identifier):
            raise _CellError(IDENTIFIER, identifier, "identifiant : lettres et chiffres attendus")
        postcode = _text(cells[POSTCODE])
        if not re.fullmatch(r"[0-9]{5}", postcode):
            raise _CellError(POSTCODE, postcode, "code postal : 5 chiffres attendus")
        latitude, longitude = _point(cells.get(POINT, ""))
        return EstateRow(
            line=record.line,
            sheet_row=record.number,
            identifier=identifier,
            address=_named(cells, ADDRESS, keep_lines=True),
            postcode=postcode,
            city=_named(cells, CITY),
            year=_number(cells, YEAR, "année", FIRST_YEAR, LAST_YEAR),
            landlord=landlord,
            dwellings=_number(cells, DWELLINGS, "nombre de logements", 0, MAX_DWELLINGS),
            nature=_named(cells, NATURE),
            latitude=latitude,
            longitude=longitude,
            content=b"".join(
                blake2b(cell.encode(), digest_size=DIGEST_BYTES).digest() for cell in record.cells
            ),
        )


def differing_columns(one: bytes, other: bytes, columns: tuple[str, ...]) -> list[str]:
    """Return the headings under which two rows' `content` differ."""
    return [
        name
        for index, name in enumerate(columns)
        if one[index * DIGEST_BYTES : (index + 1) * DIGEST_BYTES]
        != other[index * DIGEST_BYTES : (index + 1) * DIGEST_BYTES]
    ]


def excerpt(text: str) -> str:
    """Return the start of a value, fit to be shown: one line, what is invisible made visible."""
    shown = "".join(
        part if part.isprintable() else " " if part in "\n\r\t" else f"<U+{ord(part):04X}>"
        for part in text[:EXCERPT]
    )
    return shown + "…" if len(text) > EXCERPT else shown


def _text(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _named(cells: dict[str, str], column: str, *, keep_lines: bool = False) -> str:
    """Text that must not be empty, nor too long, nor hold characters that nobody sees."""
    cell = cells[column]
    hidden = _hidden(cell)
    if hidden is not None:
        raise _CellError(column, cell, f"caractère interdit U+{ord(hidden):04X}")
    text = _text(cell)
    if keep_lines:
        lines = (_text(line) for line in cell.splitlines())
        text = "\n".join(line for line in lines if line)
    if not text:
        raise _CellError(column, cell, "cellule vide")
    if len(text) > LONGEST[column]:
        raise _CellError(column, cell, f"plus de {LONGEST[column]} caractères")
    return text


def _hidden(cell: str) -> str | None:
    """The first character that nobody sees, turns the writing round, or stands for a lost one."""
    if cell.isprintable() and _LOST not in cell:
        return None
    return next((part for part in cell if part == _LOST or _is_control(part)), None)


def _is_control(character: str) -> bool:
    if character in "\n\r\t":
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}


def _number(cells: dict[str, str], column: str, what: str, least: int, most: int) -> int:
    text = _text(cells[column])
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _CellError(column, text, f"{what} : nombre entier positif ou nul attendu")
    if not least <= int(text) <= most:
        raise _CellError(column, text, f"{what} : entre {least} et {most}")
    return int(text)


def _point(cell: str) -> tuple[Decimal | None, Decimal | None]:
    text = _text(cell)
    if not text:
        return None, None
    found = re.fullmatch(
        r"(-?[0-9]{1,3}(?:\.[0-9]{1,30})?) ?, ?(-?[0-9]{1,3}(?:\.[0-9]{1,30})?)", text
    )
    if found is None:
        raise _CellError(POINT, text, "coordonnées : « latitude, longitude » attendu")
    latitude, longitude = (Decimal(part).quantize(DEGREES) for part in found.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise _CellError(POINT, text, "coordonnées hors du globe")
    return latitude, longitude


def _quote(text: str) -> str:
    return f"« {excerpt(text)} »"


def _column_of(cells: list[str], names: list[str], name: str) -> int:
    """Place, in the heading's line, of the second cell that bears `name`."""
    second = names.index(name, names.index(name) + 1)
    return sum(len(cell) + 1 for cell in cells[:second]) + 1


def _separator_hint(names: list[str]) -> str:
    for separator, word in ((",", "la virgule"), ("\t", "la tabulation"), ("|", "la barre")):
        if len(names) == 1 and separator in names[0]:
            return f" Le séparateur attendu est le point-virgule ; ce fichier emploie {word}."
    return ""
