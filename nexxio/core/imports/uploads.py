"""Files that people send to be imported, and reports that they take away."""

from __future__ import annotations

import hashlib
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Invalid
from nexxio.core.models import StoredFile

MAX_UPLOAD_BYTES = 50_000_000
_CHUNK = 1 << 20


def keep_upload(actor: Actor, upload: IO[bytes], name: str, media_type: str) -> StoredFile:
    """Keep a file without ever holding it in memory. Raises Invalid for its size.

    Only the actor's own house may read it.
    """
    digest, size = hashlib.sha256(), 0
    while chunk := upload.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > MAX_UPLOAD_BYTES:
            limit = MAX_UPLOAD_BYTES // 1_000_000
            raise Invalid({"file": [f"Le fichier dépasse {limit} Mo : partagez-le en plusieurs."]})
    if not size:
        raise Invalid({"file": ["Le fichier est vide."]})
    return _keep(actor, upload, name, media_type, digest.hexdigest(), size)


def keep_report(actor: Actor, report: IO[bytes], name: str) -> StoredFile:
    """Keep a report of any size."""
    report.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := report.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return _keep(actor, report, name, "text/csv; charset=utf-8", digest.hexdigest(), size)


def _keep(
    actor: Actor, stream: IO[bytes], name: str, media_type: str, sha256: str, size: int
) -> StoredFile:
    row = StoredFile(
        landlord_id=actor.own_id,
        contractor_id=actor.own_id if actor.side is Side.CONTRACTOR else None,
        sha256=sha256,
        media_type=media_type,
        size=size,
        name=name[-160:],
    )
    if not default_storage.exists(row.storage_path):
        stream.seek(0)
        default_storage.save(row.storage_path, File(stream))
    row.save(force_insert=True)
    return row
