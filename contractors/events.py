"""Event types of invoices and blocks. No amount, no name; no tenant reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from contractors.wording import cause_name
from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from nexxio.core.models import Department
from nexxio.core.templatetags.ui import day

C = Side.CONTRACTOR


class DayWords:
    """Turns {on} into a French day."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the payload, its days in words."""
        found = {name: str(value) for name, value in payload.items()}
        if payload.get("on"):
            found["on"] = day(date.fromisoformat(payload["on"]), "letter")
        return found


class _CauseWords:
    """Turns the code of {cause} into words."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the payload, its cause in words."""
        found = {name: str(value) for name, value in payload.items()}
        return {**found, "cause": cause_name(payload["cause"])}


@register
@dataclass(frozen=True, kw_only=True)
class InvoicePrepared(EventType):
    """The contractor has an invoice ready; nobody else knows yet."""

    kind: ClassVar[str] = "invoice.prepared"
    icon: ClassVar[str] = "file-invoice"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{who} a préparé la facture {number}")}


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceDiscarded(EventType):
    """It was thrown away before anybody else knew of it; its number stays taken."""

    kind: ClassVar[str] = "invoice.discarded"
    icon: ClassVar[str] = "trash"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a abandonné la facture {number}, jamais déposée")
    }


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceQueued(EventType):
    """It has to be filed with Chorus Pro, outside."""

    kind: ClassVar[str] = "invoice.queued"
    icon: ClassVar[str] = "upload"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a vérifié la facture {number} : à déposer sur Chorus Pro")
    }


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceFiled(EventType):
    """It is handed over: the landlord sees it from now on."""

    kind: ClassVar[str] = "invoice.filed"
    icon: ClassVar[str] = "send"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a déposé la facture {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceReceived(DayWords, EventType):
    """It is with the landlord, on a certain day. When the delay starts is the clock's to say."""

    kind: ClassVar[str] = "invoice.received"
    icon: ClassVar[str] = "inbox"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Facture {number} reçue le {on}"))


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceTaken(EventType):
    """Somebody at the landlord looks after it."""

    kind: ClassVar[str] = "invoice.taken"
    icon: ClassVar[str] = "eye-check"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a pris en charge la facture {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceApproved(EventType):
    """The landlord accepts all of it."""

    kind: ClassVar[str] = "invoice.approved"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a approuvé la facture {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class InvoicePartlyApproved(_CauseWords, EventType):
    """The landlord admits a part, which is due in time; the rest is contested."""

    kind: ClassVar[str] = "invoice.partly_approved"
    icon: ClassVar[str] = "progress-check"
    tone: ClassVar[str] = "warning"
    number: str
    cause: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a approuvé en partie la facture {number} : {cause}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceDisputed(_CauseWords, EventType):
    """The landlord contests it; the delay runs on."""

    kind: ClassVar[str] = "invoice.disputed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "danger"
    number: str
    cause: str
    cautions: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a mis la facture {number} en litige : {cause}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceSuspended(_CauseWords, EventType):
    """The landlord asks for what is missing."""

    kind: ClassVar[str] = "invoice.suspended"
    icon: ClassVar[str] = "player-pause"
    tone: ClassVar[str] = "warning"
    number: str
    cause: str
    times: int
    cautions: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a suspendu la facture {number}, pièces demandées : {cause}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceCompleted(EventType):
    """The contractor has sent what was asked for."""

    kind: ClassVar[str] = "invoice.completed"
    icon: ClassVar[str] = "player-play"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a complété la facture {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceRefused(_CauseWords, EventType):
    """The landlord refuses it for good."""

    kind: ClassVar[str] = "invoice.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    number: str
    cause: str
    cautions: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a refusé la facture {number} : {cause}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceRejected(EventType):
    """A platform could not take it: mended, it is sent again."""

    kind: ClassVar[str] = "invoice.rejected"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Facture {number} rejetée par la plateforme : à corriger et à renvoyer")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PaymentAnnounced(DayWords, EventType):
    """The landlord says that it has paid."""

    kind: ClassVar[str] = "invoice.payment_announced"
    icon: ClassVar[str] = "cash"
    tone: ClassVar[str] = "success"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} annonce le paiement de la facture {number}, le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PaymentConfirmed(DayWords, EventType):
    """The contractor has the money."""

    kind: ClassVar[str] = "invoice.paid"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} confirme l’encaissement de la facture {number}, le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PartPaid(DayWords, EventType):
    """The landlord says that it has paid a part of what it owes."""

    kind: ClassVar[str] = "invoice.part_paid"
    icon: ClassVar[str] = "cash"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} annonce un paiement partiel de la facture {number}, le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PartReceived(DayWords, EventType):
    """The contractor has a part of the money, or less than was announced."""

    kind: ClassVar[str] = "invoice.part_received"
    icon: ClassVar[str] = "cash"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a reçu une partie du paiement de la facture {number}, le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RestOwed(EventType):
    """Less came than was announced, or its contested rest is gone: what is left is to be paid."""

    kind: ClassVar[str] = "invoice.rest_owed"
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warning"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("La facture {number} est de nouveau à payer, pour ce qu’il en reste")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InterestPaid(DayWords, EventType):
    """Interest for late payment, or its fixed indemnity, was paid."""

    kind: ClassVar[str] = "invoice.interest_paid"
    icon: ClassVar[str] = "scale"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté des intérêts de retard de la facture {number}, payés le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PlatformCodeNoted(EventType):
    """A platform said something of an invoice, as it came; known codes or not."""

    kind: ClassVar[str] = "invoice.code_noted"
    icon: ClassVar[str] = "info-circle"
    number: str
    code: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Statut {code} reçu pour la facture {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceRerouted(EventType):
    """It goes to another service of its landlord, under the same number."""

    kind: ClassVar[str] = "invoice.rerouted"
    icon: ClassVar[str] = "arrow-right"
    number: str
    department: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a réacheminé la facture {number} : {department}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the service in words."""
        found = {name: str(value) for name, value in payload.items()}
        label = dict(Department.choices).get(payload["department"], payload["department"])
        return {**found, "department": str(label)}


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceFileAsked(EventType):
    """Its file is to be made: what was missing is there now, or the attempt before failed."""

    kind: ClassVar[str] = "invoice.file_asked"
    icon: ClassVar[str] = "printer"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a demandé la facture {number} au format Factur-X")
    }


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceFileMade(EventType):
    """Its file is there. The landlord hears of the invoice itself, not of its file."""

    kind: ClassVar[str] = "invoice.file_made"
    icon: ClassVar[str] = "file-text"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("La facture {number} est prête au format Factur-X")
    }


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceFileFailed(EventType):
    """Its file could not be made; it can be asked for again."""

    kind: ClassVar[str] = "invoice.file_failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("La facture {number} n’a pas pu être préparée au format Factur-X")
    }


@register
@dataclass(frozen=True, kw_only=True)
class BillingChanged(EventType):
    """A manager changed what invoices say of his organisation. fields: which of them."""

    kind: ClassVar[str] = "billing.changed"
    icon: ClassVar[str] = "edit"
    fields: tuple[str, ...]
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a changé les coordonnées de facturation")
    )


@register
@dataclass(frozen=True, kw_only=True)
class BlockForeseen(_CauseWords, EventType):
    """Something would block an invoice, were it filed today."""

    kind: ClassVar[str] = "block.foreseen"
    icon: ClassVar[str] = "lock-exclamation"
    cause: str
    side: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("À lever avant la facture : {cause}"))


@register
@dataclass(frozen=True, kw_only=True)
class BlockOpened(_CauseWords, EventType):
    """Something holds an invoice, at somebody's desk."""

    kind: ClassVar[str] = "block.opened"
    icon: ClassVar[str] = "lock"
    tone: ClassVar[str] = "warning"
    cause: str
    side: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Facture bloquée : {cause}"))


@register
@dataclass(frozen=True, kw_only=True)
class BlockLate(_CauseWords, EventType):
    """Nothing has moved, or the due date is near: told again. level: of `ladder.Level`."""

    kind: ClassVar[str] = "block.late"
    icon: ClassVar[str] = "bell-ringing"
    tone: ClassVar[str] = "warning"
    cause: str
    side: str
    level: str
    days: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Relance : {cause} ({why})"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the cause in words, and {why}."""
        text = (
            _("échéance dans %(n)s jours") if payload["level"] == "due" else _("depuis %(n)s jours")
        )
        return {**super().words(payload, side), "why": text % {"n": payload["days"]}}


@register
@dataclass(frozen=True, kw_only=True)
class BlockClosed(_CauseWords, EventType):
    """What held it is gone. how: "fact" or "hand"."""

    kind: ClassVar[str] = "block.closed"
    icon: ClassVar[str] = "lock-open"
    tone: ClassVar[str] = "success"
    cause: str
    side: str
    how: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Blocage levé : {cause}"))


@register
@dataclass(frozen=True, kw_only=True)
class BlockPassed(_CauseWords, EventType):
    """Whoever held what is to be judged gave it to another. department: "" at the company."""

    kind: ClassVar[str] = "block.passed"
    icon: ClassVar[str] = "arrow-right"
    cause: str
    side: str
    department: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a passé à {whom} : {cause}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the cause in words, and {whom}."""
        service = str(dict(Department.choices).get(payload["department"], payload["department"]))
        landlord = service or _("un service du bailleur")
        whom = _("l’entreprise") if payload["side"] == C else landlord
        return {**super().words(payload, side), "whom": str(whom)}


@register
@dataclass(frozen=True, kw_only=True)
class BlockTaken(_CauseWords, EventType):
    """Somebody of the landlord's service sees to a block: nobody else is told who."""

    kind: ClassVar[str] = "block.taken"
    icon: ClassVar[str] = "user-check"
    cause: str
    wording: ClassVar[Mapping[Side, Any]] = {Side.LANDLORD: _("{who} s’en occupe : {cause}")}
