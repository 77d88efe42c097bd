"""Fixtures for all tests. The suite runs as the site's role; the schema belongs to the owner."""

from __future__ import annotations

import gc
import os
from unittest import mock

import hypothesis
import pytest
from django.db import connection
from django.test import TransactionTestCase

from nexxio.core.scoping import open_scope, owner_scope, system_scope
from tests import watching
from tests.factories.full import fill
from tests.factories.world import World, build_world
from tests.races import overtaking
from tests.snapshots import FirstRows, Snapshot


def _filled() -> World:
    world = build_world()
    fill(world)
    return world


WORLD, FILLED = Snapshot(build_world), Snapshot(_filled)

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The same examples in every run; `--hypothesis-profile explore` looks for new ones. Neither
# shrinks: with a database behind each step that takes minutes, and the steps are printed anyway.
_STEPS = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
hypothesis.settings.register_profile(
    "ci", derandomize=True, database=None, deadline=None, phases=_STEPS
)
hypothesis.settings.register_profile("explore", deadline=None, phases=_STEPS)
hypothesis.settings.load_profile("ci")


def pytest_make_parametrize_id(config, val, argname):
    """Name a test by no file: one that is made at import holds its second, other for each worker.

    Two workers that collect different names end the whole run before its first test.
    """
    return argname if isinstance(val, bytes) and len(val) > 40 else None


def pytest_collection_finish(session):
    """Let the collector leave alone what stays: a sixth of the run was its walks over it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Give each worker of xdist a database of its own."""


@pytest.fixture(scope="session")
def django_db_setup(
    request,
    django_test_environment,
    django_db_blocker,
    django_db_keepdb,
    django_db_createdb,
    django_db_use_migrations,
    django_db_modify_db_settings,
):
    """pytest-django's own set-up, inside the owner's scope."""
    from django.test.utils import setup_databases, teardown_databases

    flush = TransactionTestCase._fixture_teardown

    def flush_but_first_rows(case):
        with owner_scope():  # who alone may
            flush(case)
        first.lay()

    with django_db_blocker.unblock(), owner_scope():
        config = setup_databases(
            verbosity=0, interactive=False, serialized_aliases=[], keepdb=django_db_keepdb
        )
        first = FirstRows()
        connection.close()
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", flush_but_first_rows):
        yield
    with django_db_blocker.unblock(), owner_scope():
        teardown_databases(config, verbosity=0, keepdb=django_db_keepdb)


@pytest.fixture(autouse=True)
def no_scope_at_first():
    """A test starts without a scope: forgetting one must be seen."""
    with open_scope(None):
        yield


@pytest.fixture(autouse=True)
def quiet_nudges(monkeypatch, request):
    """Relay tasks are called by the tests that want them; nothing is sent to a broker."""
    if "real_broker" not in request.keywords:
        monkeypatch.setattr("nexxio.core.nudge.send", lambda _task: True)


@pytest.fixture
def world(db) -> World:
    """Two landlords, two contractors, two tenants in succession; see factories/world.py."""
    with system_scope("tests: world"):
        return WORLD.lay()


@pytest.fixture
def filled(db, monkeypatch) -> World:
    """The same after a long story: rows of both parties in every scoped table."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        return FILLED.lay()


@pytest.fixture
def as_system(db):
    """The system's role, for looking at what nobody else may see."""
    with system_scope("tests"):
        yield


@pytest.fixture
def assert_nothing_happened(db):
    """``with assert_nothing_happened():`` no event, delivery, message, mail nor changed row."""
    return watching.nothing_happens


@pytest.fixture
def assert_locks(db):
    """``with assert_locks(Order, Visit):`` rows are locked, in this order, before the writes."""
    return watching.locks


@pytest.fixture
def race():
    """``with race(target, callback):`` the callback commits right before `target` is called."""
    return overtaking
