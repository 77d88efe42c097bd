"""Event types of what is said on an order: that something was said, never what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


@register
@dataclass(frozen=True, kw_only=True)
class MessageSent(EventType):
    """A message between the parties; read by whoever reads the message."""

    kind: ClassVar[str] = "message.sent"
    icon: ClassVar[str] = "message"
    audience: str
    files: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a écrit un message"),
        C: _("{who} a écrit un message"),
        T: _("{who} : un message"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class NoteWritten(EventType):
    """An internal note: an event of its own house, whose subject is the order it is about."""

    kind: ClassVar[str] = "note.written"
    icon: ClassVar[str] = "note"
    note_id: UUID
    files: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a écrit une note interne"),
        C: _("{who} a écrit une note interne"),
    }
