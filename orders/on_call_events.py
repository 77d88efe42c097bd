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
    """A company on call began works; the landlord orders them afterwards."""

    kind: ClassVar[str] = "order.opened_on_call"
    icon: ClassVar[str] = "urgent"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a ouvert une commande d’astreinte : elle est à régulariser"),
        C: _("{who} a ouvert la commande d’astreinte ; le bailleur est prévenu"),
    }
