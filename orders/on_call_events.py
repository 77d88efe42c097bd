"""Event types of works on call: between the two organisations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register

L, C = Side.LANDLORD, Side.CONTRACTOR


@register
@dataclass(frozen=True, kw_only=True)
class OrderOpenedOnCall(EventType):
    """A company on call began works; the landlord orders them afterwards.

    off_hours: outside the hours at which its contract has it on call.
    """

    kind: ClassVar[str] = "order.opened_on_call"
    icon: ClassVar[str] = "urgent"
    tone: ClassVar[str] = "warning"
    off_hours: bool = False
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a ouvert une commande d’astreinte{when} : elle est à régulariser"),
        C: _("{who} a ouvert la commande d’astreinte{when} ; le bailleur est prévenu"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say that it was outside the contract's hours; the first events of this kind don't."""
        off = payload.get("off_hours", False)
        return {"when": str(_(" hors des heures du marché")) if off else ""}
