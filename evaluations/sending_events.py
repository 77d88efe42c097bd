"""The event type of a claim letter that was sent."""

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
class ClaimSent(EventType):
    """A company says on which day it sent a claim letter; both sides read it."""

    kind: ClassVar[str] = "claim.sent"
    icon: ClassVar[str] = "mail"
    sent_on: date
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("L’entreprise vous a envoyé une lettre de réclamation"),
        Side.CONTRACTOR: _("{who} a noté l’envoi d’une lettre de réclamation"),
    }
