"""Event types of ceded claims and oppositions. No number of an account: that stands in the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from contractors.transfers import TransferKind
from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


class _Transfer(EventType):
    """Turns the kind into words."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {what} and {beneficiary}."""
        what = str(TransferKind(payload["what"]).label)
        return {"what": what[0].lower() + what[1:], "beneficiary": str(payload["beneficiary"])}


@register
@dataclass(frozen=True, kw_only=True)
class TransferNoted(_Transfer):
    """A landlord was notified that somebody else is to be paid."""

    kind: ClassVar[str] = "transfer.noted"
    icon: ClassVar[str] = "switch-horizontal"
    tone: ClassVar[str] = "warning"
    what: str
    beneficiary: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté une notification : {what} au profit de {beneficiary}, à vérifier")
    )


@register
@dataclass(frozen=True, kw_only=True)
class TransferChecked(_Transfer):
    """A second person has called the beneficiary back: it is paid from now on."""

    kind: ClassVar[str] = "transfer.checked"
    icon: ClassVar[str] = "phone"
    what: str
    beneficiary: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a vérifié au téléphone : {what} au profit de {beneficiary}, en vigueur")
    )


@register
@dataclass(frozen=True, kw_only=True)
class TransferRefused(_Transfer):
    """It doesn't count: the company is paid as before."""

    kind: ClassVar[str] = "transfer.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    what: str
    beneficiary: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a écarté une notification : {what} au profit de {beneficiary}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class TransferLiftAsked(_Transfer):
    """A piece lifts it, somebody says: it counts until a second person has called back."""

    kind: ClassVar[str] = "transfer.lift_asked"
    icon: ClassVar[str] = "hourglass"
    tone: ClassVar[str] = "warning"
    what: str
    beneficiary: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a demandé la mainlevée, à vérifier : {what} au profit de {beneficiary}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class TransferKept(_Transfer):
    """What should have lifted it doesn't: it counts as before."""

    kind: ClassVar[str] = "transfer.kept"
    icon: ClassVar[str] = "switch-horizontal"
    what: str
    beneficiary: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a écarté la mainlevée, l’acte est maintenu : {what} au profit de {beneficiary}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class TransferEnded(_Transfer):
    """The beneficiary, called back, confirms its end: the company is paid again."""

    kind: ClassVar[str] = "transfer.ended"
    icon: ClassVar[str] = "archive"
    what: str
    beneficiary: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté la mainlevée : {what} au profit de {beneficiary}")
    )
