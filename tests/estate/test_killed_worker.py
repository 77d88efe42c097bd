"""Workers that are killed or overtaken in the middle: all of an import, or nothing of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from nexxio.core import jobs
from nexxio.core.estate import applying
from nexxio.core.models import Job, JobState
from nexxio.core.scoping import open_scope, system_scope
from tests.estate.files import content, rows
from tests.estate.steps import ask_apply, done, events_of, fresh, groups_of, rehearse

pytestmark = [pytest.mark.concurrency, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
COUNT = 1_200


@pytest.fixture
def asked(committed_rivp, settings, tmp_path):
    """A landlord with an apply that nobody has begun, its file where other processes find it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media"},
        },
    }
    rehearsal = rehearse(committed_rivp, content(*rows(COUNT)))
    return committed_rivp, ask_apply(committed_rivp, rehearsal)


def start_worker(tmp_path):
    """Another process that does the open jobs, as a worker does."""
    base = os.environ["DATABASE_SYSTEM_URL"].rpartition("/")[0]
    url = f"{base}/{connection.settings_dict['NAME']}"
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from nexxio.core import jobs; jobs.run_open()",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "nexxio.settings.dev",
            "SECRET_KEY": "tests-only",
            "NEXXIO_LOGIN": "system",
            "NEXXIO_DATA": str(tmp_path),
            "DATABASE_URL": url,
            "DATABASE_SYSTEM_URL": url,
        },
    )


def owner():
    """A connection of the schema's owner, who may lock a table."""
    base = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
    return psycopg.connect(f"{base}/{connection.settings_dict['NAME']}")


def wait_for(condition, *, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")


def waiting_for_a_lock():
    """Whether a backend of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE NOT l.granted AND d.datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def let_the_lease_lapse(job):
    with system_scope("tests"):
        Job.objects.filter(pk=job.pk).update(leased_until=job.created_at)


def test_a_worker_killed_between_write_and_commit_leaves_nothing_and_another_one_does_all(
    asked, tmp_path
):
    party, job = asked
    with owner() as holder:
        # The groups are written before the event: there the worker is held, and killed.
        holder.execute("LOCK TABLE core_event IN EXCLUSIVE MODE")
        worker = start_worker(tmp_path)
        try:
            wait_for(waiting_for_a_lock)
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        holder.rollback()
    assert fresh(job).state == JobState.RUNNING
    assert fresh(job).result == {}
    assert groups_of(party) == []
    assert events_of(party) == []

    let_the_lease_lapse(job)
    again = done(job)
    assert again.state == JobState.DONE, again.error
    assert again.attempts == 2
    assert again.result["created"] == len(groups_of(party)) == COUNT
    assert len(events_of(party)) == 1


def test_a_slow_worker_that_is_overtaken_and_its_successor_agree(asked, monkeypatch):
    party, job = asked
    written, go_on = threading.Event(), threading.Event()
    keep = applying._keep

    def slow_once(*args):
        if not written.is_set():
            written.set()
            assert go_on.wait(20)
        return keep(*args)

    monkeypatch.setattr(applying, "_keep", slow_once)

    def work():
        try:
            with open_scope(None):
                jobs.run_open()
        finally:
            connection.close()

    first = threading.Thread(target=work)
    first.start()
    assert written.wait(20)
    let_the_lease_lapse(job)
    second = threading.Thread(target=work)
    second.start()
    wait_for(waiting_for_a_lock)
    go_on.set()
    first.join(20)
    second.join(20)

    ended = fresh(job)
    assert ended.state == JobState.DONE, ended.error
    assert ended.attempts == 2
    assert len(ended.result["created_ids"]) == len(groups_of(party)) == COUNT
    assert len(events_of(party)) == 1
