"""Bank details of a company: their states, their numbers, and which are in force. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import phonenumbers
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum import iban as iban_rules
from stdnum.exceptions import ValidationError as NumberError

SHOWN_DIGITS = 4
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_SEPA = frozenset(
    {
        *("AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR"),
        *("GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD"),
        *("ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA"),
    }
)


class AccountState(models.TextChoices):
    """Where bank details stand inside their company."""

    PROPOSED = "proposed", _("À confirmer par une seconde personne")
    CONFIRMED = "confirmed", _("Confirmées par l’entreprise")
    DECLINED = "declined", _("Refusées par l’entreprise")
    WITHDRAWN = "withdrawn", _("Retirées par l’entreprise")
    REPLACED = "replaced", _("Remplacées par de plus récentes")


ACCOUNT_LOOK: dict[str, tuple[str, str]] = {
    AccountState.PROPOSED: ("warning", "hourglass"),
    AccountState.CONFIRMED: ("success", "circle-check"),
    AccountState.DECLINED: ("danger", "circle-x"),
    AccountState.WITHDRAWN: ("neutral", "archive"),
    AccountState.REPLACED: ("neutral", "replace"),
}


class Outcome(models.TextChoices):
    """What a landlord's check of new bank details has come to."""

    CONFIRMED = "confirmed", _("Confirmées au téléphone")
    REFUSED = "refused", _("Refusées")


@dataclass(frozen=True)
class Use:
    """That a landlord may pay to an account from a moment on.

    offered_until: when the company stopped to offer it, null while it does. A hold that wasn't
    over by then never ends.
    """

    account_id: UUID
    from_at: datetime
    offered_until: datetime | None = None


def in_force(uses: Iterable[Use], now: datetime, stopped_at: datetime | None = None) -> Use | None:
    """Return the use by which a landlord pays now: the newest whose hold is over.

    stopped_at: when the landlord refused what was in force; nothing of before counts any more.
    """
    begun = [
        use
        for use in uses
        if use.from_at <= now
        and (use.offered_until is None or use.from_at <= use.offered_until)
        and (stopped_at is None or use.from_at > stopped_at)
    ]
    return max(begun, key=lambda use: use.from_at, default=None)


def packed(number: str) -> str:
    """Return a number without what people put between its parts."""
    return re.sub(r"[\s.\u00a0\u202f-]", "", number).upper()


def iban_fault(number: str) -> Any:
    """Return what is wrong with a packed IBAN: its key, its length, its country; "" if nothing."""
    try:
        iban_rules.validate(number)
    except NumberError:
        return _("IBAN invalide : un chiffre manque ou la clé de contrôle est fausse.")
    if number[:2] not in _SEPA:
        return _("Ce pays n’est pas de la zone SEPA : aucun virement n’y serait fait.")
    return ""


def bic_fault(number: str, iban: str) -> Any:
    """Return what is wrong with a packed BIC, which may be left out; "" if nothing."""
    if not number:
        return ""
    if _BIC.fullmatch(number) is None:
        return _("BIC invalide : huit ou onze caractères, comme BNPAFRPPXXX.")
    if iban[:2] in {"FR", "MC"} and number[4:6] not in {"FR", "MC"}:
        return _("Ce BIC est celui d’une banque d’un autre pays que l’IBAN.")
    return ""


def masked(iban: str) -> str:
    """Return an IBAN as lists show it: its country and its last four characters."""
    return f"{iban[:2]}•• •••• {iban[-SHOWN_DIGITS:]}" if iban else ""


def grouped(iban: str) -> str:
    """Return an IBAN in groups of four, as banks print it."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def phone_of(text: str) -> str:
    """Return a phone number as +33…; "" for what is none."""
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
