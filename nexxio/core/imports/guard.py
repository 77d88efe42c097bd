"""What a workbook must not be, found before any part of it is parsed.

Every entry of the archive is decompressed once, in pieces, and thrown away: so sizes are the real
ones and not those that the archive declares, and nothing of a hostile file reaches a parser. On
the way the merged cells are noted, which stand behind the rows they concern.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO

from nexxio.core.imports.csvfile import BrokenFile

MEGABYTE = 1_000_000
MAX_ENTRIES = 2_000
MAX_BYTES = 800 * MEGABYTE
MAX_RATIO = 250
SMALL = 10 * MEGABYTE
"""Below this an entry may shrink as much as it likes: repeated rows do."""
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
MAX_MERGES = 200_000
MAX_TEXT = MEGABYTE
"""A cell of Excel holds 32 767 characters; whole ones are kept in memory by the parser."""
MAX_ROW_BYTES = 20_000
"""A sheet may shrink as much as it likes as long as its size comes from its rows."""
MAX_TAGS = 400_000
"""Of a part that is kept whole: each becomes an object. Excel has 64 000 formats at most."""
MAX_PART = 60 * MEGABYTE
"""Of all but sheets: shared texts are kept in memory, at about three times their size."""
TOO_LONG = "une cellule du classeur est démesurée : il est refusé."
TOO_MANY_ROWS = (
    "le fichier compte 1 000 000 de lignes ou davantage : partagez le fichier en plusieurs."
)
TOO_MANY_COLUMNS = f"le tableau dépasse {MAX_COLUMNS} colonnes : gardez celles qui servent."

_CHUNK = 1 << 18
_MARKUP = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")
_OVERLAP = 200
_DTD = re.compile(
    rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C\0T|E\0N\0T\0I)|\0<\0!\0(?:D\0O\0C|E\0N\0T)"
)
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_WHOLE = re.compile(
    r"xl/(?:styles|workbook)\.xml|xl/theme/.*|docProps/.*|.*\.rels|\[Content_Types\]\.xml",
    re.IGNORECASE,
)
_MACROS = re.compile(r"vbaProject|/macrosheets/|vbaData", re.IGNORECASE)
_LINKS = re.compile(r"externalLinks?/", re.IGNORECASE)


@dataclass(slots=True)
class Looked:
    """What the look has found. merges: entry → (column, first row, last row), down one column."""

    merges: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def look_at(stream: IO[bytes]) -> Looked:
    """Go through an archive. Raises BrokenFile for whatever must not be parsed."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return _look(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise BrokenFile(
            "le classeur est abîmé : ouvrez-le et enregistrez-le à nouveau."
        ) from error
    finally:
        stream.seek(0)


def _look(archive: zipfile.ZipFile) -> Looked:
    entries = archive.infolist()
    _refuse_by_list(entries)
    found = Looked()
    total = 0
    for entry in entries:
        total = _read_through(archive, entry, found, total)
    return found


def _refuse_by_list(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what the archive's own list gives away."""
    if len(entries) > MAX_ENTRIES:
        raise BrokenFile(
            f"l’archive compte plus de {MAX_ENTRIES} fichiers : ce n’est pas un classeur."
        )
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise BrokenFile("le classeur est protégé par un mot de passe : enregistrez-le sans.")
    if any(_MACROS.search(name) for name in names):
        raise BrokenFile(
            "le classeur contient des macros : enregistrez-le en « Classeur Excel (.xlsx) »."
        )
    if any(_LINKS.search(name) for name in names):
        raise BrokenFile(
            "le classeur tire des valeurs d’autres fichiers (liens externes) : "
            "collez les valeurs et rompez les liens."
        )
    if "[Content_Types].xml" not in names and "mimetype" not in names:
        raise BrokenFile("c’est une archive, pas un classeur : envoyez un .xlsx ou un CSV.")
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise _too_big()
    for entry in entries:
        if not _SHEET.fullmatch(entry.filename):
            _refuse_ratio(entry.filename, entry.file_size, entry.compress_size)


def _too_big() -> BrokenFile:
    return BrokenFile(
        f"le classeur dépasse {MAX_BYTES // MEGABYTE} Mo une fois décompressé : "
        "partagez le fichier en plusieurs."
    )


def _refuse_ratio(name: str, size: int, packed: int) -> None:
    # Whatever it is called: the archive's own list of types says which part is what.
    if size > MAX_PART and _SHEET.fullmatch(name) is None:
        raise BrokenFile(
            f"une partie du classeur dépasse {MAX_PART // MEGABYTE} Mo une fois décompressée : "
            "il est refusé par prudence. Collez les valeurs dans un classeur neuf."
        )
    if size > SMALL and size > MAX_RATIO * max(packed, 1):
        raise BrokenFile(
            "le classeur se décompresse à plus de "
            f"{MAX_RATIO} fois sa taille : il est refusé par prudence."
        )


def _read_through(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, found: Looked, total: int
) -> int:
    """Decompress one entry in pieces; return how much the archive has given so far."""
    size, tail, unbroken, tags = 0, b"", 0, 0
    is_sheet = _SHEET.fullmatch(entry.filename) is not None
    is_whole = _WHOLE.fullmatch(entry.filename) is not None
    is_xml = entry.filename.endswith((".xml", ".rels", ".vml"))
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            # A part is parsed under any name.
            is_xml = is_xml or (not size and chunk.lstrip().startswith(_MARKUP))
            size += len(chunk)
            if total + size > MAX_BYTES:
                raise _too_big()
            text = tail + chunk
            if is_sheet:
                _note(entry.filename, text, len(tail), found)
            if not is_sheet or size > MAX_ROW_BYTES * max(found.rows[entry.filename], 1):
                _refuse_ratio(entry.filename, size, entry.compress_size)
            unbroken = 0 if b"<" in chunk else unbroken + len(chunk)
            if is_xml and unbroken > MAX_TEXT:
                raise BrokenFile(TOO_LONG)
            tags += chunk.count(b"<") if is_whole else 0
            if tags > MAX_TAGS:
                raise BrokenFile(
                    "le classeur a trop de styles ou de noms : copiez la feuille dans un nouveau."
                )
            if is_xml and _DTD.search(text):
                raise BrokenFile("le classeur déclare une DTD ou des entités : il est refusé.")
            if b"macroEnabled" in text and entry.filename == "[Content_Types].xml":
                raise BrokenFile(
                    "le classeur contient des macros : "
                    "enregistrez-le en « Classeur Excel (.xlsx) »."
                )
            tail = text[-_OVERLAP:]
    return total + size


def _note(name: str, text: bytes, seen: int, found: Looked) -> None:
    """Count rows and keep merged cells of a piece; what ends in its first part is known already."""
    rows = sum(1 for match in _ROW.finditer(text) if match.end() > seen)
    found.rows[name] = found.rows.get(name, 0) + rows
    if found.rows[name] >= MAX_ROWS:
        raise BrokenFile(TOO_MANY_ROWS)
    merges = found.merges.setdefault(name, [])
    for match in _MERGE.finditer(text):
        if match.end() > seen and len(merges) < MAX_MERGES:
            first, top, _last, bottom = (part.decode() for part in match.groups())
            if int(bottom) > int(top):
                merges.append((first, int(top), int(bottom)))
