"""Causes of a block: the codes, and what the dated rows say of each. Pure.

An invoice is blocked by an open row that names a cause. Which causes there are is code, because
facts open and close them; what each is called, who holds it and whether it stops the legal clock
are rows (`contractors.models.Cause`), which platform staff keep up.

Law: payment delays of public buyers are those of the Code de la commande publique, R2192-10 and
R2192-11; only a reason on the creditor's side interrupts them. The codes of reasons that are sent
are those of the external specifications of electronic invoicing (v3.2, 30 April 2026).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class CauseCode(StrEnum):
    """The causes by their codes."""

    CERTIFICATE_UNSIGNED = "B01"
    ORDER_NOT_REGULARISED = "B02"
    ORDER_NUMBER = "B03"
    COMMITMENT = "B04"
    SIGN_OFF = "B05"
    ACCEPTANCE = "B06"
    PHOTOS_OR_REPORT = "B07"
    QUANTITY = "B08"
    PRICE = "B09"
    TOTAL = "B10"
    VAT_RATE = "B11"
    LEGAL_MENTION = "B12"
    DUPLICATE = "B13"
    RECIPIENT = "B14"
    CONTRACT_OVER = "B15"
    SUBCONTRACTOR = "B16"
    PAPERS_EXPIRED = "B17"
    QUALITY = "B18"
    PENALTIES = "B19"
    INTERNAL_CIRCUIT = "B20"
    TOO_LATE_THIS_MONTH = "B21"


OVER_AN_AMOUNT = frozenset({CauseCode.QUANTITY, CauseCode.PRICE, CauseCode.TOTAL})
"""Causes that contest a sum: the rest of the invoice is admitted, and due in time."""


class Holder(models.TextChoices):
    """Who holds a cause. What is to judge starts with the landlord's contract manager."""

    LANDLORD = "landlord", _("Bailleur")
    CONTRACTOR = "contractor", _("Prestataire")
    TO_JUDGE = "to_judge", _("À trancher")


class StopsClock(models.TextChoices):
    """Whether a cause may interrupt the legal delay."""

    YES = "yes", _("Oui")
    NO = "no", _("Non")
    DEPENDS = "depends", _("Selon le cas")


@dataclass(frozen=True, kw_only=True)
class CauseRule:
    """What one row says of a cause, from a day to a day; null dates: since and for ever.

    department: code of the landlord's service; empty is the service that ordered.
    stops_unless_said: what is taken where it depends and nobody has said.
    """

    code: CauseCode
    label: str
    request: str
    holder: Holder
    holder_note: str = ""
    department: str = ""
    reasons: tuple[str, ...] = ()
    stops_clock: StopsClock
    stops_unless_said: bool = False
    stops_note: str = ""
    source: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the row is in force on a day."""
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or day <= self.ends_on)

    def interrupts(self, *, said: bool | None = None) -> bool:
        """Tell whether a suspension for this cause interrupts the legal delay.

        said: what the facts of the case decide, where the rule depends on them (the contractor
        had the number, the contract asks for the piece); None when nobody has said.
        """
        if self.stops_clock == StopsClock.DEPENDS:
            return self.stops_unless_said if said is None else said
        return self.stops_clock == StopsClock.YES


@dataclass(frozen=True)
class CauseBook:
    """All rows, asked for by code and day."""

    rules: tuple[CauseRule, ...] = field(default=())

    @classmethod
    def of(cls, rules: Iterable[CauseRule]) -> CauseBook:
        """Return a book of these rows."""
        return cls(tuple(rules))

    def on(self, code: str, day: date) -> CauseRule | None:
        """Return what holds of a cause on a day; None for an unknown code or a day without row."""
        for rule in self.rules:
            if rule.code == code and rule.holds_on(day):
                return rule
        return None

    def all_on(self, day: date) -> tuple[CauseRule, ...]:
        """Return what holds of each cause on a day, by code."""
        found = (rule for rule in self.rules if rule.holds_on(day))
        return tuple(sorted(found, key=lambda rule: rule.code))
