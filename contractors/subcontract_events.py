"""Event types of declared subcontractors and of what is paid to them. No name, no amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from contractors.events import DayWords
from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractDeclared(EventType):
    """A contractor asks its landlord to accept a subcontractor on a contract."""

    kind: ClassVar[str] = "subcontract.declared"
    icon: ClassVar[str] = "user-plus"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a déclaré ce sous-traitant"))


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractAccepted(EventType):
    """The landlord accepts him, and how he is paid."""

    kind: ClassVar[str] = "subcontract.accepted"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a accepté ce sous-traitant"))


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractTacit(EventType):
    """The landlord has said nothing for as long as the law waits: he is accepted."""

    kind: ClassVar[str] = "subcontract.tacit"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Sous-traitant accepté : le bailleur n’a pas répondu dans le délai légal")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractRefused(EventType):
    """The landlord doesn't accept him; its reason stands on the declaration."""

    kind: ClassVar[str] = "subcontract.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a refusé ce sous-traitant"))


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractWithdrawn(EventType):
    """The contractor takes its declaration back before an answer."""

    kind: ClassVar[str] = "subcontract.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a retiré cette déclaration"))


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractEnded(EventType):
    """An accepted subcontractor comes to no more works of the contract."""

    kind: ClassVar[str] = "subcontract.ended"
    icon: ClassVar[str] = "archive"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a mis fin à cette sous-traitance"))


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractorNamed(EventType):
    """The contractor's desk says who comes to an order in its place."""

    kind: ClassVar[str] = "subcontractor.named"
    icon: ClassVar[str] = "user-plus"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a nommé un sous-traitant sur cette commande")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SubcontractorForgotten(EventType):
    """He doesn't come, after all."""

    kind: ClassVar[str] = "subcontractor.forgotten"
    icon: ClassVar[str] = "user-off"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a retiré un sous-traitant de cette commande")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ShareSet(EventType):
    """The contractor has said what of its invoice is a subcontractor's."""

    kind: ClassVar[str] = "invoice.share_set"
    icon: ClassVar[str] = "users"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a indiqué la part d’un sous-traitant sur la facture {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SharePaid(DayWords, EventType):
    """The landlord has paid a subcontractor his part."""

    kind: ClassVar[str] = "invoice.share_paid"
    icon: ClassVar[str] = "cash"
    tone: ClassVar[str] = "success"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a payé la part d’un sous-traitant sur la facture {number}, le {on}")
    )
