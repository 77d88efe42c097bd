"""A fresh count of attempts for each test, and people who have a second factor."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache

from nexxio.core import live

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def closed(monkeypatch) -> list[str]:
    """Return the names of the streams that were closed, in their order."""
    found: list[str] = []
    monkeypatch.setattr(live, "close_streams", found.append)
    return found


@pytest.fixture
def protected():
    """Give a person an application and recovery codes, as if made in another browser."""

    def make(user) -> list[str]:
        TOTP.activate(user, SECRET)
        return RecoveryCodes.activate(user).get_unused_codes()

    return make
