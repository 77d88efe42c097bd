"""Event types of contract reviews. What people write stays in its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class ReviewOpened(EventType):
    """A review is planned: both sides may add points."""

    kind: ClassVar[str] = "review.opened"
    icon: ClassVar[str] = "calendar-plus"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a ouvert la revue de contrat"))


@register
@dataclass(frozen=True, kw_only=True)
class ReviewChanged(EventType):
    """Its preparation changed. part: date, point, minutes or decision."""

    kind: ClassVar[str] = "review.changed"
    icon: ClassVar[str] = "pencil"
    part: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a modifié {part}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return what was changed."""
        return {"part": str(_PARTS.get(payload.get("part", ""), ""))}


_PARTS = {
    "date": _("la date de la revue"),
    "point": _("les points de la revue"),
    "minutes": _("le compte rendu"),
    "decision": _("les décisions"),
}


@register
@dataclass(frozen=True, kw_only=True)
class ReviewClosed(EventType):
    """The minutes are closed and wait for both signatures. sha256: of what is signed."""

    kind: ClassVar[str] = "review.closed"
    icon: ClassVar[str] = "lock"
    tone: ClassVar[str] = "info"
    sha256: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a arrêté le compte rendu : à signer des deux côtés")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReviewReopened(EventType):
    """The minutes are open again: nobody had signed them."""

    kind: ClassVar[str] = "review.reopened"
    icon: ClassVar[str] = "arrow-back-up"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a rouvert le compte rendu"))


@register
@dataclass(frozen=True, kw_only=True)
class ReviewSigned(EventType):
    """One side signed. complete: the other one had signed before."""

    kind: ClassVar[str] = "review.signed"
    icon: ClassVar[str] = "signature"
    tone: ClassVar[str] = "success"
    sha256: str
    complete: bool
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a signé le compte rendu"))


@register
@dataclass(frozen=True, kw_only=True)
class DecisionSettled(EventType):
    """A decision was followed up. outcome: done or dropped."""

    kind: ClassVar[str] = "review.decision_settled"
    icon: ClassVar[str] = "circle-check"
    outcome: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a noté la suite d’une décision"))
