"""Event types of holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register
from nexxio.core.templatetags.ui import day
from orders.hold_states import TENANT_SENTENCES, HoldReason

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


class _HoldWords:
    """Turns reason and day into words; the tenant's sentence is whole."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {reason}, {day} and {sentence}."""
        reason = payload["reason"]
        known = dict(HoldReason.choices)
        return {
            "reason": str(known.get(reason, reason)),
            "day": day(date.fromisoformat(payload["expected_on"]), "letter"),
            "sentence": str(TENANT_SENTENCES.get(reason, "")),
        }


@register
@dataclass(frozen=True, kw_only=True)
class OrderHeld(_HoldWords, EventType):
    """The order waits for something."""

    kind: ClassVar[str] = "hold.opened"
    icon: ClassVar[str] = "player-pause"
    tone: ClassVar[str] = "warning"
    reason: str
    expected_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a mis la commande en attente : {reason}, jusqu’au {day}"),
        C: _("{who} a mis la commande en attente : {reason}, jusqu’au {day}"),
        T: _("{sentence}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class HoldPostponed(_HoldWords, EventType):
    """It takes longer than was said."""

    kind: ClassVar[str] = "hold.postponed"
    icon: ClassVar[str] = "calendar-time"
    tone: ClassVar[str] = "warning"
    reason: str
    expected_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a prolongé l’attente ({reason}) jusqu’au {day}"),
        C: _("{who} a prolongé l’attente ({reason}) jusqu’au {day}"),
        T: _("L’attente se prolonge jusqu’au {day}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class HoldLifted(_HoldWords, EventType):
    """Nothing holds the order any more."""

    kind: ClassVar[str] = "hold.lifted"
    icon: ClassVar[str] = "player-play"
    tone: ClassVar[str] = "success"
    reason: str
    expected_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a levé l’attente ({reason})"),
        C: _("{who} a levé l’attente ({reason})"),
        T: _("L’attente est finie, l’intervention reprend"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class HoldOverdue(_HoldWords, EventType):
    """The day that was said is over, and the order still waits."""

    kind: ClassVar[str] = "hold.overdue"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "danger"
    reason: str
    expected_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("L’attente ({reason}) devait finir le {day} : à lever ou à prolonger"),
        C: _("L’attente ({reason}) devait finir le {day} : à lever ou à prolonger"),
    }
