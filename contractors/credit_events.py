"""Event types of credit notes and situations. No amount, no name; no tenant reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from contractors.events import DayWords
from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register

C = Side.CONTRACTOR


@register
@dataclass(frozen=True, kw_only=True)
class CreditNotePrepared(EventType):
    """The contractor has a credit note ready; nobody else knows yet."""

    kind: ClassVar[str] = "credit_note.prepared"
    icon: ClassVar[str] = "receipt-refund"
    number: str
    invoice: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a préparé l’avoir {number} sur la facture {invoice}")
    }


@register
@dataclass(frozen=True, kw_only=True)
class CreditNoteQueued(EventType):
    """It has to be filed with Chorus Pro, outside."""

    kind: ClassVar[str] = "credit_note.queued"
    icon: ClassVar[str] = "upload"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a vérifié l’avoir {number} : à déposer sur Chorus Pro")
    }


@register
@dataclass(frozen=True, kw_only=True)
class CreditNoteFiled(EventType):
    """It is handed over: the landlord sees it from now on."""

    kind: ClassVar[str] = "credit_note.filed"
    icon: ClassVar[str] = "send"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a déposé l’avoir {number}"))


@register
@dataclass(frozen=True, kw_only=True)
class CreditNoteReceived(DayWords, EventType):
    """It is with the landlord, on a certain day."""

    kind: ClassVar[str] = "credit_note.received"
    icon: ClassVar[str] = "inbox"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Avoir {number} reçu le {on}"))


@register
@dataclass(frozen=True, kw_only=True)
class CreditNoteDiscarded(EventType):
    """It was thrown away before anybody else knew of it."""

    kind: ClassVar[str] = "credit_note.discarded"
    icon: ClassVar[str] = "trash"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{who} a abandonné l’avoir {number}")}


@register
@dataclass(frozen=True, kw_only=True)
class CreditNoteApplied(EventType):
    """Its invoice asks for so much less."""

    kind: ClassVar[str] = "credit_note.applied"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: str
    invoice: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Avoir {number} déduit de la facture {invoice}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceReduced(EventType):
    """A credit note took back a part of it."""

    kind: ClassVar[str] = "invoice.reduced"
    icon: ClassVar[str] = "receipt-refund"
    number: str
    credit: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Facture {number} réduite par l’avoir {credit}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceCredited(EventType):
    """Credit notes took back all of it: its order may be invoiced again."""

    kind: ClassVar[str] = "invoice.credited"
    icon: ClassVar[str] = "receipt-refund"
    tone: ClassVar[str] = "warning"
    number: str
    credit: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Facture {number} annulée par l’avoir {credit}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SituationPrepared(EventType):
    """The contractor has a situation ready; nobody else knows yet. times: which one it is."""

    kind: ClassVar[str] = "invoice.situation_prepared"
    icon: ClassVar[str] = "file-invoice"
    number: str
    times: int
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a préparé la situation n° {times}, facture {number}")
    }
