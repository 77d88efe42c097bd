"""Event types: registered once, with their wording for each side.

An event type is a frozen dataclass. Its fields become the payload: ids, codes and numbers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from nexxio.core.actors import Side
from nexxio.core.typography import french


@dataclass(frozen=True, kw_only=True)
class EventType:
    """Base of all event types.

    kind: dotted, past tense. wording: a sentence for each side that may read it ("{who}" is put
    in, and whatever `words()` returns); a side without a sentence doesn't see the event.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    icon: ClassVar[str] = "point"
    tone: ClassVar[str] = "neutral"
    wording: ClassVar[Mapping[Side, Any]]

    def payload(self) -> dict[str, Any]:
        """Return the payload as JSON values."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return what stands in for the wording's {names}; codes become French words here."""
        return {name: str(value) for name, value in payload.items()}


def for_both(sentence: Any) -> Mapping[Side, Any]:
    """Return the wording of an event that landlord and contractor read in the same words."""
    return {Side.LANDLORD: sentence, Side.CONTRACTOR: sentence}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [_plain(part) for part in value]
    return value


_registry: dict[str, type[EventType]] = {}


def register(cls: type[EventType]) -> type[EventType]:
    """Class decorator: make the event type known by its kind. A kind is registered once."""
    if cls.kind in _registry:
        raise ValueError(f"Event kind {cls.kind} is registered twice.")
    _registry[cls.kind] = cls
    return cls


def event_type(kind: str) -> type[EventType] | None:
    """Return the type of a recorded kind; None for a kind that this version doesn't know."""
    return _registry.get(kind)


def all_event_types() -> list[type[EventType]]:
    """Return all registered types, by kind."""
    return [_registry[kind] for kind in sorted(_registry)]


def describe(kind: str, payload: Mapping[str, Any], *, side: Side, who: str) -> str | None:
    """Return the sentence that `side` reads, or None when the event isn't for it.

    It is set as a French printer does: it doesn't break before a colon, whatever was put in.
    """
    cls = event_type(kind)
    if cls is None or side not in cls.wording:
        return None
    sentence = str(cls.wording[side]).format_map({"who": who, **cls.words(payload, side)})
    return french(sentence)
