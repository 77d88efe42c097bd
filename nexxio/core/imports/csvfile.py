"""A CSV file as records, read in constant memory, with faults that name their place.

The layout is given, nothing is guessed here (`sniff` guesses, for files that people choose): an
encoding with or without a byte order mark, one separator, double quotes, lines that end with LF
or CRLF. What does not fit raises `BrokenFile` with line and column, before anything was written.

Python's own `csv` does the splitting. It never says where a quote was opened, and it would
swallow a million lines into one cell; so lines are fed to it one at a time, each is bounded and
decoded on the way, and those of the record under way are kept until it is complete.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
ARCHIVE_MARKS = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most; whatever is above is refused, never cut."""

    bytes: int = 500 * MEGABYTE
    lines: int = 2_000_000
    line_bytes: int = 65_536
    record_lines: int = 20
    cell_characters: int = 1_000


DEFAULT_LIMITS = Limits()


class BrokenFile(Exception):
    """The file can't be read; nothing of it counts.

    message: why, in French. line: physical line, from 1 (0: the file as a whole). column: place
    of the character in its line, from 1, as an editor counts. cell: heading of the CSV column.
    """

    def __init__(
        self, message: str, *, line: int = 0, column: int | None = None, cell: str = ""
    ) -> None:
        self.reason = message
        self.line = line
        self.column = column
        self.cell = cell
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The whole sentence: place, then reason."""
        place = f"Ligne {self.line}" if self.line else ""
        if place and self.column:
            place += f", colonne {self.column}"
        if place and self.cell:
            place += f" (« {self.cell} »)"
        return f"{place} : {self.reason}" if place else self.reason


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record.

    line: the physical line on which it begins, as an editor counts. number: its row in a
    spreadsheet, which is smaller once a cell with a line break has come by.
    """

    line: int
    number: int
    cells: list[str]


