"""Files of imports are erased when their time is over; what they became stays."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, retention
from nexxio.core.actors import scope_of
from nexxio.core.imports import services
from nexxio.core.imports.registry import get_kind
from nexxio.core.models import ImportRun, StoredFile
from nexxio.core.scoping import system_scope
from nexxio.schedule import SCHEDULE
from orders.models import Order
from tests.factories.full import imported, worked

LATER = timedelta(days=90, minutes=1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    storage = settings.STORAGES["default"]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**storage, "OPTIONS": {"location": tmp_path}},
    }
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)


def reread(run: ImportRun) -> ImportRun:
    with system_scope("tests"):
        return ImportRun.objects.select_related("file", "job").get(pk=run.pk)


def page(world, run: ImportRun):
    client = Client()
    client.force_login(world.first.manager.user)
    url = reverse("imports:run", args=[world.first.landlord.slug, run.pk])
    return client.get(url, follow=True)


def test_an_applied_imports_file_goes_and_its_report_stays(world):
    run = reread(imported(world.first, until="applied"))
    path, report = run.file.storage_path, run.job.result["report"]
    assert default_storage.exists(path)
    with clock.moved_to(clock.now() + LATER - timedelta(minutes=2)):
        assert retention.erase_outdated() == 0
    with clock.moved_to(clock.now() + LATER):
        assert retention.erase_outdated() == 1
        assert retention.erase_outdated() == 0
    after = reread(run)
    assert after.file is None
    assert after.inspection == {}
    assert after.file_erased_at is not None
    assert after.columns == run.columns
    assert not default_storage.exists(path)
    with system_scope("tests"):
        stored = StoredFile.objects.get(pk=report)
        assert default_storage.exists(stored.storage_path)
        assert not StoredFile.objects.filter(pk=run.file_id).exists()
        assert Order.objects.filter(external_number="ERP-1").exists()
    body = page(world, run).content.decode()
    assert "Le fichier envoyé a été effacé" in body


def test_the_import_can_still_be_undone(world):
    run = imported(world.first, until="applied")
    manager = world.first.actor("manager")
    with clock.moved_to(clock.now() + LATER):
        retention.erase_outdated()
        with scope_of(manager):
            asked = services.ask_undo(actor=manager, run=reread(run))
            worked(asked.job)
    with system_scope("tests"):
        assert not Order.objects.filter(external_number="ERP-1").exists()


def test_a_run_under_way_keeps_its_file(world):
    run = imported(world.first)  # a rehearsal waits for a worker
    with clock.moved_to(clock.now() + LATER):
        assert retention.erase_outdated() == 0
    assert reread(run).file is not None


def test_a_file_that_was_only_looked_at_goes_and_its_page_opens(world):
    run = imported(world.first)
    with scope_of(world.first.actor("manager")):
        worked(reread(run).job)
    with clock.moved_to(clock.now() + LATER):
        assert retention.erase_outdated() == 1
    assert page(world, run).status_code == 200
    client = Client()
    client.force_login(world.first.manager.user)
    for name in ("imports:columns", "imports:values"):
        url = reverse(name, args=[world.first.landlord.slug, run.pk])
        assert client.get(url, follow=True).status_code == 200


def test_a_file_whose_columns_were_never_chosen_leads_back_to_the_list(world):
    manager = world.first.actor("manager")
    with scope_of(manager):
        run = services.send_file(
            actor=manager, kind=get_kind("orders"), upload=io.BytesIO(b"A;B\n1;2\n"), name="x.csv"
        )
        worked(run.job)
    with clock.moved_to(clock.now() + LATER):
        assert retention.erase_outdated() == 1
    listed = page(world, run)
    assert listed.redirect_chain[-1][0] == reverse("imports:index", args=["rivage"])
    assert "Ce fichier a été effacé" in listed.content.decode()


def test_the_same_file_sent_twice_keeps_its_bytes_for_the_other(world):
    old, new = imported(world.first), imported(world.first)
    with scope_of(world.first.actor("manager")):
        worked(reread(old).job)
    path = reread(old).file.storage_path
    assert path == reread(new).file.storage_path
    with clock.moved_to(clock.now() + LATER):
        assert retention.erase_outdated() == 1
    assert default_storage.exists(path)
    assert reread(new).file is not None


def test_another_landlords_file_is_his_own(world):
    first = reread(imported(world.first, until="applied"))
    second = reread(imported(world.second, until="applied"))
    with clock.moved_to(clock.now() + LATER):
        assert retention.erase_outdated() == 2
    for run in (first, second):
        assert not default_storage.exists(run.file.storage_path)


def test_the_number_of_days_is_a_setting(world, settings):
    settings.IMPORT_FILE_DAYS = 7
    imported(world.first, until="applied")
    with clock.moved_to(clock.now() + timedelta(days=7, minutes=1)):
        assert retention.erase_outdated() == 1


def test_the_clock_runs_it():
    tasks = {entry["task"] for entry in SCHEDULE.values()}
    assert "nexxio.core.tasks.erase_outdated" in tasks
