"""What people do at the door."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import SECRET
from tests.factories.world import PASSWORD

HERE = "192.0.2.10"
ELSEWHERE = "198.51.100.7"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)


def browser(agent: str = FIREFOX, address: str = HERE) -> Client:
    """Return a browser at an address."""
    return Client(REMOTE_ADDR=address, headers={"User-Agent": agent})


def log_in(client: Client, email: str, password: str = PASSWORD, **extra):
    """Type e-mail and password."""
    data = {"login": email, "password": password, **extra}
    return client.post(reverse("account_login"), data)


def show(client: Client, code: str):
    """Type the second factor's code at log-in."""
    return client.post(reverse("mfa_authenticate"), {"code": code})


def prove(client: Client, password: str = PASSWORD):
    """Type the password again, as pages that guard the account ask."""
    return client.post(reverse("account_reauthenticate"), {"password": password})


def inside(client: Client) -> bool:
    """Tell whether the browser is logged in."""
    return "_auth_user_id" in client.session


def code_now(secret: str = SECRET, *, later: int = 0) -> str:
    """Return what the application shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))
