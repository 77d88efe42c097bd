"""Event types of orders on which nothing moves: who was chased, and how long nothing had moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from orders.urgency import ACK

_WHOM = {Side.LANDLORD: _("le bailleur"), Side.CONTRACTOR: _("l’entreprise")}


@register
@dataclass(frozen=True, kw_only=True)
class OrderChased(EventType):
    """Whoever has the order was chased, by the other party or by the clock.

    holder: the chased party; days: since when nothing had moved; level: whom there.
    """

    kind: ClassVar[str] = "order.chased"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    holder: str
    days: int
    level: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} relance {whom} : {since}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {whom} and {since}."""
        mine = payload["holder"] == side
        whom = _t("votre service") if mine else str(_WHOM[Side(payload["holder"])])
        return {"whom": whom, "since": without_news(payload["days"])}


@register
@dataclass(frozen=True, kw_only=True)
class ApprovalReminded(EventType):
    """An approval has been waited for too long. level: whom was told."""

    kind: ClassVar[str] = "order.approval_reminded"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    days: int
    level: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("Validation relancée : {since}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {since}."""
        return {"since": without_news(payload["days"])}


@register
@dataclass(frozen=True, kw_only=True)
class UrgentLate(EventType):
    """The clock of an urgent order, or of a hazard, has passed. what: orders/urgency.py."""

    kind: ClassVar[str] = "order.urgent_late"
    icon: ClassVar[str] = "urgent"
    tone: ClassVar[str] = "danger"
    what: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Délai d’urgence dépassé : {awaited}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {awaited}."""
        return {"awaited": urgent_words(payload["what"])}


def urgent_words(what: str) -> str:
    """Return what an urgent order waits for, in words."""
    return _t("prise en charge attendue") if what == ACK else _t("arrivée sur place attendue")


def without_news(days: int) -> str:
    """Return "sans nouvelles depuis 3 jours"."""
    if days < 1:
        return _t("sans nouvelles depuis moins d’un jour")
    text = ngettext("sans nouvelles depuis %(n)s jour", "sans nouvelles depuis %(n)s jours", days)
    return text % {"n": days}
