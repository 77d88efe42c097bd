"""Event types of retentions, advances and refunds. No amount, no name; no tenant reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from contractors.events import DayWords
from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register

L = Side.LANDLORD


@register
@dataclass(frozen=True, kw_only=True)
class MoneyTermsSet(EventType):
    """A contract's payment, retention and recovery of its advance are said."""

    kind: ClassVar[str] = "contract.money_terms_set"
    icon: ClassVar[str] = "scale"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a réglé le paiement, la retenue et l’avance du marché")
    )


@register
@dataclass(frozen=True, kw_only=True)
class AdvancePaid(DayWords, EventType):
    """The landlord has paid an advance on a contract."""

    kind: ClassVar[str] = "contract.advance_paid"
    icon: ClassVar[str] = "cash"
    tone: ClassVar[str] = "success"
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a versé une avance le {on}"))


@register
@dataclass(frozen=True, kw_only=True)
class RetentionDue(DayWords, EventType):
    """The day has come on which what was held back of an invoice is to be paid."""

    kind: ClassVar[str] = "retention.due"
    icon: ClassVar[str] = "hourglass"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("La retenue de garantie de la facture {number} est à libérer depuis le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RetentionReleased(DayWords, EventType):
    """What was held back of an invoice is paid."""

    kind: ClassVar[str] = "retention.released"
    icon: ClassVar[str] = "lock-open"
    tone: ClassVar[str] = "success"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a libéré la retenue de garantie de la facture {number}, payée le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RetentionOpposed(EventType):
    """The landlord opposes the release, with a reason."""

    kind: ClassVar[str] = "retention.opposed"
    icon: ClassVar[str] = "lock"
    tone: ClassVar[str] = "warning"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} s’est opposé à la libération de la retenue de la facture {number}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RefundNoted(DayWords, EventType):
    """What was paid too much has come back, or was deducted."""

    kind: ClassVar[str] = "invoice.refund_noted"
    icon: ClassVar[str] = "receipt-refund"
    number: str
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté le remboursement du trop-perçu de la facture {number}, le {on}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class CalendarSet(EventType):
    """A landlord has said on which days it pays."""

    kind: ClassVar[str] = "payments.calendar_set"
    icon: ClassVar[str] = "calendar-event"
    wording: ClassVar[Mapping[Side, Any]] = {L: _("{who} a réglé le calendrier de paiement")}


@register
@dataclass(frozen=True, kw_only=True)
class AccountRuleSet(EventType):
    """A landlord has said to which account lines go, or no longer."""

    kind: ClassVar[str] = "accounts.rule_set"
    icon: ClassVar[str] = "calculator"
    wording: ClassVar[Mapping[Side, Any]] = {L: _("{who} a changé une règle d’imputation")}


@register
@dataclass(frozen=True, kw_only=True)
class LinesImputed(EventType):
    """Somebody has said where the lines of an invoice go; its company doesn't read it."""

    kind: ClassVar[str] = "invoice.lines_imputed"
    icon: ClassVar[str] = "calculator"
    number: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a imputé les lignes de la facture {number}")
    }
