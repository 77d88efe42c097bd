"""Event types of orders and visits, each with its wording for the sides that may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from nexxio.core.members.wording import department_text
from orders.next_steps import NextStep
from orders.states import (
    CancelReason,
    ClosedHow,
    DeclineReason,
    ReturnReason,
    StopReason,
    SupersedeReason,
)
from orders.wording import in_sentence, window_text

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


_DONE_FOR_ANOTHER = {
    "order": _("a validé la commande"),
    "variation": _("a accordé la demande de l’entreprise"),
    "certificate": _("a signé le constat de service fait"),
    "final_account": _("a répondu au décompte final"),
}


_LATE_FACTS = {
    "left": _("départ du technicien"),
    "arrived": _("arrivée sur place"),
    "done": _("passage terminé"),
    "partly_done": _("passage terminé en partie"),
    "no_access": _("personne n’a ouvert"),
}


def _labels(choices: Any, codes: list[str]) -> str:
    known = dict(choices.choices)
    return ", ".join(in_sentence(known.get(code, code)) for code in codes)


@register
@dataclass(frozen=True, kw_only=True)
class OrderDrafted(EventType):
    """A landlord began an order."""

    kind: ClassVar[str] = "order.drafted"
    icon: ClassVar[str] = "pencil"
    wording: ClassVar[Mapping[Side, Any]] = {L: _("{who} a préparé la commande")}


@register
@dataclass(frozen=True, kw_only=True)
class OrderSubmitted(EventType):
    """The amount is over the author's limit: somebody else must approve."""

    kind: ClassVar[str] = "order.submitted"
    icon: ClassVar[str] = "hourglass"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a demandé la validation de la commande"),
        T: _("Votre demande est à l’étude"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class OrderSentBack(EventType):
    """The approver wants it changed."""

    kind: ClassVar[str] = "order.sent_back"
    icon: ClassVar[str] = "arrow-back-up"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {L: _("{who} a renvoyé la commande à son auteur")}


@register
@dataclass(frozen=True, kw_only=True)
class OrderRecalled(EventType):
    """Its author took it back before anybody approved it."""

    kind: ClassVar[str] = "order.recalled"
    icon: ClassVar[str] = "arrow-back-up"
    wording: ClassVar[Mapping[Side, Any]] = {L: _("{who} a repris sa commande avant validation")}


@register
@dataclass(frozen=True, kw_only=True)
class ReissueAsked(EventType):
    """A returned order is over the limit of whoever completed it: somebody else must send it."""

    kind: ClassVar[str] = "order.reissue_asked"
    icon: ClassVar[str] = "hourglass"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a demandé à un collègue de transmettre la commande complétée")
    }


@register
@dataclass(frozen=True, kw_only=True)
class ReissueRefused(EventType):
    """Whoever could send it wants it changed first."""

    kind: ClassVar[str] = "order.reissue_refused"
    icon: ClassVar[str] = "arrow-back-up"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} demande de revoir la commande avant de la transmettre")
    }


