"""Files that somebody asks for and a worker makes: prepared, then ready with the file, or failed.

A row of that kind has `state` (with these three values at least) and `file`, and a constraint that
it is ready exactly when its file is there. Callers lock it first, and record what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from nexxio.core import files

PREPARING, READY, FAILED = "preparing", "ready", "failed"


def keep(
    row: Any,
    data: bytes,
    *,
    landlord_id: UUID,
    contractor_id: UUID | None,
    name: str,
    media_type: str = "application/pdf",
    also: Mapping[str, Any] | None = None,
) -> bool:
    """Give a locked row the file that a worker has made, for those two to read.

    also: other fields to set with it. Returns False and changes nothing where it is ready already:
    the worker before was only slow.
    """
    if row.state == READY:
        return False
    row.file = files.store(
        data,
        landlord_id=landlord_id,
        contractor_id=contractor_id,
        tenant_id=None,
        reader_case_id=None,
        media_type=media_type,
        name=name,
    )
    row.state = READY
    for field, value in (also or {}).items():
        setattr(row, field, value)
    row.save(update_fields=["file", "state", *(also or ())])
    return True


def give_up(row: Any) -> bool:
    """Note on a locked row that its file could not be made; False where nobody waits for it."""
    if row.state != PREPARING:
        return False
    row.state = FAILED
    row.save(update_fields=["state"])
    return True
