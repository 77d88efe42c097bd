"""Event types of invoices that come in as files. No amount, no name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register

C = Side.CONTRACTOR


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedUploaded(EventType):
    """A file is there, to be read by a worker."""

    kind: ClassVar[str] = "received.uploaded"
    icon: ClassVar[str] = "upload"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a déposé un fichier de facture"))


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedCompleted(EventType):
    """Somebody has typed what a plain PDF says."""

    kind: ClassVar[str] = "received.completed"
    icon: ClassVar[str] = "pencil"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a indiqué les montants du PDF"))


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedRefused(EventType):
    """It can't be taken; rule says why."""

    kind: ClassVar[str] = "received.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    rule: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Fichier refusé ({rule})"))


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedWaiting(EventType):
    """It is an invoice, and nobody knows of which order yet; rule says why."""

    kind: ClassVar[str] = "received.waiting"
    icon: ClassVar[str] = "inbox"
    tone: ClassVar[str] = "warning"
    rule: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Facture lue, à rattacher à sa commande ({rule})")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedAsked(EventType):
    """Something would hold it that its company can mend: it is asked before the landlord has it."""

    kind: ClassVar[str] = "received.asked"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("Facture lue : quelque chose la bloquerait, à confirmer avant dépôt")
    }


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedConfirmed(EventType):
    """Its company wants it filed all the same."""

    kind: ClassVar[str] = "received.confirmed"
    icon: ClassVar[str] = "send"
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{who} a confirmé le dépôt")}


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedAttached(EventType):
    """Somebody says of which order it is."""

    kind: ClassVar[str] = "received.attached"
    icon: ClassVar[str] = "link"
    reference: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} l’a rattachée à la commande {reference}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedTurned(EventType):
    """It has become an invoice."""

    kind: ClassVar[str] = "received.turned_into_invoice"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Facture {number} enregistrée"))


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedLate(EventType):
    """Its order isn't found yet, or its due date is near: told again. level: of `ladder.Level`."""

    kind: ClassVar[str] = "received.late"
    icon: ClassVar[str] = "bell-ringing"
    tone: ClassVar[str] = "warning"
    level: str
    days: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Relance : facture à rattacher ({why})"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {why}: how long it waits, or when it is due."""
        text = (
            _("échéance dans %(n)s jours") if payload["level"] == "due" else _("depuis %(n)s jours")
        )
        return {"why": text % {"n": payload["days"]}}


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedInvited(EventType):
    """Its public landlord asks the company to file it with Chorus Pro."""

    kind: ClassVar[str] = "received.invited"
    icon: ClassVar[str] = "send"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a invité l’entreprise à déposer la facture {number} sur Chorus Pro")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedChorusNoted(EventType):
    """Chorus Pro has it: the landlord notes number and day."""

    kind: ClassVar[str] = "received.chorus_noted"
    icon: ClassVar[str] = "upload"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté le dépôt de la facture {number} sur Chorus Pro")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedSetAside(EventType):
    """Nothing is done with it. cautions: what the law was said to make of it before."""

    kind: ClassVar[str] = "received.set_aside"
    icon: ClassVar[str] = "archive"
    cautions: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} l’a écartée"))


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedHandedBack(EventType):
    """The contractor is to send a corrected one. cautions: as above."""

    kind: ClassVar[str] = "received.handed_back"
    icon: ClassVar[str] = "arrow-back-up"
    tone: ClassVar[str] = "warning"
    cautions: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} l’a rendue à l’entreprise"))


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceCameAsFile(EventType):
    """An invoice was made from a file; the landlord hears of it when it is received."""

    kind: ClassVar[str] = "invoice.came_as_file"
    icon: ClassVar[str] = "file-invoice"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("Facture {number} enregistrée d’après le fichier déposé")
    }


@register
@dataclass(frozen=True, kw_only=True)
class ReceivedNoted(EventType):
    """It is a message of the life cycle: its code stands on the invoice now."""

    kind: ClassVar[str] = "received.noted"
    icon: ClassVar[str] = "info-circle"
    number: str
    code: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Statut {code} noté sur la facture {number}")
    )
