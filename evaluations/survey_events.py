"""Event types of a landlord's own satisfaction survey. The figures stay in their rows."""

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
class TenantSurveyKept(EventType):
    """A figure of the landlord's own survey is kept; replaced: there was one of that day."""

    kind: ClassVar[str] = "tenant_survey.kept"
    icon: ClassVar[str] = "clipboard-list"
    held_on: date
    replaced: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a importé un résultat de votre enquête de satisfaction")
    }


@register
@dataclass(frozen=True, kw_only=True)
class TenantSurveyWithdrawn(EventType):
    """A figure of the landlord's own survey is taken away."""

    kind: ClassVar[str] = "tenant_survey.withdrawn"
    icon: ClassVar[str] = "x"
    held_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a retiré un résultat de votre enquête de satisfaction")
    }
