"""Event types of roll-outs and of what else changed. What was written stays in its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


@register
@dataclass(frozen=True, kw_only=True)
class RolloutPlanned(EventType):
    """A perimeter goes live on a day; late: it was declared when that day was over."""

    kind: ClassVar[str] = "rollout.planned"
    icon: ClassVar[str] = "calendar-plus"
    trade: str
    starts_on: date
    late: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a prévu la mise en service d’un périmètre")
    }


@register
@dataclass(frozen=True, kw_only=True)
class RolloutMoved(EventType):
    """The day of a roll-out that was to come is another one."""

    kind: ClassVar[str] = "rollout.moved"
    icon: ClassVar[str] = "calendar-event"
    was: date
    starts_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a déplacé la mise en service d’un périmètre")
    }


@register
@dataclass(frozen=True, kw_only=True)
class RolloutCancelled(EventType):
    """A roll-out that was to come won't be."""

    kind: ClassVar[str] = "rollout.cancelled"
    icon: ClassVar[str] = "calendar-off"
    starts_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a annulé la mise en service d’un périmètre")
    }


@register
@dataclass(frozen=True, kw_only=True)
class RolloutMeasured(EventType):
    """The figures of a roll-out were estimated again; told: of how many indicators."""

    kind: ClassVar[str] = "rollout.measured"
    icon: ClassVar[str] = "chart-dots"
    told: int
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("L’impact d’un périmètre a été mesuré")
    }


@register
@dataclass(frozen=True, kw_only=True)
class ImpactNoted(EventType):
    """Something else changed, on a perimeter or everywhere."""

    kind: ClassVar[str] = "impact.noted"
    icon: ClassVar[str] = "notebook"
    happened_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a ajouté une note au journal de l’impact")
    }


@register
@dataclass(frozen=True, kw_only=True)
class ImpactNoteWithdrawn(EventType):
    """A note isn't to be read any more; it stays."""

    kind: ClassVar[str] = "impact.note_withdrawn"
    icon: ClassVar[str] = "circle-x"
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a retiré une note du journal de l’impact")
    }
