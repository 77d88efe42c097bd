"""Event types of final accounts. No amount, no name; no tenant reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class FinalSubmitted(EventType):
    """The company says what the order comes to in the end."""

    kind: ClassVar[str] = "final_account.submitted"
    icon: ClassVar[str] = "send"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a remis le projet de décompte final n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class FinalReturned(EventType):
    """The landlord doesn't take it as it is; its reason stands on the account."""

    kind: ClassVar[str] = "final_account.returned"
    icon: ClassVar[str] = "arrow-back-up"
    tone: ClassVar[str] = "danger"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a retourné le projet de décompte final n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class FinalNotified(EventType):
    """The landlord has taken something off: the company agrees or contests."""

    kind: ClassVar[str] = "final_account.notified"
    icon: ClassVar[str] = "file-text"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a notifié le décompte général n° {number}, avec une somme retirée")
    )


@register
@dataclass(frozen=True, kw_only=True)
class FinalContested(EventType):
    """The company doesn't agree to what was notified; its reason stands on the account."""

    kind: ClassVar[str] = "final_account.contested"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "danger"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} conteste le décompte général n° {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class FinalAgreed(EventType):
    """Both agree: the account is definitive (DGD), and nothing more is invoiced."""

    kind: ClassVar[str] = "final_account.agreed"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a accepté le décompte n° {number} : il est général et définitif")
    )


@register
@dataclass(frozen=True, kw_only=True)
class FinalSealed(EventType):
    """The PDF of the definitive account is there, sealed."""

    kind: ClassVar[str] = "final_account.sealed"
    icon: ClassVar[str] = "lock"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le décompte général définitif n° {number} est scellé (PDF)")
    )


@register
@dataclass(frozen=True, kw_only=True)
class FinalSealFailed(EventType):
    """The PDF of the account could not be sealed; it can be asked for again."""

    kind: ClassVar[str] = "final_account.seal_failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le PDF du décompte n° {number} n’a pas pu être scellé")
    )


@register
@dataclass(frozen=True, kw_only=True)
class FinalSealAsked(EventType):
    """Somebody wants the PDF of the account, which has none."""

    kind: ClassVar[str] = "final_account.seal_asked"
    icon: ClassVar[str] = "printer"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a demandé le PDF scellé du décompte n° {number}")
    )
