"""What an app keeps beside its rows of what was recorded, in the very transaction that records.

A subscriber hears after the commit; a projection is never behind. It must be quick, and write
what the scope of the act may write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexxio.core.models import Event

Projection = Callable[[list["Event"]], None]


@dataclass(frozen=True)
class _Kept:
    kinds: frozenset[str]
    keep: Projection


_kept: list[_Kept] = []


def projects(*kinds: str) -> Callable[[Projection], Projection]:
    """Register a function that gets the events of `kinds` just recorded, in their order."""

    def decorate(keep: Projection) -> Projection:
        _kept.append(_Kept(frozenset(kinds), keep))
        return keep

    return decorate


def project(rows: list[Event]) -> None:
    """Hand events to the projections that want them. Runs in the transaction that recorded them."""
    for each in _kept:
        wanted = [row for row in rows if row.kind in each.kinds]
        if wanted:
            each.keep(wanted)
