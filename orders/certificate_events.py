"""Event types of certificates, reserves and sign-offs. No amount and no name stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from orders.certificate_states import CertificateRefusal, CheckOutcome, NotFixed, SignRefusal
from orders.wording import code_text

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


@register
@dataclass(frozen=True, kw_only=True)
class CertificateDrafted(EventType):
    """The contractor corrects what was refused; nobody else knows yet."""

    kind: ClassVar[str] = "certificate.drafted"
    icon: ClassVar[str] = "pencil"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{who} corrige le constat (version {number})")}


@register
@dataclass(frozen=True, kw_only=True)
class CertificateSubmitted(EventType):
    """The landlord has to sign, or to say why not. again: corrected, not with the end of works."""

    kind: ClassVar[str] = "certificate.submitted"
    icon: ClassVar[str] = "signature"
    number: int
    again: bool = False
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le constat de service fait (version {number}) attend la signature du bailleur")
    )


@register
@dataclass(frozen=True, kw_only=True)
class CertificateSigned(EventType):
    """The landlord has signed. reserves: how many defects it noted."""

    kind: ClassVar[str] = "certificate.signed"
    icon: ClassVar[str] = "signature"
    tone: ClassVar[str] = "success"
    number: int
    reserves: int = 0
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a signé le constat de service fait (version {number}){with_reserves}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say with how many reserves."""
        count = payload.get("reserves", 0)
        text = "" if not count else _(" avec une réserve") if count == 1 else _(" avec réserves")
        return {"number": str(payload["number"]), "with_reserves": str(text)}


@register
@dataclass(frozen=True, kw_only=True)
class CertificateRefused(EventType):
    """The landlord doesn't sign as it stands: the contractor corrects and submits again."""

    kind: ClassVar[str] = "certificate.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    number: int
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a refusé le constat de service fait (version {number}) : {reason}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        reason = code_text(CertificateRefusal, payload["reason"])
        return {"number": str(payload["number"]), "reason": reason}


@register
@dataclass(frozen=True, kw_only=True)
class CertificateTacit(EventType):
    """The delay of the contract's clause has passed: the service is deemed done."""

    kind: ClassVar[str] = "certificate.tacit"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "success"
    number: int
    days: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _(
            "Service fait réputé acquis : {days} jours sans réponse, par la clause du marché"
            " (constat version {number})"
        )
    )


@register
@dataclass(frozen=True, kw_only=True)
class CertificateReminded(EventType):
    """The signature is due soon, or late. is_tacit: silence will count as a yes."""

    kind: ClassVar[str] = "certificate.reminded"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    number: int
    days_left: int
    is_tacit: bool
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Constat de service fait à signer : {when}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say how long is left, and what silence will mean."""
        left = payload["days_left"]
        if left < 0:
            when = str(_("le délai du marché est passé"))
        elif left == 0:
            when = str(_("le délai finit aujourd’hui"))
        else:
            when = ngettext("il reste {days} jour", "il reste {days} jours", left).format(days=left)
        silence = _(" ; sans réponse, il sera réputé acquis") if payload["is_tacit"] else ""
        return {"when": f"{when}{silence}"}


@register
@dataclass(frozen=True, kw_only=True)
class CertificateExpired(EventType):
    """The order was reopened: what waited for a signature is void."""

    kind: ClassVar[str] = "certificate.expired"
    icon: ClassVar[str] = "rotate"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Commande rouverte : le constat de service fait (version {number}) est caduc")
    )


@register
@dataclass(frozen=True, kw_only=True)
class CertificateSealed(EventType):
    """The PDF of the certificate is there, sealed."""

    kind: ClassVar[str] = "certificate.sealed"
    icon: ClassVar[str] = "lock"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le constat de service fait scellé est prêt (PDF, version {number})")
    )


@register
@dataclass(frozen=True, kw_only=True)
class LiftingRecorded(EventType):
    """The last reserve is lifted: the record of it is written."""

    kind: ClassVar[str] = "reserves.lifting_recorded"
    icon: ClassVar[str] = "checks"
    tone: ClassVar[str] = "success"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Toutes les réserves sont levées : procès-verbal n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class LiftingSealed(EventType):
    """The PDF of the record is there, sealed."""

    kind: ClassVar[str] = "reserves.lifting_sealed"
    icon: ClassVar[str] = "lock"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le procès-verbal de levée des réserves scellé est prêt (PDF, n° {number})")
    )


@register
@dataclass(frozen=True, kw_only=True)
class LiftingSealFailed(EventType):
    """The PDF of the record could not be sealed; it can be asked for again."""

    kind: ClassVar[str] = "reserves.lifting_seal_failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le PDF du procès-verbal de levée des réserves n’a pas pu être scellé")
    )


@register
@dataclass(frozen=True, kw_only=True)
class LiftingSealAsked(EventType):
    """Somebody wants the PDF of the record to be sealed again, after a failure."""

    kind: ClassVar[str] = "reserves.lifting_seal_asked"
    icon: ClassVar[str] = "printer"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a redemandé le PDF scellé du procès-verbal de levée des réserves")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SignOffSealed(EventType):
    """The PDF of what the tenant signed is there, sealed."""

    kind: ClassVar[str] = "sign_off.sealed"
    icon: ClassVar[str] = "lock"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le bon d’intervention signé, scellé, est prêt (PDF)")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SignOffSealFailed(EventType):
    """The PDF of what the tenant signed could not be sealed; it can be asked for again."""

    kind: ClassVar[str] = "sign_off.seal_failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le PDF du bon d’intervention signé n’a pas pu être scellé")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SignOffSealAsked(EventType):
    """Somebody wants that PDF to be sealed again, after a failure."""

    kind: ClassVar[str] = "sign_off.seal_asked"
    icon: ClassVar[str] = "printer"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a redemandé le PDF scellé du bon d’intervention signé")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SealFailed(EventType):
    """The PDF could not be sealed; it can be asked for again."""

    kind: ClassVar[str] = "certificate.seal_failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le PDF du constat de service fait n’a pas pu être scellé")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SealAsked(EventType):
    """Somebody wants the PDF to be sealed again, after a failure."""

    kind: ClassVar[str] = "certificate.seal_asked"
    icon: ClassVar[str] = "printer"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a redemandé le PDF scellé du constat de service fait")
    )


@register
@dataclass(frozen=True, kw_only=True)
class OrderCertified(EventType):
    """The landlord certifies the service. how: "signed", "reserves", "tacit" or "lifted"."""

    kind: ClassVar[str] = "order.certified"
    icon: ClassVar[str] = "file-check"
    tone: ClassVar[str] = "success"
    how: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{what}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say how."""
        return {"what": str(_HOW.get(payload["how"], _HOW["signed"]))}


