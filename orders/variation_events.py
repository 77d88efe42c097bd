"""Event types of variations. No amount stands in them: tenants read some of these rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register
from orders.variation_states import RejectReason, VariationReason
from orders.wording import code_text

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


@register
@dataclass(frozen=True, kw_only=True)
class VariationDrafted(EventType):
    """The contractor prepares a variation; nobody else knows yet."""

    kind: ClassVar[str] = "variation.drafted"
    icon: ClassVar[str] = "pencil"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a préparé le devis complémentaire n° {number}")
    }


@register
@dataclass(frozen=True, kw_only=True)
class VariationAsked(EventType):
    """Extra works are needed: the landlord has to answer."""

    kind: ClassVar[str] = "variation.asked"
    icon: ClassVar[str] = "file-plus"
    tone: ClassVar[str] = "warning"
    number: int
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} demande un devis complémentaire (n° {number}) : {reason}"),
        C: _("{who} a demandé le devis complémentaire n° {number} : {reason}"),
        T: _("Des travaux complémentaires sont en attente d’accord"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        reason = code_text(VariationReason, payload["reason"])
        return {"number": str(payload["number"]), "reason": reason}


@register
@dataclass(frozen=True, kw_only=True)
class VariationGranted(EventType):
    """All that was asked is granted, by a person or inside the contract's tolerance."""

    kind: ClassVar[str] = "variation.granted"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a accordé le devis complémentaire n° {number}"),
        C: _("{who} a accordé votre devis complémentaire n° {number}"),
        T: _("Les travaux complémentaires sont acceptés"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VariationPartlyGranted(EventType):
    """A part of what was asked is granted."""

    kind: ClassVar[str] = "variation.partly_granted"
    icon: ClassVar[str] = "progress-check"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a accordé en partie le devis complémentaire n° {number}"),
        C: _("{who} a accordé en partie votre devis complémentaire n° {number}"),
        T: _("Une partie des travaux complémentaires est acceptée"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VariationRejected(EventType):
    """Extra works are refused, with a reason."""

    kind: ClassVar[str] = "variation.rejected"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    number: int
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a refusé le devis complémentaire n° {number} : {reason}"),
        C: _("{who} a refusé votre devis complémentaire n° {number} : {reason}"),
        T: _("Les travaux complémentaires ne sont pas retenus"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        reason = code_text(RejectReason, payload["reason"])
        return {"number": str(payload["number"]), "reason": reason}


@register
@dataclass(frozen=True, kw_only=True)
class VariationWithdrawn(EventType):
    """The contractor takes back what it had asked."""

    kind: ClassVar[str] = "variation.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a retiré le devis complémentaire n° {number}"),
        C: _("{who} a retiré le devis complémentaire n° {number}"),
        T: _("Les travaux complémentaires ne sont plus demandés"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VariationDropped(EventType):
    """A draft is given up; nobody else ever knew."""

    kind: ClassVar[str] = "variation.dropped"
    icon: ClassVar[str] = "trash"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a abandonné le brouillon du devis complémentaire n° {number}")
    }


@register
@dataclass(frozen=True, kw_only=True)
class VariationAcknowledged(EventType):
    """The company has read the answer."""

    kind: ClassVar[str] = "variation.acknowledged"
    icon: ClassVar[str] = "eye-check"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a pris connaissance de la réponse au devis complémentaire n° {number}"),
        C: _("{who} a pris connaissance de la réponse au devis complémentaire n° {number}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VariationReminded(EventType):
    """The answer is late: the clock tells the landlord's desk."""

    kind: ClassVar[str] = "variation.reminded"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    number: int
    times: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Relance n° {times} : le devis complémentaire n° {number} attend une réponse"),
        C: _("Le bailleur a été relancé sur le devis complémentaire n° {number}"),
    }
