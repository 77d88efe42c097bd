"""Coded lists that stand in the code: shown to platform staff, changed by a release only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CodedList:
    """A title and (code, label) pairs."""

    title: Any
    rows: list[tuple[str, Any]]


_lists: list[CodedList] = []


def list_codes(title: Any, choices: Any) -> None:
    """Show the members of a Choices class under a title."""
    _lists.append(CodedList(title, list(choices.choices)))


def all_lists() -> list[CodedList]:
    """Return all lists, in the order in which they were given."""
    return list(_lists)