_HOW = {
    "signed": _("Service fait constaté"),
    "reserves": _("Réception avec réserves"),
    "tacit": _("Service fait réputé acquis, sans signature du bailleur"),
    "lifted": _("Toutes les réserves sont levées : service fait constaté"),
}


@register
@dataclass(frozen=True, kw_only=True)
class ReserveNoted(EventType):
    """A defect at acceptance, with a day until which it has to be gone."""

    kind: ClassVar[str] = "reserve.noted"
    icon: ClassVar[str] = "flag"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a émis la réserve n° {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class ReserveClaimed(EventType):
    """The contractor says that the defect is gone."""

    kind: ClassVar[str] = "reserve.claimed"
    icon: ClassVar[str] = "tool"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} annonce la reprise de la réserve n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReserveKept(EventType):
    """The landlord has looked: the defect is still there."""

    kind: ClassVar[str] = "reserve.kept"
    icon: ClassVar[str] = "rotate"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} maintient la réserve n° {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class ReserveLifted(EventType):
    """The landlord agrees that the defect is gone."""

    kind: ClassVar[str] = "reserve.lifted"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a levé la réserve n° {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class ReserveOverdue(EventType):
    """The day of a reserve has passed, and the company hasn't said that it is gone."""

    kind: ClassVar[str] = "reserve.overdue"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    number: int
    times: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Relance n° {times} : la réserve n° {number} n’est pas levée à sa date")
    )


@register
@dataclass(frozen=True, kw_only=True)
class TenantSigned(EventType):
    """The tenant signed at the end of a visit. reason: "" when it is fixed."""

    kind: ClassVar[str] = "sign_off.signed"
    icon: ClassVar[str] = "signature"
    satisfied: bool
    reason: str = ""
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Bon d’intervention signé par le locataire : {what}"),
        C: _("Bon d’intervention signé par le locataire : {what}"),
        T: _("Vous avez signé : {what}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say whether it is fixed, and if not why."""
        if payload["satisfied"]:
            return {"what": str(_("c’est réglé"))}
        return {"what": f"{_('ce n’est pas réglé')} ({code_text(NotFixed, payload['reason'])})"}


@register
@dataclass(frozen=True, kw_only=True)
class NotFixedChecked(EventType):
    """The landlord has checked what the tenant had said."""

    kind: ClassVar[str] = "sign_off.checked"
    icon: ClassVar[str] = "eye-check"
    outcome: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a vérifié : {what}"),
        C: _("{who} a vérifié : {what}"),
        T: _("Votre bailleur a vérifié : {what}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        return {"what": code_text(CheckOutcome, payload["outcome"])}


@register
@dataclass(frozen=True, kw_only=True)
class NobodySigned(EventType):
    """The tenant was asked to sign on the screen and didn't: he refuses, or isn't there."""

    kind: ClassVar[str] = "visit.not_signed"
    icon: ClassVar[str] = "signature-off"
    tone: ClassVar[str] = "warning"
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Bon d’intervention non signé : {reason}"),
        C: _("Bon d’intervention non signé : {reason}"),
        T: _("L’entreprise a noté que le bon n’a pas été signé : {reason}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        return {"reason": code_text(SignRefusal, payload["reason"])}