@register
@dataclass(frozen=True, kw_only=True)
class OrderIssued(EventType):
    """The order left for the contractor."""

    kind: ClassVar[str] = "order.issued"
    icon: ClassVar[str] = "send"
    tone: ClassVar[str] = "info"
    again: bool = False
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a transmis la commande à l’entreprise"),
        C: _("{who} vous a transmis la commande"),
        T: _("Votre demande a été transmise à l’entreprise"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ApprovedForAnother(EventType):
    """A sum was committed in the place of somebody absent. Read in the landlord's house only.

    membership_id: in whose place; histories say his name behind that of whoever did. act: what was
    done, the type of what it was done to.
    """

    kind: ClassVar[str] = "order.approved_for_another"
    icon: ClassVar[str] = "user-check"
    tone: ClassVar[str] = "info"
    membership_id: UUID
    act: str = "order"
    wording: ClassVar[Mapping[Side, Any]] = {L: _("{who} {did}")}

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say what was done; the first events of this kind don't tell."""
        return {"did": str(_DONE_FOR_ANOTHER[payload.get("act", "order")])}


@register
@dataclass(frozen=True, kw_only=True)
class OrderAccepted(EventType):
    """The contractor takes it."""

    kind: ClassVar[str] = "order.accepted"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a pris la commande en charge"),
        C: _("{who} a accepté la commande"),
        T: _("L’entreprise a pris votre demande en charge"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class OrderReturned(EventType):
    """The contractor can't work with what it got."""

    kind: ClassVar[str] = "order.returned"
    icon: ClassVar[str] = "arrow-back-up"
    tone: ClassVar[str] = "warning"
    items: tuple[str, ...]
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a renvoyé la commande : {items}"),
        C: _("{who} a renvoyé la commande au bailleur : {items}"),
        T: _("Votre bailleur complète le dossier"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn codes into words."""
        return {"items": _labels(ReturnReason, payload["items"])}


@register
@dataclass(frozen=True, kw_only=True)
class OrderDeclined(EventType):
    """The titulaire has a reserve."""

    kind: ClassVar[str] = "order.declined"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a émis des réserves : {reason}"),
        C: _("{who} a émis des réserves : {reason}"),
        T: _("Votre bailleur cherche une autre entreprise"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        return {"reason": _labels(DeclineReason, [payload["reason"]])}


@register
@dataclass(frozen=True, kw_only=True)
class OrderDone(EventType):
    """The works are finished; three clocks start."""

    kind: ClassVar[str] = "order.done"
    icon: ClassVar[str] = "checks"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a déclaré les travaux réalisés"),
        C: _("{who} a terminé les travaux"),
        T: _("Les travaux sont terminés"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class OrderStopped(EventType):
    """Works that are done in part end there, for what is done. why: a StopReason."""

    kind: ClassVar[str] = "order.stopped"
    icon: ClassVar[str] = "progress-check"
    tone: ClassVar[str] = "warning"
    why: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a arrêté la commande à ce qui est fait ({why})"),
        C: _("Le bailleur arrête la commande à ce qui est fait ({why}) : dites ce qui l’a été"),
        T: _("Les travaux s’arrêtent là ({why})"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        return {"why": _labels(StopReason, [payload["why"]])}


@register
@dataclass(frozen=True, kw_only=True)
class OrderPartlyDone(EventType):
    """Part is done, something follows. next: its code; expected_on: the day of materials.

    Version 1 had neither: `words` reads both.
    """

    kind: ClassVar[str] = "order.partly_done"
    version: ClassVar[int] = 2
    icon: ClassVar[str] = "progress-check"
    tone: ClassVar[str] = "warning"
    next: str = ""
    expected_on: date | None = None
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a réalisé une partie des travaux ; {next}"),
        C: _("{who} a réalisé une partie des travaux ; {next}"),
        T: _("Une partie des travaux est faite, une suite est prévue"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words; those of before it existed say that something follows."""
        code = payload.get("next") or ""
        known = _labels(NextStep, [code]) if code else _("une suite est prévue")
        return {"next": str(known)}


@register
@dataclass(frozen=True, kw_only=True)
class OrderFollowed(EventType):
    """Another trade was ordered to go on after this order's works. reference: of its order."""

    kind: ClassVar[str] = "order.followed"
    icon: ClassVar[str] = "arrow-right"
    reference: str
    trade: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a commandé l’autre corps d’état : {reference}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class NextStepDecided(EventType):
    """The landlord said how works that are done in part go on."""

    kind: ClassVar[str] = "order.next_decided"
    icon: ClassVar[str] = "circle-check"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a décidé de la suite des travaux"))


@register
@dataclass(frozen=True, kw_only=True)
class OrderReopened(EventType):
    """It isn't fixed."""

    kind: ClassVar[str] = "order.reopened"
    icon: ClassVar[str] = "rotate"
    tone: ClassVar[str] = "warning"
    times: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a signalé que le problème n’est pas réglé"),
        C: _("{who} a signalé que le problème n’est pas réglé"),
        T: _("Le problème a été signalé comme non réglé"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class OrderCancelled(EventType):
    """The order is given up."""

    kind: ClassVar[str] = "order.cancelled"
    icon: ClassVar[str] = "ban"
    tone: ClassVar[str] = "danger"
    reason: str
    call_noted: bool = False
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a annulé la commande : {reason}{call}"),
        C: _("{who} a annulé la commande : {reason}{call}"),
        T: _("L’intervention est annulée : {reason}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words; say that a technician under way was called back by phone."""
        call = _(" (appel à l’entreprise noté)") if payload.get("call_noted") else ""
        return {"reason": _labels(CancelReason, [payload["reason"]]), "call": str(call)}


@register
@dataclass(frozen=True, kw_only=True)
class DepartmentGiven(EventType):
    """Another service of the landlord answers for the order from now on."""

    kind: ClassVar[str] = "order.department_given"
    icon: ClassVar[str] = "users"
    department: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a confié la suite au service {department}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        department = department_text(payload["department"])
        return {**super().words(payload, side), "department": department}


@register
@dataclass(frozen=True, kw_only=True)
class LinkRenewed(EventType):
    """The tenant's former links are over, he gets another one."""

    kind: ClassVar[str] = "order.link_renewed"
    icon: ClassVar[str] = "key"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a renouvelé le lien du locataire"),
        T: _("Votre lien de suivi a été remplacé"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ContactCorrected(EventType):
    """The telephone or address by which the tenant is reached was put right."""

    kind: ClassVar[str] = "order.contact_corrected"
    icon: ClassVar[str] = "phone"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a corrigé le contact"),
        C: _("{who} a corrigé le contact"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ContactRead(EventType):
    """Somebody looked at the tenant's phone and access in clear. Names organisation and role."""

    kind: ClassVar[str] = "order.contact_read"
    icon: ClassVar[str] = "eye"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a consulté les coordonnées du locataire"),
        C: _("{who} a consulté les coordonnées du locataire"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class OrderSuperseded(EventType):
    """Another order on the same case takes its place: the company comes no more."""

    kind: ClassVar[str] = "order.superseded"
    icon: ClassVar[str] = "replace"
    tone: ClassVar[str] = "warning"
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} {did} : {reason}"),
        C: _("{who} {did} : {reason}"),
        T: _("Votre bailleur {did}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words: a corrected order stays with its company."""
        corrected = payload["reason"] == SupersedeReason.CORRECTED
        did = (
            _("a corrigé votre demande")
            if corrected and side is T
            else _("a remplacé la commande")
            if corrected
            else _("a confié votre demande à une autre entreprise")
            if side is T
            else _("a confié les travaux à une autre entreprise")
        )
        return {"did": str(did), "reason": _labels(SupersedeReason, [payload["reason"]])}


@register
@dataclass(frozen=True, kw_only=True)
class OrderClosed(EventType):
    """Certified and paid, or nothing to invoice."""

    kind: ClassVar[str] = "order.closed"
    icon: ClassVar[str] = "archive"
    tone: ClassVar[str] = "success"
    how: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("La commande est close : {how}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        return {"how": _labels(ClosedHow, [payload["how"]])}


class _VisitWords:
    """Turns a visit's window into words, in the residence's time."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return "mardi 24 novembre, entre 14:00 et 16:00" as {window}."""
        start, end = payload.get("start"), payload.get("end")
        if not start or not end:
            return {"window": ""}
        return {"window": window_text(datetime.fromisoformat(start), datetime.fromisoformat(end))}


@register
@dataclass(frozen=True, kw_only=True)
class VisitProposed(_VisitWords, EventType):
    """An appointment is offered."""

    kind: ClassVar[str] = "visit.proposed"
    icon: ClassVar[str] = "calendar-plus"
    tone: ClassVar[str] = "info"
    start: datetime
    end: datetime
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} propose un rendez-vous {window}"),
        C: _("{who} a proposé un rendez-vous {window}"),
        T: _("Un rendez-vous vous est proposé {window}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VisitConfirmed(_VisitWords, EventType):
    """The appointment stands."""

    kind: ClassVar[str] = "visit.confirmed"
    icon: ClassVar[str] = "calendar-check"
    tone: ClassVar[str] = "success"
    start: datetime
    end: datetime
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a confirmé le rendez-vous {window}"),
        C: _("{who} a confirmé le rendez-vous {window}"),
        T: _("Votre rendez-vous est confirmé {window}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VisitAssigned(EventType):
    """A technician will come. Landlord and tenant read no name here."""

    kind: ClassVar[str] = "visit.assigned"
    icon: ClassVar[str] = "user-check"
    membership_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{who} a affecté un technicien")}


@register
@dataclass(frozen=True, kw_only=True)
class VisitMoved(_VisitWords, EventType):
    """Another appointment replaces this one."""

    kind: ClassVar[str] = "visit.rescheduled"
    icon: ClassVar[str] = "calendar-time"
    tone: ClassVar[str] = "warning"
    start: datetime
    end: datetime
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a déplacé le rendez-vous : {window}"),
        C: _("{who} a déplacé le rendez-vous : {window}"),
        T: _("Le rendez-vous est déplacé : {window}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class VisitCancelled(EventType):
    """The appointment is given up."""

    kind: ClassVar[str] = "visit.cancelled"
    icon: ClassVar[str] = "calendar-off"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a annulé le rendez-vous"),
        C: _("{who} a annulé le rendez-vous"),
        T: _("Le rendez-vous est annulé"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class TechnicianLeft(EventType):
    """On the way."""

    kind: ClassVar[str] = "visit.on_the_way"
    icon: ClassVar[str] = "car"
    tone: ClassVar[str] = "info"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le technicien est en route"),
        C: _("{who} est en route"),
        T: _("Le technicien est en route"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class TechnicianArrived(EventType):
    """On site."""

    kind: ClassVar[str] = "visit.on_site"
    icon: ClassVar[str] = "map-pin"
    tone: ClassVar[str] = "info"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le technicien est sur place"),
        C: _("{who} est sur place"),
        T: _("Le technicien est arrivé chez vous"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class LateFact(EventType):
    """A phone tells of a visit that has come to another end meanwhile: kept, nothing moves.

    what: "left", "arrived", or the end that it tells, as the visit's state would be.
    """

    kind: ClassVar[str] = "visit.late_fact"
    icon: ClassVar[str] = "clock"
    tone: ClassVar[str] = "warning"
    what: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Fait arrivé après coup, le rendez-vous avait changé : {what}"),
        C: _("Fait arrivé après coup, le rendez-vous avait changé : {what}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {what}."""
        return {"what": str(_LATE_FACTS[payload["what"]])}


@register
@dataclass(frozen=True, kw_only=True)
class VisitCompleted(EventType):
    """The technician has finished his visit."""

    kind: ClassVar[str] = "visit.done"
    icon: ClassVar[str] = "check"
    tone: ClassVar[str] = "success"
    in_part: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le passage du technicien est terminé"),
        C: _("{who} a terminé son passage"),
        T: _("Le passage du technicien est terminé"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class NobodyHome(EventType):
    """Nobody opened; the proof pack may lack pieces."""

    kind: ClassVar[str] = "visit.no_access"
    icon: ClassVar[str] = "door-off"
    tone: ClassVar[str] = "danger"
    complete: bool
    missing: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le technicien est passé sans pouvoir entrer ({proof})"),
        C: _("{who} est passé sans pouvoir entrer ({proof})"),
        T: _("Le technicien est passé et n’a trouvé personne"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say whether the proof is complete."""
        proof = _("preuves complètes") if payload["complete"] else _("preuves incomplètes")
        return {"proof": str(proof)}


@register
@dataclass(frozen=True, kw_only=True)
class PhotoAdded(EventType):
    """A photo of the work."""

    kind: ClassVar[str] = "visit.photo_added"
    icon: ClassVar[str] = "camera"
    moment: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a ajouté une photo"),
        C: _("{who} a ajouté une photo"),
    }
