"""Event types of what a house asks its own members. There is none of an answer: it would tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class StaffAsked(EventType):
    """The members of a house are asked about their own organisation."""

    kind: ClassVar[str] = "staff.asked"
    icon: ClassVar[str] = "users"
    tone: ClassVar[str] = "info"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Vos équipes sont interrogées sur leur organisation")
    )


@register
@dataclass(frozen=True, kw_only=True)
class StaffPublished(EventType):
    """What they say together is there, or that too few answered."""

    kind: ClassVar[str] = "staff.published"
    icon: ClassVar[str] = "chart-radar"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Les réponses de vos équipes sont publiées"))
