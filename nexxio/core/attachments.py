"""Attachments on their way in: a photo or a PDF, recognised by what is in it and cleaned."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from nexxio.core import files
from nexxio.core.errors import Invalid

MAX_PDF_BYTES = 15 * 1024 * 1024
MOST = 4
PDF = "application/pdf"
JPEG = "image/jpeg"
_PDF_MARK = b"%PDF-"
_CLEANER = Path(__file__).with_name("pdf_cleaning.py")
_SECONDS = 30
_UNREADABLE = "Ce PDF n’est pas lisible."
_cleaners = BoundedSemaphore(files.MOST_AT_ONCE)
# What the cleaner's exit codes say.
_REFUSALS = {
    3: "Ce PDF est protégé par un mot de passe.",
    4: "Le PDF dépasse 200 pages.",
}


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
    try:
        return Clean(files.clean_photo(upload, field=field), JPEG)
    except files.NoPhoto as error:
        said = "Ce fichier n’est ni une photo lisible (JPEG, PNG ou WebP) ni un PDF."
        raise Invalid({field: [said]}) from error


def clean_pdf(upload: IO[bytes], *, field: str) -> bytes:
    """Return the pages of a PDF, written anew, with nothing that acts, travels along or tells.

    Scripts, actions, forms, embedded files and metadata stay away. In a process of its own, with
    bounds of time and memory (pdf_cleaning), two of them at a time. Raises Invalid when it is
    locked, unreadable, too large, too long, or takes more than that; Refused as `clean_photo`.
    """
    with files.in_turn(_cleaners):
        return _clean_pdf(upload, field)


def _clean_pdf(upload: IO[bytes], field: str) -> bytes:
    data = upload.read(MAX_PDF_BYTES + 1)
    if len(data) > MAX_PDF_BYTES:
        raise Invalid({field: ["Le PDF dépasse 15 Mo."]})
    # Files rather than pipes: how much is written is bounded too.
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer:
        asked.write(data)
        asked.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 (ourselves)
                [sys.executable, "-I", str(_CLEANER)],
                stdin=asked,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Invalid({field: [_UNREADABLE]}) from error
        if done.returncode:
            raise Invalid({field: [_REFUSALS.get(done.returncode, _UNREADABLE)]})
        answer.seek(0)
        return answer.read()
