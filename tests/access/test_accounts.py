"""An account is its person's: nobody claims an address, and each way in really works."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from nexxio.core import live
from nexxio.core.platform import services as platform
from nexxio.core.scoping import system_scope
from tests.factories.world import PASSWORD


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.mark.parametrize("name", ["account_email", "account_confirm_email"])
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


@pytest.fixture
def closed(monkeypatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(live, "close_streams", found.append)
    return found


def test_a_new_password_ends_the_persons_streams(world, closed, django_capture_on_commit_callbacks):
    user = world.first.manager.user
    client = Client()
    client.force_login(user)
    new = "un-autre-mot-de-passe"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("account_change_password"), data).status_code == 302
    assert closed == [f"user.{user.pk}"]


@pytest.mark.parametrize("what", ["user", "membership", "organisation"])
def test_whoever_may_no_longer_enter_hears_nothing_more(
    world, closed, django_capture_on_commit_callbacks, what
):
    member, staff = world.first.manager, platform.staff_actor(world.staff)
    with system_scope("tests"), django_capture_on_commit_callbacks(execute=True):
        if what == "user":
            platform.deactivate_user(actor=staff, user_id=member.user_id)
        elif what == "organisation":
            platform.close_organisation(actor=staff, organisation_id=member.organisation_id)
        else:
            member.is_active = False
            platform.save_membership(
                actor=staff, membership=member, fields=["is_active"], is_new=False
            )
        assert closed == []
    wanted = f"org.{member.organisation_id}" if what == "organisation" else f"user.{member.user_id}"
    assert closed == [wanted]


def test_a_members_page_hears_of_the_organisation_and_of_himself(world):
    member = world.first.manager
    client = Client()
    client.force_login(member.user)
    url = f"{reverse('core:stream_token')}?space=org.{member.organisation_id}"
    grant = live.read_token(client.get(url).json()["token"])
    page = client.get(reverse("orders:landlord_home", args=[member.organisation.slug]))
    shown = re.search(r'data-stream-token="([^"]+)"', page.content.decode())
    wanted = (f"org.{member.organisation_id}", f"user.{member.user_id}")
    assert grant.channels == wanted
    assert live.read_token(shown[1]).channels == wanted
