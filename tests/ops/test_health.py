"""Health, readiness and figures: for machines, disclosing nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import redis
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from nexxio.core import clock, jobs, relay
from nexxio.core.actors import scope_of
from nexxio.core.models import Delivery
from nexxio.core.scoping import owner_scope, system_scope
from nexxio.ops import health, metrics
from nexxio.ops.health import _Schema

TOKEN = "figures-for-the-tests"


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    monkeypatch.setattr(health, "schema", health._Schema())


def test_alive_asks_no_database(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the database was asked")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = Client().get("/sante/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert Client().post("/sante/").status_code == 405


@pytest.mark.django_db
def test_ready_when_database_and_schema_are_there(monkeypatch):
    monkeypatch.setattr("nexxio.core.nudge.broker", lambda: Broker(away=False))
    answer = Client().get("/sante/prete/")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "broker": "ok"}
    assert answer["Cache-Control"] == "no-store"


class Broker:
    def __init__(self, *, away: bool) -> None:
        self.away = away

    def ping(self) -> None:
        if self.away:
            raise redis.ConnectionError("redis://:secret@broker")


@pytest.mark.django_db
def test_a_broker_that_is_away_is_told_and_pages_go_on(monkeypatch):
    monkeypatch.setattr("nexxio.core.nudge.broker", lambda: Broker(away=True))
    answer = Client().get("/sante/prete/")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "away"
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(monkeypatch):
    monkeypatch.setattr("nexxio.ops.health.schema", _Schema())
    monkeypatch.setattr("nexxio.core.nudge.broker", lambda: Broker(away=False))
    with owner_scope():
        MigrationRecorder(connection).record_unapplied("orders", "0174_walls")
    answer = Client().get("/sante/prete/")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "missing"
    with owner_scope():
        MigrationRecorder(connection).record_applied("orders", "0174_walls")
    assert Client().get("/sante/prete/").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_a_database(monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("could not connect to server at 10.0.0.7")

    monkeypatch.setattr("nexxio.core.nudge.broker", lambda: Broker(away=False))
    monkeypatch.setattr(health, "connection", type("Gone", (), {"cursor": gone})())
    answer = Client().get("/sante/prete/")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "database": "away",
        "migrations": "unknown",
        "broker": "ok",
    }


def figures(token: str = TOKEN) -> dict[tuple[str, frozenset], float]:
    answer = Client().get("/metriques/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.django_db
def test_figures_need_their_token(settings):
    assert Client().get("/metriques/", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metriques/").status_code == 404
    wrong = {"Authorization": "Bearer wrong"}
    assert Client().get("/metriques/", headers=wrong).status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status(settings):
    settings.METRICS_TOKEN = TOKEN
    name = "nexxio_requests_total"
    label = frozenset({"view": "account_login", "method": "GET", "status": "200"}.items())
    before = figures().get((name, label), 0)
    Client().get("/compte/login/")
    Client().get("/compte/login/", headers={"HX-Request": "true"})
    after = figures()
    assert after[(name, label)] == before + 2
    count = ("nexxio_request_seconds_count", frozenset({"view": "account_login"}.items()))
    assert after[count] >= 2


@pytest.mark.django_db
def test_the_site_tells_nothing_of_the_outbox(settings):
    settings.METRICS_TOKEN = TOKEN
    assert not any(name.startswith("nexxio_deliver") for name, _labels in figures())


def test_the_system_tells_what_waits_what_died_and_how_prompt_pushes_are(
    world, settings, monkeypatch
):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    settings.METRICS_TOKEN = TOKEN
    settings.LOGIN = "system"
    manager = world.first.actor("manager")
    with scope_of(manager):
        jobs.ask(kind="estate.rehearse", actor=manager, payload={})
    with system_scope("tests: metrics"):
        waiting = Delivery.objects.filter(subscriber="push", done_at__isnull=True).count()
        dead = Delivery.objects.filter(subscriber="notifications").first()
        assert dead is not None
        Delivery.objects.filter(pk=dead.pk).update(dead_at=clock.now())
    first = figures()
    push = frozenset({"subscriber": "push", "state": "pending"}.items())
    died = frozenset({"subscriber": "notifications", "state": "dead"}.items())
    assert waiting > 0
    assert first[("nexxio_deliveries", push)] == waiting
    assert first[("nexxio_deliveries", died)] == 1
    assert first[("nexxio_relay_lag_seconds", frozenset())] > 0
    assert first[("nexxio_jobs", frozenset({"state": "queued"}.items()))] == 1
    assert first[("nexxio_database_up", frozenset())] == 1
    relay.drain_batches()
    second = figures()
    assert second[("nexxio_deliveries", push)] == 0
    half = frozenset({"quantile": "0.5"}.items())
    assert second[("nexxio_push_delay_seconds", half)] >= 0


def test_streams_are_counted_while_they_are_open():
    before = metrics.STREAMS._value.get()
    with metrics.open_stream():
        assert metrics.STREAMS._value.get() == before + 1
    assert metrics.STREAMS._value.get() == before


def test_processes_that_share_a_folder_are_summed(tmp_path):
    """As with `uvicorn --workers`: whichever process is asked tells the figures of all."""
    code = (
        "import sys, django; django.setup()\n"
        "from nexxio.ops import metrics\n"
        "metrics.observe_request('home', 'GET', 200, 0.01)\n"
        "metrics.STREAMS.inc()\n"
        "sys.stdout.write(metrics.exposition().decode() if 'show' in sys.argv else '')"
    )
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    run = [sys.executable, "-c", code]
    subprocess.run(run, env=env, check=True)
    shown = subprocess.run([*run, "show"], env=env, check=True, capture_output=True, text=True)
    line = 'nexxio_requests_total{method="GET",status="200",view="home"} 2.0'
    assert line in shown.stdout
    # Gauges that live with their process count for those that are known to be dead only until
    # the folder is emptied; here nobody said that the first one is.
    assert "nexxio_stream_connections 2.0" in shown.stdout
