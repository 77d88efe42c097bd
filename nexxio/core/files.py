"""Files on their way in and out: checked, cleaned, kept under landlord/sha256."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from PIL import Image, ImageOps

from nexxio.core import file_readings
from nexxio.core.actors import Actor
from nexxio.core.errors import BUSY, Invalid, Refused
from nexxio.core.models import StoredFile

MAX_PHOTO_BYTES = 15 * 1024 * 1024
# A JPEG is decoded at a fraction of its size, so that a good phone's photo may pass; the other
# formats, and a JPEG that comes in several scans, have to be held whole.
MAX_PIXELS = 50_000_000
MAX_PIXELS_WHOLE = 20_000_000
MAX_SIDE = 2000
# Each goes over all pixels and weighs next to nothing: 200 000 fit into a photo of 15 MB, and take
# a quarter of an hour. Cameras write ten or so.
MAX_SCANS = 100
MAX_SCANNED = 300_000_000
"""Of pixels times scans: 20 megapixels in fifteen."""
MOST_AT_ONCE = 2
"""So many photos, of some 300 MB each while they are read, and as many PDFs: whoever sends many at
once must not take the site's memory."""
TURN_SECONDS = 20.0
_JPEG = b"\xff\xd8"
_SCAN, _END = 0xDA, 0xD9
# Those that stand alone (TEM, restarts) are left out: all others have a length.
_MARKER = re.compile(rb"\xff([\x02-\xcf\xd8-\xfe])")
_FORMATS = ("JPEG", "PNG", "WEBP")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class NoPhoto(Invalid):
    """A file that isn't a picture which can be read."""


_photos = BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def in_turn(places: BoundedSemaphore) -> Iterator[None]:
    """Wait for a place, in a process that reads few files at a time. Raises Refused (BUSY)."""
    if not places.acquire(timeout=TURN_SECONDS):
        text = "Beaucoup de fichiers arrivent en même temps : renvoyez celui-ci dans une minute."
        raise Refused(text, code=BUSY)
    try:
        yield
    finally:
        places.release()


def clean_photo(upload: IO[bytes], *, field: str = "photo") -> bytes:
    """Return a JPEG of at most 2000 px a side, without any metadata.

    Re-encoding strips position and camera data, and whatever else hides in the file. Raises
    Invalid when it is no photo, too large, or a decompression bomb, Refused where too many come at
    once. Takes up to a second, and its turn: call it before anything is locked.
    """
    with in_turn(_photos):
        return _clean(upload, field)


def _clean(upload: IO[bytes], field: str) -> bytes:
    data = upload.read(MAX_PHOTO_BYTES + 1)
    if len(data) > MAX_PHOTO_BYTES:
        raise Invalid({field: ["La photo dépasse 15 Mo."]})
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            pixels = image.width * image.height
            scans = _scans_of(data) if data.startswith(_JPEG) else 1
            in_parts = image.format != "JPEG" or scans > 1
            if pixels > (MAX_PIXELS_WHOLE if in_parts else MAX_PIXELS):
                raise Invalid({field: ["La photo a trop de pixels."]})
            if scans > MAX_SCANS or scans * pixels > MAX_SCANNED:
                raise Invalid({field: ["Cette photo est construite de façon anormale."]})
            shrink = max(image.size) / MAX_SIDE
            image.draft("RGB", (int(image.width / shrink), int(image.height / shrink)))
            small = image.convert("RGB")
            small.thumbnail((MAX_SIDE, MAX_SIDE))
            turned = ImageOps.exif_transpose(small)
            clean = Image.new("RGB", turned.size)
            clean.paste(turned)
            out = io.BytesIO()
            clean.save(out, "JPEG", quality=82, optimize=True)
    except Invalid:
        raise
    except Exception as error:
        raise NoPhoto(
            {field: ["Ce fichier n’est pas une photo lisible (JPEG, PNG ou WebP)."]}
        ) from error
    return out.getvalue()


def _scans_of(data: bytes) -> int:
    """Count the scans of a JPEG's picture; what follows its end, as a film does, is none."""
    scans, place = 0, len(_JPEG)
    while (found := _MARKER.search(data, place)) is not None:
        kind, place = found[1][0], found.end()
        if kind == _END:
            break
        scans += kind == _SCAN
        place += int.from_bytes(data[place : place + 2], "big")
    return scans


def digest_of(data: bytes) -> str:
    """Return what the same bytes are known by."""
    return hashlib.sha256(data).hexdigest()


def store(
    data: bytes,
    *,
    landlord_id: UUID,
    contractor_id: UUID | None,
    tenant_id: UUID | None,
    reader_case_id: UUID | None,
    media_type: str,
    name: str,
    order_id: UUID | None = None,
) -> StoredFile:
    """Keep bytes and their row, in the caller's transaction. order_id: whose paper may keep it.

    The bytes are written first: a row without its file is worse than a file without a row. A file
    that was cut short, as by a full disk, is written again and never reused.
    """
    row = StoredFile(
        landlord_id=landlord_id,
        contractor_id=contractor_id,
        tenant_id=tenant_id,
        reader_case_id=reader_case_id,
        sha256=digest_of(data),
        media_type=media_type,
        size=len(data),
        name=name,
        order_id=order_id,
    )
    _keep(row.storage_path, data)
    row.save(force_insert=True)
    return row


def keep_again(row: StoredFile, data: bytes) -> None:
    """Write the same bytes again where the file was lost or cut short."""
    _keep(row.storage_path, data)


def _keep(path: str, data: bytes) -> None:
    if default_storage.exists(path):
        if default_storage.size(path) == len(data):
            return
        default_storage.delete(path)
    default_storage.save(path, ContentFile(data))


def read(actor: Actor, row: StoredFile, *, order_id: UUID) -> bytes:
    """Return a file of an order whose door has been passed; the reader is noted, as by `serve`."""
    file_readings.note_reading(actor=actor, file=row, order_id=order_id)
    with default_storage.open(row.storage_path) as kept:
        found: bytes = kept.read()
    return found


def serve(
    request: HttpRequest,
    row: StoredFile,
    *,
    download: bool = False,
    order_id: UUID | None = None,
) -> HttpResponseBase:
    """Answer a file whose door has been passed. Never rendered as a page of our origin.

    The browser may keep it, but asks each time whether it may still show it: the door is passed
    again, and an unchanged file isn't sent twice. download: to keep rather than to look at (a PDF
    can't be looked at inside a sandbox). order_id: the order that it belongs to, in whose log the
    reader is noted (core/file_readings).
    """
    actor = getattr(request, "actor", None)
    if order_id is not None and actor is not None:
        file_readings.note_reading(actor=actor, file=row, order_id=order_id)
    etag = f'"{row.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or FileResponse(
        default_storage.open(row.storage_path),
        content_type=row.media_type,
        filename=row.name,
        as_attachment=download,
    )
    response["ETag"] = etag
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-cache"
    return response
