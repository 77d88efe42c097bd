"""What a visitor types to be reached: a mobile number or an e-mail address."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from nexxio.core.errors import Invalid

SMS, EMAIL = "sms", "email"
MAX_LENGTH = 254
_DIGITS = re.compile(r"\D")


@dataclass(frozen=True)
class Contact:
    """A channel and the address on it, written as tenants' rows write it."""

    channel: str
    value: str

    @property
    def hint(self) -> str:
        """The contact as its owner recognises it and nobody else learns it."""
        if self.channel == SMS:
            return f"•• •• •• •• {self.value[-2:]}"
        name, _at, domain = self.value.partition("@")
        return f"{name[:1]}•••@{domain}"


def read_contact(text: str) -> Contact:
    """Read a contact. Raises Invalid for what can't receive a code, known to us or not."""
    text = " ".join(text.split())
    return _email(text) if "@" in text else _phone(text)


def _email(text: str) -> Contact:
    value = text.replace(" ", "").lower()
    try:
        validate_email(value)
    except ValidationError as error:
        raise Invalid({"contact": [_("Cette adresse e-mail est incomplète.")]}) from error
    return Contact(EMAIL, value)


def _phone(text: str) -> Contact:
    wrong = Invalid(
        {"contact": [_("Ce n’est pas un numéro de portable : 06 12 34 56 78, par exemple.")]}
    )
    try:
        number = phonenumbers.parse(text.replace("(0)", ""), "FR")
    except phonenumbers.NumberParseException as error:
        raise wrong from error
    if not phonenumbers.is_possible_number(number):
        raise wrong
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise Invalid(
            {
                "contact": [
                    _(
                        "Un téléphone fixe ne reçoit pas de SMS : donnez un numéro de portable"
                        " ou une adresse e-mail."
                    )
                ]
            }
        )
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Contact(SMS, str(written))


def digits_of(text: str) -> str:
    """Return what was typed as a code, without the spaces that people put in."""
    return _DIGITS.sub("", text)
