"""Event types of the pieces that an invoice will need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from orders.terms import piece_labels


class _PieceWords:
    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the piece in words."""
        return {"piece": ", ".join(piece_labels([payload["piece"]])) or str(payload["piece"])}


@register
@dataclass(frozen=True, kw_only=True)
class PieceAdded(_PieceWords, EventType):
    """The contractor gave a piece that its contract asks for."""

    kind: ClassVar[str] = "piece.added"
    icon: ClassVar[str] = "paperclip"
    piece: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a joint une pièce : {piece}"))


@register
@dataclass(frozen=True, kw_only=True)
class SheetAccepted(EventType):
    """The landlord signed the sheet of hours and material of works by the hour."""

    kind: ClassVar[str] = "piece.accepted"
    icon: ClassVar[str] = "signature"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a signé l’attachement"))


@register
@dataclass(frozen=True, kw_only=True)
class SheetRefused(EventType):
    """The landlord doesn't agree with it: the company gives another one."""

    kind: ClassVar[str] = "piece.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a refusé l’attachement"))


@register
@dataclass(frozen=True, kw_only=True)
class PieceWithdrawn(_PieceWords, EventType):
    """It was the wrong file."""

    kind: ClassVar[str] = "piece.withdrawn"
    icon: ClassVar[str] = "trash"
    tone: ClassVar[str] = "warning"
    piece: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a retiré une pièce : {piece}"))
