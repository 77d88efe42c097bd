"""An account is its person's: nobody claims an address, and each way in really works."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories.world import PASSWORD


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.mark.parametrize("name", ["account_email", "account_confirm_email", "account_signup"])
def test_no_page_claims_an_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name, kwargs={"key": "x"} if name == "account_confirm_email" else None)


def test_nobody_can_add_somebody_elses_address(world):
    client = Client()
    client.force_login(world.outsider)
    added = client.post(
        "/compte/email/", {"action_add": "", "email": "futur.directeur@rivage.example"}
    )
    assert added.status_code == 404


def test_one_logs_in_by_password_and_by_code_and_resets_the_password(world):
    email = world.first.manager.user.email
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    client.post(reverse("account_request_login_code"), {"email": email})
    (code,) = re.findall(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[-1].body, re.MULTILINE)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    client.post(reverse("account_reset_password"), {"email": email})
    (link,) = re.findall(r"https?://[^/]+(/compte/password/reset/key/\S+)", mail.outbox[-1].body)
    form = client.get(link, follow=True)
    new = "un-autre-mot-de-passe"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done["Location"] == reverse("account_reset_password_from_key_done")
    client.post(reverse("account_login"), {"login": email, "password": new})
    assert "_auth_user_id" in client.session
