"""Event types of reductions: works less than ordered, between the two organisations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from orders.variation_states import ReductionReason, ReductionRefusal
from orders.wording import code_text


@register
@dataclass(frozen=True, kw_only=True)
class ReductionAsked(EventType):
    """A party says that there is less to do, or was less done. by: its side."""

    kind: ClassVar[str] = "reduction.asked"
    icon: ClassVar[str] = "receipt"
    tone: ClassVar[str] = "warning"
    number: int
    by: str
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} propose la moins-value n° {number} : {reason}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        reason = code_text(ReductionReason, payload["reason"])
        return {**super().words(payload, side), "reason": reason}


@register
@dataclass(frozen=True, kw_only=True)
class ReductionGranted(EventType):
    """The other party agrees: the order comes to less. by: whose proposal it was."""

    kind: ClassVar[str] = "reduction.granted"
    icon: ClassVar[str] = "circle-check"
    number: int
    by: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a accepté la moins-value n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReductionCertified(EventType):
    """The certificate says less than was owed: the difference is taken off the order."""

    kind: ClassVar[str] = "reduction.certified"
    icon: ClassVar[str] = "receipt"
    tone: ClassVar[str] = "warning"
    number: int
    by: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le constat déduit la moins-value n° {number} de la commande")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReductionRejected(EventType):
    """The other party doesn't agree, with a reason."""

    kind: ClassVar[str] = "reduction.rejected"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    number: int
    by: str
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a refusé la moins-value n° {number} : {reason}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        reason = code_text(ReductionRefusal, payload["reason"])
        return {**super().words(payload, side), "reason": reason}


@register
@dataclass(frozen=True, kw_only=True)
class ReductionWithdrawn(EventType):
    """Whoever asked takes it back, or the certificate has settled the quantities."""

    kind: ClassVar[str] = "reduction.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    number: int
    by: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a retiré la moins-value n° {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class ReductionReminded(EventType):
    """The answer is late: the clock tells the party that owes it."""

    kind: ClassVar[str] = "reduction.reminded"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    number: int
    by: str
    times: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Relance n° {times} : la moins-value n° {number} attend une réponse")
    )
