"""Event types of what an organisation asks for itself: proof files and morning digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


def _both(text: Any) -> Mapping[Side, Any]:
    """Return the same words for whichever side the organisation is on."""
    return {Side.LANDLORD: text, Side.CONTRACTOR: text}


@register
@dataclass(frozen=True, kw_only=True)
class InvoiceAwaited(EventType):
    """An order has been certified for a while, and no invoice of it has come."""

    kind: ClassVar[str] = "order.invoice_awaited"
    icon: ClassVar[str] = "receipt"
    times: int
    wording: ClassVar[Mapping[Side, Any]] = _both(
        _("Relance n° {times} : le service fait est constaté, la facture n’est pas établie")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ProofAsked(EventType):
    """An organisation wants all that it may read of an order in one document."""

    kind: ClassVar[str] = "proof.asked"
    icon: ClassVar[str] = "folders"
    wording: ClassVar[Mapping[Side, Any]] = _both(_("{who} a demandé un dossier de preuve"))


@register
@dataclass(frozen=True, kw_only=True)
class ProofMade(EventType):
    """The proof file can be fetched."""

    kind: ClassVar[str] = "proof.made"
    icon: ClassVar[str] = "file-type-pdf"
    wording: ClassVar[Mapping[Side, Any]] = _both(_("Le dossier de preuve est prêt"))


@register
@dataclass(frozen=True, kw_only=True)
class ProofFailed(EventType):
    """No proof file could be made; it may be asked for again."""

    kind: ClassVar[str] = "proof.failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = _both(_("Le dossier de preuve n’a pas pu être préparé"))


@register
@dataclass(frozen=True, kw_only=True)
class DigestChosen(EventType):
    """A member wants the morning's e-mail, or no longer."""

    kind: ClassVar[str] = "digest.chosen"
    icon: ClassVar[str] = "mail"
    is_wanted: bool
    wording: ClassVar[Mapping[Side, Any]] = _both(_("{who} a réglé son point du matin"))


@register
@dataclass(frozen=True, kw_only=True)
class DigestDue(EventType):
    """Something waits for a member this morning: the e-mail leaves."""

    kind: ClassVar[str] = "digest.due"
    icon: ClassVar[str] = "mail"
    wording: ClassVar[Mapping[Side, Any]] = _both(_("Point du matin envoyé"))
