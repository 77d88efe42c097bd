"""Event types of contracts and their price schedules. No price: those are on the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register

L, C = Side.LANDLORD, Side.CONTRACTOR


@dataclass(frozen=True, kw_only=True)
class _OfVersion(EventType):
    """What happened to a version of a price schedule. contract_id: whose it is."""

    contract_id: UUID
    number: int
    effective_on: date

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Write the day as people do."""
        day = date.fromisoformat(str(payload["effective_on"]))
        return {**super().words(payload, side), "day": f"{day:%d/%m/%Y}"}


@register
@dataclass(frozen=True, kw_only=True)
class SchedulePrepared(_OfVersion):
    """A version was begun. items: copied from the one before. coefficient: "" unless revised."""

    kind: ClassVar[str] = "schedule.prepared"
    icon: ClassVar[str] = "file-plus"
    items: int
    coefficient: str = ""
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a préparé la version {number} du bordereau ({items} articles)")
    }


@register
@dataclass(frozen=True, kw_only=True)
class SchedulePublished(_OfVersion):
    """A version will hold, or holds, from its day on."""

    kind: ClassVar[str] = "schedule.published"
    icon: ClassVar[str] = "file-check"
    tone: ClassVar[str] = "success"
    items: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a publié la version {number} du bordereau, au {day}"),
        C: _("{who} a publié la version {number} du bordereau, au {day}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ScheduleWithdrawn(_OfVersion):
    """A published version is being prepared again."""

    kind: ClassVar[str] = "schedule.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a repris la version {number} du bordereau"),
        C: _("{who} a repris la version {number} du bordereau"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ScheduleDropped(_OfVersion):
    """A version that was being prepared is no more."""

    kind: ClassVar[str] = "schedule.dropped"
    icon: ClassVar[str] = "trash"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a supprimé la version {number} du bordereau, en préparation")
    }


@register
@dataclass(frozen=True, kw_only=True)
class ScheduleEdited(_OfVersion):
    """Articles of a version that is being prepared were written or taken out."""

    kind: ClassVar[str] = "schedule.edited"
    icon: ClassVar[str] = "pencil"
    written: int = 0
    removed: int = 0
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _(
            "{who} a modifié la version {number} du bordereau"
            " (écrits : {written}, retirés : {removed})"
        )
    }


@register
@dataclass(frozen=True, kw_only=True)
class ContractOpened(EventType):
    """A landlord has a new contract."""

    kind: ClassVar[str] = "contract.opened"
    icon: ClassVar[str] = "file-plus"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a ouvert le marché"),
        C: _("{who} a ouvert le marché"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ContractChanged(EventType):
    """Terms of a contract are other ones. terms: names of the columns; the contractor reads it."""

    kind: ClassVar[str] = "contract.changed"
    icon: ClassVar[str] = "pencil"
    terms: tuple[str, ...]
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a modifié le marché : {terms}"),
        C: _("{who} a modifié le marché : {terms}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn names into words."""
        return {"terms": ", ".join(str(TERMS.get(name, name)) for name in payload["terms"])}


TERMS = {
    "number": _("numéro"),
    "title": _("objet"),
    "trades": _("corps d’état"),
    "starts_on": _("début"),
    "ends_on": _("fin"),
    "ceiling": _("plafond"),
    "target_days": _("délai"),
    "urgent_hours": _("délai d’urgence"),
    "urgent_ack_hours": _("prise en charge d’une urgence"),
    "tolerance_percent": _("tolérance en %"),
    "tolerance_amount": _("tolérance en euros"),
    "needs_commitment": _("numéro d’engagement"),
    "pieces": _("pièces de la facture"),
    "pieces_to_finish": _("pièces exigées avant de terminer"),
    "attribution": _("attribution"),
    "attribution_rank": _("rang"),
    "attribution_share": _("part des commandes"),
    "perimeter": _("périmètre"),
    "revision": _("formule de révision"),
    "certificate_days": _("délai de constat"),
    "regularisation_days": _("délai de régularisation"),
    "variation_days": _("délai de réponse à un devis"),
    "variation_hours": _("délai de réponse à un devis urgent"),
    "contractor_cancels": _("annulation par l’entreprise"),
    "tacit_clause": _("clause de constat tacite"),
    "on_call": _("astreinte"),
    "on_call_cap": _("plafond d’astreinte"),
    "on_call_from": _("heures d’astreinte"),
    "on_call_to": _("heures d’astreinte"),
    "on_call_days_off": _("astreinte des week-ends et jours fériés"),
    "on_call_hours": _("arrivée en astreinte"),
    "on_call_phone": _("numéro d’astreinte"),
}


@register
@dataclass(frozen=True, kw_only=True)
class CommitmentGiven(EventType):
    """The contractor has the numbers that its invoice needs."""

    kind: ClassVar[str] = "order.commitment_given"
    icon: ClassVar[str] = "id"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a donné le numéro d’engagement et le code service")
    )
