"""What the database refuses, in words beside a field: a constraint's name maps to its message.

Looking first and writing then leaves a gap in which somebody else writes, and policies hide rows
that a unique constraint still sees. So a service writes, and the constraint answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from nexxio.core.errors import Invalid

_messages: dict[str, tuple[str, Any]] = {}


def explain(constraint: str, field: str, message: Any) -> None:
    """Give a constraint the message that a person reads, and the field that it concerns."""
    if constraint in _messages:
        raise ValueError(f"Constraint {constraint} is explained twice.")
    _messages[constraint] = (field, message)


def explanations() -> dict[str, tuple[str, Any]]:
    """Return (field, message) by the constraint's name."""
    return dict(_messages)


@contextmanager
def explained() -> Iterator[None]:
    """Write inside: a constraint that has a message raises Invalid with it.

    Opens a savepoint, so that the caller's transaction goes on. Other violations pass as they are:
    they are faults of ours.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _messages:
            raise
        field, message = _messages[name]
        raise Invalid({field: [str(message)]}) from error
