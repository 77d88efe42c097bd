"""Keys and speakable references."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import uuid6
from stdnum import damm


def new_id() -> UUID:
    """Return a UUIDv7: ordered by time, made here so that a row knows its key before insertion."""
    return UUID(int=uuid6.uuid7().int)


def first_id_at(instant: datetime) -> UUID:
    """Return the lowest key that a row made at `instant` may have: keys find rows by age."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)


def make_reference(*, prefix: str, year: int, number: int) -> str:
    """Return a reference to be read aloud, such as ``C26-000042-7``.

    The last digit is Damm's check digit over year and number: it finds each single wrong digit
    and each swap of neighbours.
    """
    body = f"{year % 100:02d}{number:06d}"
    return f"{prefix}{body[:2]}-{body[2:]}-{damm.calc_check_digit(body)}"


def is_reference(text: str) -> bool:
    """Tell whether `text` is a well-formed reference with a right check digit."""
    parts = text.strip().upper().split("-")
    digits = "".join(parts)[1:] if len(parts) == 3 else ""  # noqa: PLR2004 (prefix-number-check)
    return digits.isdigit() and bool(damm.is_valid(digits))
