"""The platform's site: its log-in, its limits, its log."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import path

from nexxio.core import clock
from nexxio.core.admin_site import SESSION_LIFE
from nexxio.urls import urlpatterns as site_patterns
from tests.factories.world import PASSWORD

urlpatterns = [
    path("admin/", admin.site.urls),
    *(found for found in site_patterns if str(found.pattern) != "admin/"),
]

LOGIN = "/compte/login/"
STAFF = "plateforme@nexxio.example"


@pytest.fixture
def admin_process(world, settings):
    """The addresses of the process that logs in as the system."""
    settings.ROOT_URLCONF = __name__
    settings.LOGIN = "system"
    cache.clear()
    return world


def enter(client, password: str):
    return client.post(LOGIN, {"login": STAFF, "password": password})


def test_the_administration_has_no_log_in_of_its_own(admin_process):
    client = Client()
    asked = client.get("/admin/core/user/", follow=True)
    assert asked.redirect_chain[-1][0].startswith(LOGIN)
    for _attempt in range(2):
        answer = client.post("/admin/login/", {"username": STAFF, "password": PASSWORD})
        assert answer["Location"].startswith(LOGIN)
    assert client.get("/admin/").status_code == 302


def test_passwords_are_tried_a_few_times_only(admin_process):
    client = Client()
    for attempt in range(12):
        enter(client, f"wrong-{attempt}")
    enter(client, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_staff_get_in_and_others_do_not(admin_process):
    client = Client()
    enter(client, PASSWORD)
    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    client.force_login(admin_process.first.manager.user)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403


def test_staff_log_in_again_after_a_working_day(admin_process):
    client = Client()
    enter(client, PASSWORD)
    with clock.moved_to(clock.now() + SESSION_LIFE - timedelta(minutes=1)):
        assert client.get("/admin/").status_code == 200
    with clock.moved_to(clock.now() + SESSION_LIFE):
        assert client.get("/admin/").status_code == 302
        assert client.get("/admin/login/")["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_each_page_is_logged_with_its_reader(admin_process, caplog):
    client = Client()
    enter(client, PASSWORD)
    with caplog.at_level(logging.INFO, logger="nexxio"):
        client.get("/admin/core/user/")
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.INFO]
    assert f"system scope: admin: {admin_process.staff.pk} GET /admin/core/user/" in said


@pytest.mark.parametrize(("login", "wanted"), [("system", "3600 True"), ("site", "1209600 False")])
def test_only_the_systems_sessions_are_short(login, wanted):
    program = (
        "from nexxio.settings import base as s;"
        "print(s.SESSION_COOKIE_AGE, s.SESSION_SAVE_EVERY_REQUEST)"
    )
    environment = {
        "SECRET_KEY": "tests",
        "DATABASE_URL": "postgresql://nobody@localhost/none",
        "REDIS_URL": "redis://localhost",
        "NEXXIO_LOGIN": login,
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == wanted
