"""allauth's forms with the product's words and defaults."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What reading a forged answer of a passkey may raise; allauth catches some of it.
_FORGED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class _Credential(forms.JSONField):
    """What a browser says of a passkey: what is no JSON, however odd, is refused in words."""

    def to_python(self, value: Any) -> Any:
        """Read it; a number of thousands of digits and lists without end are wrong like others."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey opens the account alone, unless the person takes the tick away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _Credential(widget=forms.HiddenInput)
        self.fields["name"].label = _("Nom de la clé, pour la reconnaître")
        self.fields["name"].max_length = 80
        self.fields["name"].widget.attrs["maxlength"] = 80
        self.fields["passwordless"].label = _("Me connecter par cette clé seule, sans mot de passe")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Refuse a forged answer like a wrong one."""
        try:
            return dict(super().clean())
        except _FORGED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class ActivateTOTP(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an application: its errors name it as the page does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code à six chiffres")

    def clean_code(self) -> str:
        """Return the code, used by this. Who makes his first factor has no recovery code to try."""
        try:
            code = str(super().clean_code())
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            message = _(
                "Ce n’est pas le code attendu. Attendez le suivant, et vérifiez que l’heure du"
                " téléphone est réglée automatiquement."
            )
            raise ValidationError(message, code="incorrect_code") from error
        # Else the code that makes the factor would open a log-in too, for whoever looked on.
        TOTP(Authenticator(user=self.user))._mark_code_used(code)
        return code


class _Shown:
    """A passkey that is shown: a forged answer is refused like a wrong one."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = _Credential(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        """Return the authenticator, or say that the key isn't valid."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _FORGED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginByPasskey(_Shown, LoginWebAuthnForm):  # type: ignore[misc]
    """Log-in by passkey alone."""


class ShowPasskey(_Shown, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class ShowPasskeyAgain(_Shown, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey before what guards the account."""
