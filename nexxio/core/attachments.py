"""Attachments on their way in: a photo or a PDF, recognised by what is in it and cleaned."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from nexxio.core import files
from nexxio.core.errors import Invalid

if TYPE_CHECKING:
    import pikepdf

MAX_PDF_BYTES = 15 * 1024 * 1024
MAX_PAGES = 200
MOST = 4
PDF = "application/pdf"
JPEG = "image/jpeg"
_PDF_MARK = b"%PDF-"
# Where a PDF keeps what acts by itself, what it carries along, and who made it with what.
_ROOT_KEYS = ("/OpenAction", "/AA", "/AcroForm", "/Metadata", "/PieceInfo", "/Collection", "/AF")
_NAME_TREES = ("/JavaScript", "/EmbeddedFiles")
_HARMLESS_ACTIONS = ("/GoTo", "/URI")


@dataclass(frozen=True)
class Clean:
    """A cleaned attachment."""

    data: bytes
    media_type: str

    @property
    def ending(self) -> str:
        """The ending of its name."""
        return "pdf" if self.media_type == PDF else "jpg"


def clean_all(uploads: Sequence[IO[bytes]], *, field: str) -> list[Clean]:
    """Return cleaned attachments, at most MOST. Raises Invalid for one that is neither.

    Takes up to a second each: call it before anything is locked.
    """
    if len(uploads) > MOST:
        raise Invalid({field: [f"{MOST} fichiers au plus par message."]})
    return [_clean(upload, field) for upload in uploads]


def _clean(upload: IO[bytes], field: str) -> Clean:
    start = upload.read(1024)
    upload.seek(0)
    if _PDF_MARK in start:
        return Clean(clean_pdf(upload, field=field), PDF)
    return Clean(files.clean_photo(upload, field=field), JPEG)


def clean_pdf(upload: IO[bytes], *, field: str) -> bytes:
    """Return the pages of a PDF, written anew, with nothing that acts, travels along or tells.

    Scripts, actions, forms, embedded files and metadata stay away. Raises Invalid when it is
    locked, unreadable, too large or too long.
    """
    import pikepdf  # by whoever is sent one, and by nobody else

    data = upload.read(MAX_PDF_BYTES + 1)
    if len(data) > MAX_PDF_BYTES:
        raise Invalid({field: ["Le PDF dépasse 15 Mo."]})
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise Invalid({field: [f"Le PDF dépasse {MAX_PAGES} pages."]})
            _strip(pdf, pikepdf.Array)
            out = io.BytesIO()
            pdf.save(out, fix_metadata_version=False)
    except Invalid:
        raise
    except pikepdf.PasswordError as error:
        raise Invalid({field: ["Ce PDF est protégé par un mot de passe."]}) from error
    except Exception as error:
        raise Invalid({field: ["Ce PDF n’est pas lisible."]}) from error
    return out.getvalue()


def _strip(pdf: pikepdf.Pdf, array: type[pikepdf.Array]) -> None:
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
            page.obj["/Annots"] = array(one for one in found if not _acts(one))
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
