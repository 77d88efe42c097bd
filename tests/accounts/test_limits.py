"""Wrong three times or a thousand: a clear answer, and nobody is locked out by another."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.cache import FallbackCache
from tests.accounts.steps import ELSEWHERE, browser, code_now, inside, log_in, show
from tests.factories.world import PASSWORD

WRONG = "ce n’est pas le bon"


@pytest.fixture
def claire(world):
    return world.first.manager.user


def test_three_wrong_passwords_and_the_right_one_enters(claire):
    client = browser()
    for _ in range(3):
        page = log_in(client, claire.email, WRONG)
        assert "ne correspond pas" in page.content.decode()
    log_in(client, claire.email)
    assert inside(client)


def test_a_thousand_wrong_passwords_lock_nobody_out(claire):
    stranger = browser(address=ELSEWHERE)
    said = [log_in(stranger, claire.email, WRONG) for _ in range(1000)]
    texts = [page.content.decode() for page in said]
    assert "ne correspond pas" in texts[4]
    assert "Attendez cinq minutes" in texts[5]
    assert said[-1].status_code == 429
    assert "n’est pas bloqué" in texts[-1]
    assert not inside(stranger)
    # Claire, elsewhere, enters at once; the stranger's address may try again later.
    client = browser()
    log_in(client, claire.email)
    assert inside(client)
    log_in(stranger, claire.email)
    assert not inside(stranger)
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=True):
        log_in(stranger, claire.email)
        assert inside(stranger)


def test_many_addresses_meet_the_accounts_own_limit_and_codes_still_enter(claire):
    for number in range(100):
        log_in(browser(address=f"203.0.113.{number}"), claire.email, WRONG)
    client = browser()
    assert "Attendez cinq minutes" in log_in(client, claire.email).content.decode()
    assert not inside(client)
    client.post(reverse("account_request_login_code"), {"email": claire.email})
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.strip().isupper())
    client.post(reverse("account_confirm_login_code"), {"code": code.strip()})
    assert inside(client)


def test_known_and_unknown_addresses_read_the_same(claire):
    known = log_in(browser(), claire.email, WRONG).context["form"].errors
    unknown = log_in(browser(), "personne@rivage.example", WRONG).context["form"].errors
    assert known == unknown


def test_a_log_in_code_is_tried_three_times(claire):
    client = browser()
    client.post(reverse("account_request_login_code"), {"email": claire.email})
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.strip().isupper())
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "AAAAAA"})
    client.post(reverse("account_confirm_login_code"), {"code": code.strip()})
    assert not inside(client)


def test_codes_are_not_sent_without_end(claire):
    for _ in range(6):
        page = browser().post(reverse("account_request_login_code"), {"email": claire.email})
    assert len(mail.outbox) == 3
    assert "Attendez" in page.content.decode()


def test_an_application_is_not_guessed(claire, protected):
    protected(claire)
    client = browser()
    log_in(client, claire.email)
    for _ in range(5):
        assert "n’est pas valable" in show(client, "000000").content.decode()
    assert "Attendez cinq minutes" in show(client, code_now()).content.decode()
    assert not inside(client)
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=True):
        show(client, code_now())
        assert inside(client)


def test_passkeys_are_not_tried_without_end():
    client = browser()
    for _ in range(60):
        client.post(reverse("mfa_login_webauthn"), {"credential": "{}"})
    page = client.post(reverse("mfa_login_webauthn"), {"credential": "{}"})
    assert page.status_code == 429
    assert "Trop d’essais" in page.content.decode()
    other = browser(address=ELSEWHERE)
    assert other.post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code == 302


def test_limits_go_on_in_memory_while_the_broker_is_away(claire, monkeypatch):
    away = FallbackCache("redis://127.0.0.1:1/0", {})
    for name in ("add", "get", "set", "delete"):
        monkeypatch.setattr(cache, name, getattr(away, name), raising=False)
    stranger = browser(address=ELSEWHERE)
    for _ in range(5):
        log_in(stranger, claire.email, WRONG)
    assert "Attendez cinq minutes" in log_in(stranger, claire.email).content.decode()
    client = browser()
    log_in(client, claire.email)
    assert inside(client)


def test_behind_a_proxy_each_visitor_has_a_count_of_his_own(claire, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    # A visitor may claim any address before the one that the proxy adds.
    claims = [f"203.0.113.{number}, {ELSEWHERE}" for number in range(6)]
    said = [
        browser().post(
            reverse("account_login"),
            {"login": claire.email, "password": WRONG},
            headers={"X-Forwarded-For": claim},
        )
        for claim in claims
    ]
    assert "ne correspond pas" in said[4].content.decode()
    assert "Attendez cinq minutes" in said[5].content.decode()
    client = browser()
    client.post(
        reverse("account_login"),
        {"login": claire.email, "password": PASSWORD},
        headers={"X-Forwarded-For": "192.0.2.77"},
    )
    assert inside(client)
