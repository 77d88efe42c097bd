"""Event types of a contract's upkeep: its equipment, and the visits that the company notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register

L, C = Side.LANDLORD, Side.CONTRACTOR


@dataclass(frozen=True, kw_only=True)
class _OfEquipment(EventType):
    """What happened to one equipment. what: its name and where it stands."""

    what: str


@register
@dataclass(frozen=True, kw_only=True)
class EquipmentNoted(_OfEquipment):
    """A contract keeps it up from now on."""

    kind: ClassVar[str] = "equipment.noted"
    icon: ClassVar[str] = "tool"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a ajouté un équipement à entretenir : {what}"),
        C: _("{who} a ajouté un équipement à entretenir : {what}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class EquipmentRetired(_OfEquipment):
    """It is kept up no more."""

    kind: ClassVar[str] = "equipment.retired"
    icon: ClassVar[str] = "archive"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a retiré un équipement de l’entretien : {what}"),
        C: _("{who} a retiré un équipement de l’entretien : {what}"),
    }


@dataclass(frozen=True, kw_only=True)
class _OfDay(EventType):
    """Visits of one day."""

    visited_on: date

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Write the day as people do."""
        day = date.fromisoformat(str(payload["visited_on"]))
        return {**super().words(payload, side), "day": f"{day:%d/%m/%Y}"}


@register
@dataclass(frozen=True, kw_only=True)
class UpkeepNoted(_OfDay):
    """The company noted visits of a day: how many were made, how many found no access."""

    kind: ClassVar[str] = "upkeep.noted"
    icon: ClassVar[str] = "clipboard-check"
    tone: ClassVar[str] = "success"
    done: int
    no_access: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a noté les passages du {day} : {made}{missed}"),
        C: _("{who} a noté les passages du {day} : {made}{missed}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Count both."""
        done, missed = int(payload["done"]), int(payload["no_access"])
        made = ngettext("{n} entretien fait", "{n} entretiens faits", done).format(n=done)
        none = _(", {n} sans accès").format(n=missed) if missed else ""
        return {**super().words(payload, side), "made": made, "missed": str(none)}


@register
@dataclass(frozen=True, kw_only=True)
class UpkeepWithdrawn(_OfDay):
    """The company took back a visit that it had noted by mistake."""

    kind: ClassVar[str] = "upkeep.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    tone: ClassVar[str] = "warning"
    what: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a retiré le passage du {day} : {what}"),
        C: _("{who} a retiré le passage du {day} : {what}"),
    }
