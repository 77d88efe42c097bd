"""The code of a row: derived from its key, so that nobody can read it in the database."""

from __future__ import annotations

import hmac
from uuid import UUID

from nexxio.core.links import keyed

DIGITS = 6


def code_of(entry_id: UUID) -> str:
    """Return the code of a row: six digits, derived with the secret of links."""
    digest = keyed("entry", entry_id.bytes)
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def is_code_of(entry_id: UUID, typed: str) -> bool:
    """Compare in a time that says nothing of where the difference is."""
    return hmac.compare_digest(code_of(entry_id).encode(), typed.encode())