class RecordReader:
    """Iterates over the records of `stream`; blank lines are left out.

    heading: cells of the first record, once it was read; it lets faults name their column.
    bytes_read: how far the reading is, for a progress bar.
    """

    def __init__(
        self,
        stream: IO[bytes],
        *,
        limits: Limits = DEFAULT_LIMITS,
        delimiter: str = ";",
        encoding: str = "utf-8",
    ) -> None:
        self.limits = limits
        self.delimiter = delimiter
        self.encoding = encoding
        self.heading: list[str] = []
        self.bytes_read = 0
        self._stream = stream
        self._line = 0
        self._pending: list[str] = []

    def __iter__(self) -> Iterator[Record]:
        """Yield the records; raise BrokenFile at the first thing that is no CSV."""
        rows = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            self._pending.clear()
            begins = self._line + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                raise self._explain(begins) from None
            number += 1
            if not cells:
                continue
            self.heading = self.heading or cells
            yield Record(begins, number, cells)

    def _lines(self) -> Iterator[str]:
        while raw := self._stream.readline(self.limits.line_bytes + 1):
            self._line += 1
            self.bytes_read += len(raw)
            if self._line == 1:
                raw = self._without_mark(raw)
            self._check(raw)
            text = self._decoded(raw)
            self._pending.append(text)
            if len(self._pending) > self.limits.record_lines:
                raise self._explain(self._line + 1 - len(self._pending))
            yield text

    def _without_mark(self, raw: bytes) -> bytes:
        if raw.startswith(UTF_16_MARKS):
            raise BrokenFile(
                "le fichier est en UTF-16 ; enregistrez-le en « CSV UTF-8 ».", line=1, column=1
            )
        if raw.startswith(ARCHIVE_MARKS):
            raise BrokenFile(
                "ce n’est pas un fichier CSV (classeur, archive ou PDF) ; "
                "enregistrez-le en « CSV UTF-8 ».",
                line=1,
                column=1,
            )
        return raw.removeprefix(BYTE_ORDER_MARK)

    def _check(self, raw: bytes) -> None:
        """Refuse what is over a limit, and binary content."""
        limits = self.limits
        if len(raw) > limits.line_bytes:
            raise BrokenFile(
                f"la ligne dépasse {limits.line_bytes} octets.",
                line=self._line,
                column=len(raw.decode(errors="replace")),
            )
        if self._line > limits.lines:
            raise BrokenFile(
                f"le fichier dépasse {limits.lines} lignes ; partagez-le en plusieurs fichiers.",
                line=self._line,
                column=1,
            )
        if self.bytes_read > limits.bytes:
            raise BrokenFile(
                f"le fichier dépasse {limits.bytes // MEGABYTE} Mo ; "
                "partagez-le en plusieurs fichiers.",
                line=self._line,
                column=1,
            )
        if (zero := raw.find(b"\0")) >= 0:
            before = raw[:zero].decode(errors="replace")
            raise BrokenFile(
                "octet nul : le fichier n’est pas du texte en UTF-8.",
                line=self._line,
                column=len(before) + 1,
                cell=self._cell_after(before),
            )

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode(self.encoding)
            byte = raw[error.start]
            probable = bytes([byte]).decode("cp1252", errors="ignore")
            hint = f" (« {probable} » en Windows-1252 ?)" if probable.isalpha() else ""
            raise BrokenFile(
                f"le fichier n’est pas en UTF-8 : octet 0x{byte:02X}{hint}. "
                "Enregistrez-le en « CSV UTF-8 ».",
                line=self._line,
                column=len(before) + 1,
                cell=self._cell_after(before),
            ) from None

    def _cell_after(self, before: str) -> str:
        """Heading of the column in which the text after `before` stands, where it is known."""
        try:
            cells = next(
                csv.reader(["".join(self._pending) + before], delimiter=self.delimiter), [""]
            )
        except csv.Error:
            return ""
        place = max(len(cells), 1) - 1
        return self.heading[place].strip() if place < len(self.heading) else ""

    def _explain(self, begins: int) -> BrokenFile:
        """Find where the record under way breaks the rules of quoting."""
        offset, reason = _quoting_fault("".join(self._pending), self.delimiter)
        before = "".join(self._pending)[:offset]
        lines = before.split("\n")
        return BrokenFile(
            reason,
            line=begins + len(lines) - 1,
            column=len(lines[-1]) + 1,
            cell=self._heading_at(before),
        )

    def _heading_at(self, before: str) -> str:
        place = sum(1 for found in _outside_quotes(before) if found == self.delimiter)
        return self.heading[place].strip() if place < len(self.heading) else ""


def _outside_quotes(text: str) -> Iterator[str]:
    inside = False
    for character in text:
        if character == '"':
            inside = not inside
        elif not inside:
            yield character


def _quoting_fault(text: str, delimiter: str) -> tuple[int, str]:
    """Place of the fault in a record that `csv` refused, and the reason in French."""
    cell_end = re.compile(f"[{delimiter}\r\n]")
    start = 0  # of the present cell: only there does a quote open anything
    while start < len(text):
        if text[start] == '"':
            closed = _end_of_quotes(text, start)
            if closed is None:
                return start, (
                    "guillemet ouvert et jamais refermé (ou cellule beaucoup trop longue)."
                )
            if text[closed : closed + 1] not in {delimiter, "\r", "\n", ""}:
                return start, (
                    "guillemet mal fermé : la cellule qu’il ouvre se referme au milieu d’un texte."
                )
            end = closed
        else:
            found = cell_end.search(text, start)
            end = found.start() if found else len(text)
        if text[end : end + 1] == "\r" and text[end + 1 : end + 2] != "\n":
            return end, "retour chariot isolé : les lignes doivent finir par LF ou CRLF."
        start = end + 1
    return 0, "cellule beaucoup trop longue."


def _end_of_quotes(text: str, opened: int) -> int | None:
    """Place after the quote that closes the one at `opened`; doubled quotes are text."""
    index = opened + 1
    while (index := text.find('"', index)) >= 0:
        if text[index + 1 : index + 2] != '"':
            return index + 1
        index += 2
    return None
