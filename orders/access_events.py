"""Event types around a visit that found nobody: answers, checks, decisions, letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


@register
@dataclass(frozen=True, kw_only=True)
class TenantAnswered(EventType):
    """A tenant answers to a visit that found nobody: he was there, or he couldn't be."""

    kind: ClassVar[str] = "visit.tenant_answered"
    icon: ClassVar[str] = "message-circle"
    tone: ClassVar[str] = "info"
    visit_id: UUID
    was_here: bool
    proven: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le locataire répond : {said}"),
        C: _("Le locataire répond : {said}"),
        T: _("Vous avez répondu : {said}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {said}."""
        here, away = _("« J’étais là »"), _("« J’ai eu un empêchement »")
        return {"said": str(here if payload["was_here"] else away)}


_HOW = {
    "declared": _("signalée"),
    "conceded": _("reconnue par l’entreprise"),
    "lapsed": _("faute de réponse de l’entreprise dans le délai"),
    "decided": _("retenue par le bailleur"),
}


@register
@dataclass(frozen=True, kw_only=True)
class NobodyCame(EventType):
    """The company did not come: declared, conceded, decided, or by the clock. Never of a person."""

    kind: ClassVar[str] = "visit.no_show"
    icon: ClassVar[str] = "user-off"
    tone: ClassVar[str] = "danger"
    how: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Absence de l’entreprise au rendez-vous ({how})"),
        C: _("Absence de l’entreprise au rendez-vous ({how})"),
        T: _("L’entreprise n’est pas venue au rendez-vous"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {how}."""
        return {"how": str(_HOW[payload["how"]])}


@register
@dataclass(frozen=True, kw_only=True)
class AbsenceContested(EventType):
    """The company maintains that it came, with what its proofs lacked."""

    kind: ClassVar[str] = "visit.no_access_contested"
    icon: ClassVar[str] = "scale"
    tone: ClassVar[str] = "warning"
    visit_id: UUID
    proven: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} maintient être passé ({proof}) : à vous de trancher"),
        C: _("{who} maintient le passage ({proof}) : le bailleur tranche"),
        T: _("L’entreprise maintient être passée : votre bailleur vérifie"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say whether the proof is complete now."""
        proof = _("preuves complètes") if payload["proven"] else _("preuves incomplètes")
        return {"proof": str(proof)}


@register
@dataclass(frozen=True, kw_only=True)
class AbsenceUpheld(EventType):
    """The landlord holds that the company came."""

    kind: ClassVar[str] = "visit.no_access_upheld"
    icon: ClassVar[str] = "scale"
    visit_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a retenu le passage de l’entreprise"),
        C: _("Le bailleur a retenu votre passage"),
        T: _("Votre bailleur a retenu le passage de l’entreprise"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class AttemptAsked(EventType):
    """After the last attempt the landlord wants another visit all the same."""

    kind: ClassVar[str] = "order.attempt_asked"
    icon: ClassVar[str] = "calendar-plus"
    tone: ClassVar[str] = "info"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a demandé un autre passage"),
        C: _("Le bailleur demande un autre passage"),
        T: _("Votre bailleur a demandé un autre passage"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class OrderClosedNoAccess(EventType):
    """The order ends: the dwelling could not be entered."""

    kind: ClassVar[str] = "order.closed_no_access"
    icon: ClassVar[str] = "lock"
    tone: ClassVar[str] = "danger"
    attempts: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a clos la commande : logement inaccessible après {attempts} passages"),
        C: _("Le bailleur a clos la commande : logement inaccessible"),
        T: _("Nous n’avons pas pu entrer : rappelez-nous pour reprendre"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {attempts}."""
        return {"attempts": str(payload["attempts"])}


@register
@dataclass(frozen=True, kw_only=True)
class LetterAsked(EventType):
    """The landlord wants a letter to the occupant."""

    kind: ClassVar[str] = "order.letter_asked"
    icon: ClassVar[str] = "printer"
    wording: ClassVar[Mapping[Side, Any]] = {L: _("{who} a demandé un courrier au locataire")}


@register
@dataclass(frozen=True, kw_only=True)
class LetterMade(EventType):
    """The letter is there."""

    kind: ClassVar[str] = "order.letter_made"
    icon: ClassVar[str] = "file-text"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le courrier au locataire est prêt (version {number})")
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {number}."""
        return {"number": str(payload["number"])}


@register
@dataclass(frozen=True, kw_only=True)
class LetterFailed(EventType):
    """The letter could not be made; it can be asked for again."""

    kind: ClassVar[str] = "order.letter_failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le courrier au locataire n’a pas pu être préparé")
    }
