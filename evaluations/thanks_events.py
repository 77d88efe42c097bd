"""Event types of thank-yous. Nothing is read of one before it is told: it may be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register

_SIDES = (Side.LANDLORD, Side.CONTRACTOR, Side.TENANT)
_SAID = {
    Side.TENANT.value: _("Le locataire a dit merci à l’entreprise"),
    Side.LANDLORD.value: _("Le bailleur a dit merci à l’entreprise"),
    Side.CONTRACTOR.value: _("L’entreprise a dit merci au bailleur"),
}


@register
@dataclass(frozen=True, kw_only=True)
class ThanksGiven(EventType):
    """Somebody said thank you; it goes out in a few minutes. Of no order: nobody meets it there."""

    kind: ClassVar[str] = "thanks.given"
    icon: ClassVar[str] = "heart"
    wording: ClassVar[Mapping[Side, Any]] = dict.fromkeys(_SIDES, _("Merci donné"))


@register
@dataclass(frozen=True, kw_only=True)
class ThanksTakenBack(EventType):
    """It was taken back before anybody was told."""

    kind: ClassVar[str] = "thanks.taken_back"
    icon: ClassVar[str] = "arrow-back-up"
    wording: ClassVar[Mapping[Side, Any]] = dict.fromkeys(_SIDES, _("Merci repris"))


@register
@dataclass(frozen=True, kw_only=True)
class ThanksTold(EventType):
    """It has reached the other side. from_side: who thanks; no person's name."""

    kind: ClassVar[str] = "thanks.told"
    icon: ClassVar[str] = "heart"
    tone: ClassVar[str] = "success"
    from_side: str
    wording: ClassVar[Mapping[Side, Any]] = for_both("{thanks}")

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return who thanked whom."""
        return {"thanks": str(_SAID.get(payload.get("from_side", ""), ""))}
