"""Event types of needs, pilots and clause annexes. What people write stays in its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


@register
@dataclass(frozen=True, kw_only=True)
class NeedListed(EventType):
    """The landlord wants to improve something. need: its code."""

    kind: ClassVar[str] = "need.listed"
    icon: ClassVar[str] = "target"
    need: str
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("{who} a ajouté un besoin")}


@register
@dataclass(frozen=True, kw_only=True)
class NeedWithdrawn(EventType):
    """A need is no longer on the landlord's list."""

    kind: ClassVar[str] = "need.withdrawn"
    icon: ClassVar[str] = "x"
    need: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a retiré un besoin de la liste")
    }


@register
@dataclass(frozen=True, kw_only=True)
class PilotPrepared(EventType):
    """A pilot is written, its criteria and way back too."""

    kind: ClassVar[str] = "pilot.prepared"
    icon: ClassVar[str] = "flag"
    feature: str
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("{who} a préparé le pilote")}


@register
@dataclass(frozen=True, kw_only=True)
class PilotChanged(EventType):
    """A pilot was written anew before it started."""

    kind: ClassVar[str] = "pilot.changed"
    icon: ClassVar[str] = "pencil"
    feature: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a modifié le pilote avant son début")
    }


@register
@dataclass(frozen=True, kw_only=True)
class PilotWithdrawn(EventType):
    """A pilot was given up before it started."""

    kind: ClassVar[str] = "pilot.withdrawn"
    icon: ClassVar[str] = "x"
    feature: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a retiré le pilote avant son début")
    }


@register
@dataclass(frozen=True, kw_only=True)
class PilotReviewDue(EventType):
    """The day of its review has come, and nobody has decided."""

    kind: ClassVar[str] = "pilot.review_due"
    icon: ClassVar[str] = "calendar-event"
    feature: str
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("Le bilan du pilote est à faire")}


@register
@dataclass(frozen=True, kw_only=True)
class PilotDecided(EventType):
    """It goes on everywhere or here, is switched back, or is prolonged."""

    kind: ClassVar[str] = "pilot.decided"
    icon: ClassVar[str] = "gavel"
    feature: str
    outcome: str
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("{who} a décidé : {outcome}")}

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the decision."""
        return {"outcome": str(_OUTCOMES.get(payload.get("outcome", ""), ""))}


_OUTCOMES = {
    "go": _("go, la fonction reste"),
    "no_go": _("no-go, retour en arrière"),
    "prolonged": _("le pilote est prolongé"),
}


@register
@dataclass(frozen=True, kw_only=True)
class AnnexAsked(EventType):
    """A worker prints the annex of a contract's clauses."""

    kind: ClassVar[str] = "annex.asked"
    icon: ClassVar[str] = "file-text"
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a demandé l’annexe des clauses")
    }


@register
@dataclass(frozen=True, kw_only=True)
class AnnexMade(EventType):
    """It can be read."""

    kind: ClassVar[str] = "annex.made"
    icon: ClassVar[str] = "file-text"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("L’annexe des clauses est prête")}


@register
@dataclass(frozen=True, kw_only=True)
class AnnexFailed(EventType):
    """It could not be printed; the page says so."""

    kind: ClassVar[str] = "annex.failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "danger"
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("L’annexe des clauses n’a pas pu être préparée")
    }
