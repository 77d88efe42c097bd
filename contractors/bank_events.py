"""Event types of bank details. No number: those stand in rows that few people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from nexxio.core.templatetags.ui import day

L, C = Side.LANDLORD, Side.CONTRACTOR


@register
@dataclass(frozen=True, kw_only=True)
class BankProposed(EventType):
    """Somebody of a company wants it to be paid elsewhere."""

    kind: ClassVar[str] = "bank.proposed"
    icon: ClassVar[str] = "credit-card"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a proposé de nouvelles coordonnées bancaires")
    }


@register
@dataclass(frozen=True, kw_only=True)
class BankConfirmed(EventType):
    """The company stands by them: its landlords may check them. alone: nobody else was there."""

    kind: ClassVar[str] = "bank.confirmed"
    icon: ClassVar[str] = "circle-check"
    alone: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a confirmé les coordonnées bancaires : les bailleurs les vérifient")
    }


@register
@dataclass(frozen=True, kw_only=True)
class BankDeclined(EventType):
    """A second person of the company does not stand by them."""

    kind: ClassVar[str] = "bank.declined"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a refusé les coordonnées bancaires proposées")
    }


@register
@dataclass(frozen=True, kw_only=True)
class BankWithdrawn(EventType):
    """The company takes them back; whoever paid there already goes on. shown: landlords saw it."""

    kind: ClassVar[str] = "bank.withdrawn"
    icon: ClassVar[str] = "archive"
    shown: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a retiré les coordonnées bancaires proposées")
    }


@register
@dataclass(frozen=True, kw_only=True)
class BankCalled(EventType):
    """A landlord has called the company back, at a number that it knew: the hold begins."""

    kind: ClassVar[str] = "bank.called"
    icon: ClassVar[str] = "phone"
    until: datetime
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a vérifié les coordonnées bancaires au téléphone : utilisées à partir du {until}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the end of the hold as people write it."""
        return {"until": day(datetime.fromisoformat(payload["until"]), "short")}


@register
@dataclass(frozen=True, kw_only=True)
class BankRefused(EventType):
    """A landlord doesn't pay there; the former details stay in force."""

    kind: ClassVar[str] = "bank.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a refusé les coordonnées bancaires ; les précédentes restent en vigueur")
    )


@register
@dataclass(frozen=True, kw_only=True)
class BankStopped(EventType):
    """A landlord refuses what it paid to: nothing is in force until other details are checked."""

    kind: ClassVar[str] = "bank.stopped"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a refusé les coordonnées bancaires en vigueur : plus aucun compte n’est vérifié")
    )


@register
@dataclass(frozen=True, kw_only=True)
class BankInForce(EventType):
    """The hold is over: the landlord pays there from now on."""

    kind: ClassVar[str] = "bank.in_force"
    icon: ClassVar[str] = "cash"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Nouvelles coordonnées bancaires en vigueur")
    )


@register
@dataclass(frozen=True, kw_only=True)
class BankRead(EventType):
    """Somebody looked at full numbers. rows: of how many accounts."""

    kind: ClassVar[str] = "bank.read"
    icon: ClassVar[str] = "eye"
    rows: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a affiché un IBAN en entier"))


@register
@dataclass(frozen=True, kw_only=True)
class BankExported(EventType):
    """Payments left as a file with the full numbers. rows: how many accounts."""

    kind: ClassVar[str] = "bank.exported"
    icon: ClassVar[str] = "download"
    rows: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a exporté des paiements avec {rows} IBAN en entier")
    }
