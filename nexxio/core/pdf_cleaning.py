"""The process that cleans one PDF: bytes on stdin, the clean ones on stdout, an exit code, no more.

A few kilobytes may hold terabytes once they are inflated, or make a reader run for days: so the
process bounds itself before the first byte is looked at, and a file that hits a bound ends it and
nobody else. Run by its path, it imports nothing of ours: neither settings nor secrets.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any

import pikepdf

CPU_SECONDS = 10
MEMORY_BYTES = 400 * 1024 * 1024
OUTPUT_BYTES = 64 * 1024 * 1024
MAX_PAGES = 200
LOCKED, TOO_LONG, UNREADABLE = 3, 4, 5
"""What else it may answer than 0."""
# Where a PDF keeps what acts by itself, what it carries along, and who made it with what.
_ROOT_KEYS = ("/OpenAction", "/AA", "/AcroForm", "/Metadata", "/PieceInfo", "/Collection", "/AF")
_NAME_TREES = ("/JavaScript", "/EmbeddedFiles")
_HARMLESS_ACTIONS = ("/GoTo", "/URI")


def bound() -> None:
    """Bound processor time, memory and output."""
    for what, limit in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def clean(data: bytes) -> tuple[int, bytes]:
    """Return 0 and the pages written anew, or why not and nothing.

    Streams stay as they came: what they inflate to is nobody's business here.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                return TOO_LONG, b""
            _strip(pdf)
            out = io.BytesIO()
            pdf.save(
                out,
                fix_metadata_version=False,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
            )
    except pikepdf.PasswordError:
        return LOCKED, b""
    except Exception:  # noqa: BLE001 (whatever a broken structure makes of it)
        return UNREADABLE, b""
    return 0, out.getvalue()


def _strip(pdf: pikepdf.Pdf) -> None:
    for key in _ROOT_KEYS:
        _drop(pdf.Root, key)
    for key in _NAME_TREES:
        _drop(pdf.Root.get("/Names", {}), key)
    for page in pdf.pages:
        for key in ("/AA", "/Metadata", "/PieceInfo"):
            _drop(page.obj, key)
        # Links, within the file and to the web; not what runs, opens or carries a file.
        found = list(page.obj.get("/Annots", []))
        if found:
            page.obj["/Annots"] = pikepdf.Array(one for one in found if not _acts(one))
    _drop(pdf.trailer, "/Info")


def _acts(annotation: Any) -> bool:
    if any(key in annotation for key in ("/AA", "/FS")):
        return True
    action = annotation.get("/A")
    if action is None:
        return False
    is_link = str(annotation.get("/Subtype")) == "/Link"
    return not is_link or str(action.get("/S")) not in _HARMLESS_ACTIONS or "/Next" in action


def _drop(holder: Any, key: str) -> None:
    if key in holder:
        del holder[key]


if __name__ == "__main__":
    bound()
    status, cleaned = clean(sys.stdin.buffer.read())
    sys.stdout.buffer.write(cleaned)
    sys.exit(status)
