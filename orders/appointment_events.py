"""Event types of appointments: several windows to choose from, reminders, the narrowed window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register
from orders.wording import hour_text, window_text

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


def _window(payload: Mapping[str, Any]) -> str:
    start, end = (datetime.fromisoformat(payload[name]) for name in ("start", "end"))
    return window_text(start, end)


@register
@dataclass(frozen=True, kw_only=True)
class SlotsProposed(EventType):
    """Several windows are offered; start and end: of the first one."""

    kind: ClassVar[str] = "visit.slots_proposed"
    icon: ClassVar[str] = "calendar-plus"
    tone: ClassVar[str] = "info"
    count: int
    start: datetime
    end: datetime
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} propose {count} créneaux, le premier {window}"),
        C: _("{who} a proposé {count} créneaux, le premier {window}"),
        T: _("{count} créneaux vous sont proposés : choisissez le vôtre"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {count} and {window}."""
        return {"count": str(payload["count"]), "window": _window(payload)}


class _WindowWords:
    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {window}."""
        return {"window": _window(payload)}


@register
@dataclass(frozen=True, kw_only=True)
class SlotWithdrawn(_WindowWords, EventType):
    """One of the windows is offered no more."""

    kind: ClassVar[str] = "visit.slot_withdrawn"
    icon: ClassVar[str] = "calendar-off"
    tone: ClassVar[str] = "warning"
    start: datetime
    end: datetime
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a retiré un créneau : {window}"),
        C: _("{who} a retiré un créneau : {window}"),
        T: _("Un créneau n’est plus proposé : {window}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VisitReminded(_WindowWords, EventType):
    """The tenant was reminded of his appointment."""

    kind: ClassVar[str] = "visit.reminded"
    icon: ClassVar[str] = "bell"
    start: datetime
    end: datetime
    moment: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Rappel envoyé au locataire : {window}"),
        C: _("Rappel envoyé au locataire : {window}"),
        T: _("Rappel : rendez-vous {window}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class AnswerReminded(EventType):
    """The tenant was reminded that an appointment waits for his answer."""

    kind: ClassVar[str] = "visit.answer_reminded"
    icon: ClassVar[str] = "bell"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Relance envoyée au locataire : le rendez-vous proposé attend sa réponse"),
        C: _("Relance envoyée au locataire : le rendez-vous proposé attend sa réponse"),
        T: _("Rappel : le rendez-vous proposé attend votre réponse"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VisitLapsed(EventType):
    """All windows that were offered are over, and nobody chose one."""

    kind: ClassVar[str] = "visit.lapsed"
    icon: ClassVar[str] = "calendar-off"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Créneaux passés sans réponse : l’entreprise doit en proposer d’autres"),
        C: _("Créneaux passés sans réponse : proposez-en d’autres"),
        T: _("Les créneaux proposés sont passés : l’entreprise va vous en proposer d’autres"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ArrivalNarrowed(EventType):
    """On the day, the technician says when he arrives. late: after the window that was agreed."""

    kind: ClassVar[str] = "visit.arrival_narrowed"
    icon: ClassVar[str] = "clock"
    tone: ClassVar[str] = "info"
    start: datetime
    end: datetime
    late: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Arrivée du technicien prévue entre {start} et {end}{late}"),
        C: _("{who} prévoit d’arriver entre {start} et {end}{late}"),
        T: _("Le technicien prévoit d’arriver entre {start} et {end}{late}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the hours, and that they are late."""
        late = _(", après le créneau convenu") if payload["late"] else ""
        start, end = (datetime.fromisoformat(payload[name]) for name in ("start", "end"))
        return {"start": hour_text(start), "end": hour_text(end), "late": str(late)}


@register
@dataclass(frozen=True, kw_only=True)
class TenantHoursChanged(EventType):
    """The company opens other slots to tenants who move an appointment. count: of a week."""

    kind: ClassVar[str] = "tenant_hours.changed"
    icon: ClassVar[str] = "calendar-time"
    count: int
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a changé les créneaux ouverts aux locataires : {count} par semaine"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {count}."""
        return {"count": str(payload["count"])}
