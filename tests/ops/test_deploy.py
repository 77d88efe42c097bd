"""`check --deploy` with the settings of a real site: clean when all is right, telling when not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexxio.core.scoping import open_scope
from nexxio.ops import checks

ROOT = Path(__file__).parents[2]
GOOD = {
    "DJANGO_SETTINGS_MODULE": "nexxio.settings.prod",
    "SECRET_KEY": "k7Gq-" * 14,
    "NEXXIO_LINK_KEY": "l1Nk-" * 14,
    "DATABASE_URL": "postgresql://nexxio_site:x@db.example/nexxio",
    "DATABASE_SYSTEM_URL": "postgresql://nexxio_system:x@db.example/nexxio",
    "DATABASE_OWNER_URL": "postgresql://nexxio_owner:x@db.example/nexxio",
    "REDIS_URL": "redis://broker.example",
    "NEXXIO_SITE_URL": "https://nexxio.example",
    "NEXXIO_ADMIN_URL": "https://admin.nexxio.example",
    "NEXXIO_ALLOWED_HOSTS": "nexxio.example,admin.nexxio.example",
    "NEXXIO_MAIL_URL": "smtp+tls://user:pw@mail.example:587",
    "NEXXIO_MAIL_FROM": "Nexxio <ne-pas-repondre@nexxio.example>",
}


def check(*words: str, **changed: str) -> tuple[int, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", *words],
        cwd=ROOT,
        env={**kept, **GOOD, **changed},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("login", ["site", "system"])
def test_a_real_site_has_nothing_to_say(login):
    assert check(NEXXIO_LOGIN=login) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )


def test_what_does_not_hold_together_is_named():
    status, said = check(
        NEXXIO_SITE_URL="http://nexxio.example",
        NEXXIO_ADMIN_URL="https://elsewhere.example",
        NEXXIO_MAIL_URL="smtp://user:pw@mail.example",
        NEXXIO_MAIL_FROM="Nexxio <x@nexxio.localhost>",
        DATABASE_SYSTEM_URL="postgresql://nexxio_site:x@db.example/nexxio",
        NEXXIO_DEMO="1",
    )
    assert status == 1
    for code in ("E010", "E011", "E013", "E014", "E015", "W001"):
        assert f"nexxio.{code}" in said, code


def test_a_missing_setting_stops_everything_with_its_name():
    status, said = check(NEXXIO_MAIL_FROM="")
    assert status == 1
    assert "NEXXIO_MAIL_FROM is not set" in said


@pytest.mark.django_db
def test_the_tests_login_is_found_too_strong():
    """nexxio_test may become everybody: exactly what a real site's login must not."""
    with open_scope(None):
        found = {message.id for message in checks.check_login_rights(databases=["default"])}
    assert found == {"nexxio.E017", "nexxio.E018"}
    assert checks.check_login_rights(databases=[]) == []
