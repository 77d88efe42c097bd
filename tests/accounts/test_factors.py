"""Second factors: made, asked for, used once, encrypted, taken away."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import override_settings
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict
from nexxio.core.models import Event
from nexxio.core.platform import services
from nexxio.core.scoping import system_scope
from tests.accounts.conftest import SECRET
from tests.accounts.steps import HERE, browser, code_now, inside, log_in, prove, show


@pytest.fixture
def helene(world):
    return world.first.desk.user


def test_an_application_is_set_up_and_asked_for_at_the_next_log_in(helene, monkeypatch):
    # The test's own transaction never ends: what waits for its end is done at once.
    monkeypatch.setattr(transaction, "on_commit", lambda run: run())
    client = browser()
    log_in(client, helene.email)
    url = reverse("mfa_activate_totp")
    assert client.get(url)["Location"].startswith(reverse("account_reauthenticate"))
    prove(client)
    page = client.get(url)
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret
    wrong = client.post(url, {"code": "000000"})
    assert "Ce n’est pas le code attendu" in wrong.content.decode()
    assert "code de secours" not in wrong.content.decode()
    done = client.post(url, {"code": code_now(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert len(client.get(done["Location"]).context["unused_codes"]) == 10

    other = browser()
    assert log_in(other, helene.email)["Location"] == reverse("mfa_authenticate")
    assert not inside(other)
    assert show(other, code_now(secret)).status_code == 200, "the code that made it opens nothing"
    assert not inside(other)
    assert show(other, code_now(secret, later=1)).status_code == 302
    assert inside(other)


def test_a_code_by_e_mail_does_not_replace_the_second_factor(helene, protected):
    protected(helene)
    client = browser()
    client.post(reverse("account_request_login_code"), {"email": helene.email})
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.strip().isupper())
    answer = client.post(reverse("account_confirm_login_code"), {"code": code.strip()})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not inside(client)


def test_a_recovery_code_opens_once(helene, protected):
    first, *_others = protected(helene)
    for answer in (True, False):
        client = browser()
        log_in(client, helene.email)
        show(client, first)
        assert inside(client) is answer


def test_the_database_alone_opens_no_account(helene, protected):
    protected(helene)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    with override_settings(LINK_KEY="another-key"):
        client = browser()
        log_in(client, helene.email)
        assert "n’est pas valable" in show(client, code_now()).content.decode()


def test_the_application_is_taken_away_and_other_devices_with_it(helene, protected, closed):
    protected(helene)
    client, other = browser(), browser()
    for one, later in ((client, 0), (other, 1)):
        log_in(one, helene.email)
        show(one, code_now(later=later))
    prove(client)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=helene).exists()
    assert inside(client)
    assert other.get(reverse("account_overview")).status_code == 302
    assert any(name.startswith("s.") for name in closed)
    notice = mail.outbox[-1]
    assert notice.subject == "Nexxio : l’application d’authentification a été retirée"
    assert "Firefox sur Linux" in notice.body
    assert HERE not in notice.body


def test_forged_passkeys_get_an_answer_and_never_a_session(helene):
    client = browser()
    forms = [
        "",
        "null",
        "[]",
        "{}",
        '{"id": "x"}',
        '{"response": {"userHandle": "AAAA"}}',
        "x" * 9000,
        "9" * 9000,
        "[" * 100_000,
    ]
    for credential in forms:
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)
        assert answer.status_code == 200
        assert not inside(client)
    log_in(client, helene.email)
    prove(client)
    for credential in forms:
        data = {"credential": credential, "name": "Clé"}
        assert client.post(reverse("mfa_add_webauthn"), data).status_code == 200
    assert not Authenticator.objects.filter(user=helene).exists()


def test_an_address_without_name_says_where_passkeys_work(settings):
    settings.SITE_URL = "https://nexxio.example"
    page = browser().get(reverse("account_login"), headers={"Host": "127.0.0.1:8000"})
    text = page.content.decode()
    assert "Pas de clé d’accès à cette adresse" in text
    assert "https://nexxio.example" in text
    assert "passkey_button" not in text
    assert (
        "passkey_button"
        in browser().get("/compte/login/", headers={"Host": "localhost"}).content.decode()
    )


def test_only_platform_staff_take_lost_factors_away(world, helene, protected, closed):
    protected(helene)
    client = browser()
    log_in(client, helene.email)
    show(client, code_now())
    unlisted = browser()
    unlisted.force_login(helene)
    desk = world.first.actor("desk")
    with scope_of(desk), pytest.raises(DatabaseError), transaction.atomic():
        services.reset_second_factors(actor=services.staff_actor(world.staff), user_id=helene.pk)
    assert Authenticator.objects.filter(user=helene).count() == 2
    with system_scope("tests"):
        services.reset_second_factors(actor=services.staff_actor(world.staff), user_id=helene.pk)
        with pytest.raises(Conflict):
            services.reset_second_factors(
                actor=services.staff_actor(world.staff), user_id=helene.pk
            )
    with scope_of(desk):
        event = Event.objects.get(kind="platform.second_factors_reset")
        assert event.payload == {"user_id": str(helene.pk)}
    for one in (client, unlisted):
        assert one.get(reverse("account_overview")).status_code == 302
    log_in(client, helene.email)
    assert inside(client)
