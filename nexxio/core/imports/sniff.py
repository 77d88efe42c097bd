"""What kind of file it is, by its content and never by its name; and how a CSV file is written."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from nexxio.core.imports.csvfile import BYTE_ORDER_MARK, UTF_16_MARKS, BrokenFile

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ";\t,|"
_FOREIGN_MARKS = {
    b"%PDF": "un PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"\x1f\x8b": "une archive",
    b"7z\xbc\xaf": "une archive",
    b"Rar!": "une archive",
    b"{\\rtf": "un document texte",
}
_SAMPLE = 65_536
_CHUNK = 1 << 20
_FIRST_PRINTABLE = 0x20
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1b")
_UNDEFINED_IN_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


class Family(StrEnum):
    """How a file is opened."""

    ZIP = "zip"
    OLE = "ole"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Writing:
    """How a CSV file is written."""

    encoding: str
    delimiter: str


def family_of(stream: IO[bytes]) -> Family:
    """Tell how to open a file. Raises BrokenFile for an empty one and for what is no table."""
    stream.seek(0)
    head = stream.read(_SAMPLE)
    stream.seek(0)
    if not head.strip():
        raise BrokenFile("le fichier est vide.")
    if head.startswith(ZIP_MARK):
        return Family.ZIP
    if head.startswith(OLE_MARK):
        return Family.OLE
    for mark, what in _FOREIGN_MARKS.items():
        if head.startswith(mark):
            raise BrokenFile(
                f"c’est {what}, pas un classeur ni un fichier CSV ; envoyez un .xlsx ou un CSV."
            )
    if not head.startswith(UTF_16_MARKS) and _is_binary(head):
        raise BrokenFile("c’est un fichier binaire, pas un classeur ni un fichier CSV.")
    return Family.TEXT


def writing_of(stream: IO[bytes]) -> Writing:
    """Find encoding and separator: the whole file is read for the first, its start for the second.

    UTF-8 when every byte fits, else Windows-1252, which is what Excel writes in France; UTF-16
    only with its mark. Raises BrokenFile where none of them fits.
    """
    encoding = _encoding(stream)
    stream.seek(0)
    sample = stream.read(_SAMPLE).decode(encoding, errors="ignore").lstrip("\ufeff")
    stream.seek(0)
    return Writing(encoding, _delimiter(sample))


def _is_binary(head: bytes) -> bool:
    odd = sum(byte < _FIRST_PRINTABLE and byte not in _TEXT_CONTROLS for byte in head[:4096])
    return odd * 50 > len(head[:4096])


def _encoding(stream: IO[bytes]) -> str:
    stream.seek(0)
    head = stream.read(4)
    if head.startswith(UTF_16_MARKS):
        return "utf-16"
    if head.startswith(BYTE_ORDER_MARK):
        return "utf-8"
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _windows(stream)
    return "utf-8"


def _windows(stream: IO[bytes]) -> str:
    """Accept Windows-1252, or say where the first byte stands that it doesn't have."""
    stream.seek(0)
    for line, raw in enumerate(iter(lambda: stream.readline(_CHUNK), b""), start=1):
        for column, byte in enumerate(raw, start=1):
            if byte in _UNDEFINED_IN_1252:
                raise BrokenFile(
                    f"l’encodage n’est ni UTF-8 ni Windows-1252 : octet 0x{byte:02X}. "
                    "Enregistrez le fichier en « CSV UTF-8 ».",
                    line=line,
                    column=column,
                )
    return "cp1252"


def _delimiter(sample: str) -> str:
    """The separator that the first lines share most evenly, outside quotes; ";" when none is."""
    lines = [_unquoted(line) for line in sample.splitlines()[:30] if line.strip()]
    scores = {}
    for candidate in DELIMITERS:
        counts = [line.count(candidate) for line in lines]
        most = max(counts, default=0)
        # Title rows have none, so a separator is judged by the lines that reach its usual count.
        scores[candidate] = sum(count == most for count in counts) * most if most else 0
    best = max(DELIMITERS, key=lambda candidate: scores[candidate])
    return best if scores[best] else ";"


def _unquoted(line: str) -> str:
    return "".join(part for index, part in enumerate(line.split('"')) if index % 2 == 0)
