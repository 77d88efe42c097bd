"""Sessions: listed in words, ended one by one or all, without a trace of where people are."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core import clock, live
from nexxio.core.entry.codes import code_of
from nexxio.core.identity.devices import UNKNOWN, device_words
from nexxio.core.models import EntryCode
from tests.accounts.steps import FIREFOX, PHONE, browser, inside, log_in
from tests.factories.world import PASSWORD


@pytest.fixture
def claire(world):
    return world.first.manager.user


@pytest.fixture
def two(claire):
    """Claire at her desk, and on her phone."""
    desk, phone = browser(), browser(PHONE)
    for client in (desk, phone):
        log_in(client, claire.email)
    return desk, phone


def test_devices_are_listed_in_words_and_nothing_finer_is_kept(two):
    page = two[0].get(reverse("account_overview"))
    assert [(one.device, one.current) for one in page.context["sessions"]] == [
        ("Firefox sur Linux", True),
        ("Safari sur iPhone", False),
    ]
    for row in UserSession.objects.all():
        assert row.ip == "0.0.0.0"
        assert "Mozilla" not in row.user_agent


@pytest.mark.parametrize("agent", [FIREFOX, PHONE, "", "curl/8", "Edg/1 Windows NT"])
def test_words_give_themselves_again(agent):
    words = device_words(agent)
    assert device_words(words) == words


def test_unknown_browsers_have_a_name_too():
    assert device_words("curl/8") == UNKNOWN


def test_one_session_is_ended_with_its_stream(two, closed):
    desk, phone = two
    holder = live.holder_of_session(phone.session.session_key)
    (other,) = [
        s for s in desk.get(reverse("account_overview")).context["sessions"] if not s.current
    ]
    done = desk.post(reverse("account_end_session", args=[other.pk]), follow=True)
    assert "déconnecté" in done.content.decode()
    assert closed == [holder]
    assert not inside(phone)
    assert inside(desk)


def test_nobody_ends_anothers_session(world, two, closed):
    stranger = browser()
    log_in(stranger, world.second.manager.user.email)
    for row in UserSession.objects.all():
        answer = stranger.post(reverse("account_end_session", args=[row.pk]))
        assert answer.status_code == 404
    assert inside(two[0])
    assert inside(two[1])
    assert closed == []


def test_all_others_are_ended_at_once(two, claire, closed):
    third = browser()
    log_in(third, claire.email)
    two[0].post(reverse("account_end_other_sessions"))
    assert [inside(client) for client in (*two, third)] == [True, False, False]
    assert len(closed) == 2


def test_a_new_password_ends_the_others(two, claire, closed, django_capture_on_commit_callbacks):
    unlisted = browser()
    unlisted.force_login(claire)
    new = "trois chevaux boivent ici"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    with django_capture_on_commit_callbacks(execute=True):
        assert two[0].post(reverse("account_change_password"), data).status_code == 302
    assert live.channel_for_user(claire.pk) in closed
    page = reverse("account_overview")
    answers = [client.get(page).status_code for client in (*two, unlisted)]
    assert answers == [200, 302, 302]
    assert len(two[0].get(page).context["sessions"]) == 1


def test_activity_is_written_once_a_quarter_of_an_hour(two, world):
    desk, home = two[0], reverse("orders:landlord_home", args=[world.first.landlord.slug])
    desk.get(home)
    key = desk.session.session_key
    began = UserSession.objects.get(session_key=key).last_seen_at
    with CaptureQueriesContext(connection) as queries:
        desk.get(home)
    assert not [q for q in queries if "usersessions" in q["sql"]]
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=True):
        desk.get(home)
        assert UserSession.objects.get(session_key=key).last_seen_at > began + timedelta(minutes=15)


def test_a_session_from_before_gets_its_row(claire):
    client = browser()
    client.force_login(claire)
    assert not UserSession.objects.exists()
    page = client.get(reverse("account_overview"))
    assert [one.current for one in page.context["sessions"]] == [True]


def test_a_tenants_code_in_the_same_browser_hides_no_session(two, closed):
    desk, phone = two
    former = phone.session.session_key
    phone.post(reverse("tenants:enter"), {"contact": "0612345678"})
    entry = EntryCode.objects.get()
    phone.post(reverse("tenants:enter_code"), {"code": code_of(entry.pk)})
    assert phone.session.session_key != former
    assert len(desk.get(reverse("account_overview")).context["sessions"]) == 2
    desk.post(reverse("account_end_other_sessions"))
    assert not inside(phone)
    assert closed[0] == live.holder_of_session(former)
