"""Slots: a lower app's template offers a place, an upper app fills it.

The upward road that isn't an event: the lower app knows the place's name, never who fills it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nexxio.core.actors import Actor


@dataclass(frozen=True)
class Part:
    """What fills a place: a template, and the only variables that it gets beside the request."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Filler = Callable[[Actor, Any], Part | None]
_fillers: dict[str, list[Filler]] = {}


def fills(name: str) -> Callable[[Filler], Filler]:
    """Register what fills a place. It is asked as the actor, in his scope; None leaves it empty."""

    def decorate(filler: Filler) -> Filler:
        _fillers.setdefault(name, []).append(filler)
        return filler

    return decorate


def parts_of(name: str, actor: Actor, subject: Any) -> list[Part]:
    """Return what fills a place of a page about `subject`, as `actor` reads it."""
    found = (filler(actor, subject) for filler in _fillers.get(name, []))
    return [part for part in found if part is not None]
