"""Event types of claim letters and of the alert on what is blocked. No amount that is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register
from nexxio.core.templatetags.ui import number

C = Side.CONTRACTOR


@register
@dataclass(frozen=True, kw_only=True)
class ClaimAsked(EventType):
    """A company wants a claim letter to a landlord, whom nobody tells. invoices: how many."""

    kind: ClassVar[str] = "claim.asked"
    icon: ClassVar[str] = "mail"
    invoices: int
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{who} a demandé une lettre de réclamation")}


@register
@dataclass(frozen=True, kw_only=True)
class ClaimMade(EventType):
    """The letter can be fetched."""

    kind: ClassVar[str] = "claim.made"
    icon: ClassVar[str] = "file-type-pdf"
    wording: ClassVar[Mapping[Side, Any]] = {C: _("La lettre de réclamation est prête")}


@register
@dataclass(frozen=True, kw_only=True)
class ClaimFailed(EventType):
    """No letter could be made; it may be asked for again."""

    kind: ClassVar[str] = "claim.failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("La lettre de réclamation n’a pas pu être préparée")
    }


@register
@dataclass(frozen=True, kw_only=True)
class BlockedOver(EventType):
    """What a landlord blocks of one company has passed the threshold. limit: euros."""

    kind: ClassVar[str] = "blocked.over"
    icon: ClassVar[str] = "bell-ringing"
    tone: ClassVar[str] = "danger"
    limit: int
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("Plus de {limit} € bloqués pour une même entreprise"),
        C: _("Plus de {limit} € bloqués par un même bailleur"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the threshold as people write it."""
        return {"limit": number(payload["limit"])}
