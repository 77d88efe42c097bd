"""openpyxl on a leash: of a workbook only what is read is opened, and never more of it at a time.

It keeps whatever stands between two rows, or two texts, until the second one ends: a row of
millions of empty cells weighs nothing in the archive and gigabytes in memory. So parts are handed
out by a stream that counts their elements, and gives up at the first one too many.
"""

from __future__ import annotations

import zipfile
from types import TracebackType
from typing import IO, Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from nexxio.core.imports.csvfile import BrokenFile
from nexxio.core.imports.guard import TOO_LONG

MAX_ELEMENTS = 400_000
"""Between two rows, and of a part that is kept whole: Excel has 64 000 formats at most."""
MAX_STRINGS = 3_000_000
"""Of the table of shared texts, which stays in memory."""
MAX_TEXT = 32_767
"""Of one of them, as of a cell in Excel: any number of cells may hold it."""
TOO_MUCH = (
    "le classeur a une ligne, des styles ou des noms démesurés : "
    "copiez les données dans un nouveau."
)
_STRING = f"{{{SHEET_MAIN_NS}}}si"


class Leash:
    """A part's bytes, as long as few elements come between two calls of `slacken`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._elements = 0

    def slacken(self) -> None:
        """Begin to count again: what was read until now is done with."""
        self._elements = 0

    def read(self, size: int = -1) -> bytes:
        """Read on. Raises BrokenFile."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 16), b""))
        chunk = self._stream.read(size)
        self._elements += chunk.count(b"<") - chunk.count(b"</")
        if self._elements > MAX_ELEMENTS:
            raise BrokenFile(TOO_MUCH)
        return chunk

    def close(self) -> None:
        """Close what is under it."""
        self._stream.close()

    def __enter__(self) -> Leash:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


class _Archive(zipfile.ZipFile):
    def open(self, name: Any, mode: Any = "r", *args: Any, **kwargs: Any) -> Any:
        return Leash(super().open(name, mode, *args, **kwargs))


class Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
    """A sheet that believes nothing of what it declares about its size.

    leash: of the part while its rows are read; whoever reads them slackens it row by row.
    """

    leash: Leash

    def _get_size(self) -> None:
        """Leave it open: a sheet may declare less, or far more, than it has."""

    def _get_source(self) -> Leash:
        self.leash = super()._get_source()
        return self.leash


class Reader(ExcelReader):  # type: ignore[misc]
    """Opens an archive that the guard has let through: cached values, one row at a time."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream, read_only=True, data_only=True, keep_links=False)
        self.archive = _Archive(stream)

    def read_strings(self) -> None:
        """Read the shared texts, one at a time. Raises BrokenFile for too many."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _event, node in iterparse(source):
                if node.tag != _STRING:
                    continue
                if len(self.shared_strings) >= MAX_STRINGS:
                    raise BrokenFile(TOO_MUCH)
                text = Text.from_tree(node).content.replace("x005F_", "")
                if len(text) > MAX_TEXT:
                    raise BrokenFile(TOO_LONG)
                self.shared_strings.append(text)
                node.clear()
                source.slacken()

    def read(self) -> None:
        """Read what rows need; no properties, themes, charts, pictures nor names."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        for sheet, rel in self.parser.find_sheets():
            if rel.target in self.valid_files and "chartsheet" not in rel.Type:
                page = Sheet(self.wb, sheet.name, rel.target, self.shared_strings)
                page.sheet_state = sheet.state
                self.wb._sheets.append(page)
