"""Refusals that services raise and pages explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

BUSY = "busy"
"""Code of a refusal that only the moment is to blame for: the same again, later, may pass."""


class Unavailable(Exception):
    """Something outside doesn't answer. What was handed over isn't to blame: try it later."""


class Refused(Exception):
    """The act isn't allowed as things stand; `message` says why, in French, for the reader."""

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Conflict(Refused):
    """Somebody else was faster, or the state has moved on.

    by and at say who made the last move and when it was recorded, where that is known.
    """

    def __init__(self, message: str, *, by: str = "", at: datetime | None = None) -> None:
        super().__init__(message, code="conflict")
        self.by = by
        self.at = at


class Incomplete(Refused):
    """Something blocking is missing; `missing` lists codes with their sentence."""

    def __init__(self, message: str, *, missing: Sequence[tuple[str, str]]) -> None:
        super().__init__(message, code="incomplete")
        self.missing = list(missing)


class Invalid(Refused):
    """Input fields are wrong; `errors` maps a field's name to its messages."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(" ".join(m for found in errors.values() for m in found), code="invalid")
        self.errors = {name: list(found) for name, found in errors.items()}
