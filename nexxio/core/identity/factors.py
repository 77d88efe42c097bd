"""Second factors as allauth.mfa keeps them: its words in French, its secrets encrypted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nexxio.core.identity.devices import device_words
from nexxio.core.models import User


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    key = hmac.new(secret.encode(), b"nexxio.second-factors", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth.mfa with secrets encrypted at rest, and the product's own words.

    The key is derived from NEXXIO_LINK_KEY, which isn't rotated: a copy of the database alone
    opens no account (docs/operations/secrets.md).
    """

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "Ce code ou cette clé n’est pas valable. Attendez le code suivant, ou essayez un code"
            " de secours."
        ),
        "cannot_generate_recovery_codes": _(
            "Ajoutez d’abord une clé d’accès ou une application d’authentification."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt what the database keeps."""
        return _box(settings.LINK_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read it again; under another key nothing matches, so the answer is "not valid"."""
        try:
            return _box(settings.LINK_KEY).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Name a new passkey after the device that makes it."""
        agent = context.request.headers.get("User-Agent", "")
        return str(_("Clé d’accès, %s")) % device_words(agent)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Say for which site a passkey is: its name without the port, and the product's."""
        host = urlsplit(f"//{context.request.get_host()}").hostname or ""
        return {"id": host, "name": "Nexxio"}


def has_factor(user: User) -> bool:
    """Tell whether a person has a passkey or an application (recovery codes alone don't count)."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists())


def factors_of(user: User) -> dict[str, Any]:
    """Return what the account page shows: application, passkeys, number of codes left."""
    found: dict[str, Any] = {"application": None, "keys": [], "codes": None}
    for one in Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"):
        if one.type == Authenticator.Type.WEBAUTHN:
            found["keys"].append({"row": one, "name": one.wrap().name})
        elif one.type == Authenticator.Type.TOTP:
            found["application"] = one
        else:
            found["codes"] = {"row": one, "left": len(one.wrap().get_unused_codes())}
    found["any"] = bool(found["application"] or found["keys"])
    return found


def ways_to_prove(user: User) -> list[dict[str, str]]:
    """Return allauth's pages on which a person shows a second factor again."""
    methods = account_adapter().get_reauthentication_methods(user)
    return [method for method in methods if method["id"].startswith("mfa_")]


def passkeys_here(request: HttpRequest) -> bool:
    """Tell whether browsers allow passkeys at this address: by name and https, or localhost."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        near = host == "localhost" or host.endswith(".localhost")
        return bool(request.is_secure() or near)
    return False


def having_factors(user_ids: Iterable[UUID]) -> set[UUID]:
    """Return who of these has a second factor; recovery codes alone are none."""
    rows = Authenticator.objects.filter(user_id__in=list(user_ids))
    rows = rows.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(rows.values_list("user_id", flat=True))
