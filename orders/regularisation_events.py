"""Event types of regularisations: between the two organisations, no tenant reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from orders.variation_states import RejectReason, UrgencyReason
from orders.wording import code_text

L, C = Side.LANDLORD, Side.CONTRACTOR


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationDrafted(EventType):
    """The contractor prepares a regularisation; nobody else knows yet."""

    kind: ClassVar[str] = "regularisation.drafted"
    icon: ClassVar[str] = "pencil"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{who} a préparé la régularisation n° {number}")}


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationAsked(EventType):
    """Urgent works were done beyond the order: the landlord settles them. days: working days."""

    kind: ClassVar[str] = "regularisation.asked"
    icon: ClassVar[str] = "file-alert"
    tone: ClassVar[str] = "warning"
    number: int
    reason: str
    days: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} demande la régularisation n° {number} : {reason} (jours ouvrés : {days})"),
        C: _("{who} a demandé la régularisation n° {number} : {reason} (jours ouvrés : {days})"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        reason = code_text(UrgencyReason, payload["reason"])
        return {**super().words(payload, side), "reason": reason}


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationGranted(EventType):
    """All that was done is granted, by a person or inside the contract's tolerance."""

    kind: ClassVar[str] = "regularisation.granted"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a accordé la régularisation n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationPartlyGranted(EventType):
    """A part of what was done is granted."""

    kind: ClassVar[str] = "regularisation.partly_granted"
    icon: ClassVar[str] = "progress-check"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a accordé en partie la régularisation n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationRejected(EventType):
    """What was done isn't granted, with a reason."""

    kind: ClassVar[str] = "regularisation.rejected"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    number: int
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a refusé la régularisation n° {number} : {reason}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        reason = code_text(RejectReason, payload["reason"])
        return {**super().words(payload, side), "reason": reason}


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationWithdrawn(EventType):
    """The contractor takes back what it had asked."""

    kind: ClassVar[str] = "regularisation.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a retiré la régularisation n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationDropped(EventType):
    """A draft is given up; nobody else ever knew."""

    kind: ClassVar[str] = "regularisation.dropped"
    icon: ClassVar[str] = "trash"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a abandonné le brouillon de la régularisation n° {number}")
    }


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationAcknowledged(EventType):
    """The company has read the answer."""

    kind: ClassVar[str] = "regularisation.acknowledged"
    icon: ClassVar[str] = "eye-check"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a pris connaissance de la réponse à la régularisation n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RegularisationReminded(EventType):
    """The deadline is near, or past: the clock tells the landlord's desk. is_late: it is past."""

    kind: ClassVar[str] = "regularisation.reminded"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    number: int
    times: int
    is_late: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Relance n° {times} : la régularisation n° {number} attend, délai {when}"),
        C: _("Le bailleur a été relancé sur la régularisation n° {number}, délai {when}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say where the deadline is."""
        when = str(_("dépassé") if payload["is_late"] else _("proche"))
        return {**super().words(payload, side), "when": when}
