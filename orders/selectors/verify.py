"""What the code of a sealed document tells to anybody: it comes before any scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from nexxio.core import links


@dataclass(frozen=True)
class Sealed:
    """A sealed document, without persons, places or sums."""

    landlord: str
    number: int
    is_tacit: bool
    decided_at: datetime
    sha256: str


def find_sealed(token: str) -> Sealed | None:
    """Look a code up; None for one that no sealed document bears.

    A security-definer function compares the hash, as for links: the database keeps no code.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT landlord, number, is_tacit, decided_at, sha256 FROM nexxio_find_sealed(%s)",
            [links.hash_of(token)],
        )
        row = cursor.fetchone()
    return Sealed(*row) if row else None
