"""Event types of reported comments. None says a word of the comment, or who wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class VoiceReported(EventType):
    """One of the two houses asks the platform to look at a tenant's comment. ground: why."""

    kind: ClassVar[str] = "voice.reported"
    icon: ClassVar[str] = "flag"
    tone: ClassVar[str] = "warning"
    ground: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a signalé un commentaire de locataire")
    )


@register
@dataclass(frozen=True, kw_only=True)
class VoiceKept(EventType):
    """The platform looked at it: it stays."""

    kind: ClassVar[str] = "voice.kept"
    icon: ClassVar[str] = "gavel"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a maintenu un commentaire signalé")
    )


@register
@dataclass(frozen=True, kw_only=True)
class VoiceWithdrawn(EventType):
    """The platform looked at it: its words are gone for good."""

    kind: ClassVar[str] = "voice.withdrawn"
    icon: ClassVar[str] = "gavel"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a retiré un commentaire signalé")
    )
