"""Event types of warranties. Only the landlord reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


@register
@dataclass(frozen=True, kw_only=True)
class WarrantyNoted(EventType):
    """A warranty runs on a residence."""

    kind: ClassVar[str] = "warranty.noted"
    icon: ClassVar[str] = "shield-check"
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("{who} a noté une garantie")}


@register
@dataclass(frozen=True, kw_only=True)
class WarrantyEnded(EventType):
    """It was taken back before its last day."""

    kind: ClassVar[str] = "warranty.ended"
    icon: ClassVar[str] = "shield-off"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("{who} a retiré une garantie")}
