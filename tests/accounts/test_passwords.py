"""Password rules: long, not guessable, nobody's own data; no composition, no expiry."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.urls import reverse

from nexxio.core.models import User
from nexxio.settings import base
from tests.accounts.steps import browser, log_in
from tests.factories.world import PASSWORD


def codes(password: str, user: User | None = None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "trois chevaux boivent ici",
        "correcthorsebatterystaple",
        "éàü œuvre du siècle passé",
        "x7Kq-pL2v-9RtZ",
        "un long texte " * 10,
        "quatre-vingt-douze ours bleus " + "é" * 40,
    ],
)
def test_long_phrases_are_welcome_without_capital_or_digit(world, password):
    assert codes(password, world.first.manager.user) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("court", "password_too_short"),
        ("onze-lettre", "password_too_short"),
        ("aaaaaaaaaaaaaaaa", "password_repeats"),
        ("azertyuiopqsdf", "password_too_common"),
        ("1234567890123", "password_too_common"),
        ("motdepasse2026!", "password_too_common"),
        ("MotDePasse-Nexxio-2027", "password_too_common"),
        ("qwertyuiop123", "password_too_common"),
        ("Claire.Martin1985", "password_personal"),
        ("rivagehabitat2026", "password_personal"),
        ("manager@rivage.example", "password_too_similar"),
        ("z" * 100 + "abcde" * 40, "password_too_long"),
    ],
)
def test_what_anybody_would_try_is_refused(world, password, code):
    user = world.first.manager.user
    user.first_name = "Claire"
    assert code in codes(password, user)


def test_the_form_keeps_the_person_and_says_why_in_french(world):
    client = browser()
    log_in(client, world.first.manager.user.email)
    data = {"oldpassword": PASSWORD, "password1": "motdepasse2026!", "password2": "motdepasse2026!"}
    page = client.post(reverse("account_change_password"), data)
    text = page.content.decode()
    assert "trop courant" in text
    assert 'data-strength="password1"' in text


def test_pasting_is_allowed_and_managers_are_told_what_is_typed(world):
    client = browser()
    log_in(client, world.first.manager.user.email)
    page = client.get(reverse("account_change_password")).content.decode()
    assert "onpaste" not in page
    assert 'autocomplete="new-password"' in page
    assert "maxlength" not in page
    scripts = [*Path(base.BASE_DIR, "static/js").glob("*.js")]
    assert scripts
    assert not any('"paste"' in path.read_text() for path in scripts)


def test_argon2_keeps_passwords_and_knows_no_expiry():
    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        get_hasher.cache_clear() if hasattr(get_hasher, "cache_clear") else None
        assert identify_hasher(make_password("trois chevaux boivent ici")).algorithm == "argon2"
    assert not getattr(settings, "ACCOUNT_PASSWORD_EXPIRY", None)
