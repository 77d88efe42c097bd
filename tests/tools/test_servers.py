"""The embedded servers: roles as the contract has them, data that survives, stale files."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from tests.tools.actors import left_alive, read_json, script
from tools.base import Failure, wait_until
from tools.env import TestServers
from tools.product import Product, migration_names
from tools.service import Service

pytestmark = pytest.mark.slow

SUPERVISED = """
import json, sys
from pathlib import Path
from tools.env import TestServers
from tools.supervise import Supervisor
servers = TestServers(sys.argv[1], durable=True)
with Supervisor(servers.home / "logs") as supervisor:
    servers.start(supervisor)
    pids = {child.service.name: child.process.pid for child in supervisor.children}
    draft = servers.home / "pids.draft"
    draft.write_text(json.dumps(pids))
    draft.rename(servers.home / "pids")
    supervisor.watch()
"""


def rows(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.splitlines()]


def test_roles_own_and_bypass_nothing_they_should_not(servers: TestServers) -> None:
    servers.start_detached()
    found = servers.postgres.psql(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolinherit FROM pg_roles"
        " WHERE rolname LIKE 'nexxio%' ORDER BY rolname"
    )
    assert rows(found) == [
        ["nexxio_owner", "f", "f", "f", "t"],
        ["nexxio_site", "f", "f", "f", "t"],
        ["nexxio_system", "f", "f", "f", "t"],
        ["nexxio_test", "f", "f", "f", "f"],
    ]
    members = servers.postgres.psql(
        "SELECT pg_get_userbyid(member), pg_get_userbyid(roleid), inherit_option, set_option"
        " FROM pg_auth_members WHERE pg_get_userbyid(roleid) LIKE 'nexxio%' ORDER BY 1, 2"
    )
    assert rows(members) == [
        ["nexxio_owner", "nexxio_site", "t", "t"],
        ["nexxio_owner", "nexxio_system", "t", "t"],
        ["nexxio_system", "nexxio_site", "t", "t"],
        ["nexxio_test", "nexxio_owner", "f", "t"],
        ["nexxio_test", "nexxio_site", "f", "t"],
        ["nexxio_test", "nexxio_system", "f", "t"],
    ]
    owner = "SELECT pg_get_userbyid(datdba), datlocale FROM pg_database WHERE datname = 'nexxio'"
    assert rows(servers.postgres.psql(owner)) == [["nexxio_owner", "PG_UNICODE_FAST"]]


def test_only_the_owner_makes_tables(servers: TestServers) -> None:
    servers.start_detached()
    postgres = servers.postgres
    for login in ("nexxio_site", "nexxio_system", "nexxio_test"):
        with pytest.raises(Failure, match="permission denied for schema public"):
            postgres.psql("CREATE TABLE mine (a int)", login=login, database="nexxio")
    postgres.psql("CREATE TABLE kept (a int)", login="nexxio_owner", database="nexxio")


def test_a_wrong_password_and_a_local_user_are_refused(servers: TestServers) -> None:
    servers.start_detached()
    stranger = TestServers(servers.home.name)
    stranger.postgres.port = servers.postgres.port
    stranger.secrets._values["nexxio_site"] = "wrong"
    with pytest.raises(Failure, match="password authentication failed"):
        stranger.postgres.psql("SELECT 1", login="nexxio_site", database="nexxio")
    stranger.valkey.port = servers.valkey.port
    stranger.secrets._values["valkey"] = "wrong"
    assert servers.valkey.answers()
    assert not stranger.valkey.answers()


def test_secrets_are_private(servers: TestServers) -> None:
    servers.start_detached()
    for name in ("secrets.json", "valkey/valkey.conf"):
        assert stat.S_IMODE((servers.home / name).stat().st_mode) == 0o600
    assert servers.secrets["nexxio_site"] != servers.secrets["nexxio_owner"]


def test_a_second_start_keeps_data_port_and_passwords(servers: TestServers) -> None:
    servers.start_detached()
    former = servers.environment()["DATABASE_URL"]
    servers.postgres.psql("CREATE TABLE kept AS SELECT 42 AS a", database="nexxio")
    servers.stop_detached()
    again = TestServers(servers.home.name)
    again.start_detached()
    assert again.environment()["DATABASE_URL"] == former
    assert again.postgres.psql("SELECT a FROM kept", database="nexxio") == "42"


class Noting:
    """Takes the supervisor's place: notes the commands instead of running them."""

    def __init__(self) -> None:
        self.run_so_far: list[str] = []

    def run(self, service: Service, *, announce: str = "") -> None:
        self.run_so_far.append(service.name)


def test_a_start_migrates_only_what_was_not_migrated_by_this_code(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    servers.start_detached()
    product = Product(servers.home)
    product.postgres = postgres = servers.postgres

    def commands() -> list[str]:
        noting = Noting()
        product.migrate(noting)  # type: ignore[arg-type]  # what of it is used
        return noting.run_so_far

    assert commands() == ["migrate"]
    assert commands() == ["migrate"]  # it did not happen: the database has no migration
    values = ", ".join(f"('{app}', '{name}')" for app, name in map(_parts, migration_names()))
    table = "CREATE TABLE django_migrations AS SELECT * FROM (VALUES {}) AS v (app, name)"
    postgres.psql(table.format(values), database="nexxio")
    assert commands() == []
    postgres.psql("DELETE FROM django_migrations WHERE app = 'orders'", database="nexxio")
    assert commands() == ["migrate"]
    postgres.psql("DROP TABLE django_migrations", database="nexxio")
    postgres.psql(table.format(values), database="nexxio")
    (postgres.home / "migrated.done").write_text("of other files", encoding="utf-8")
    assert commands() == ["migrate"]
    assert commands() == []


def test_only_an_empty_database_gets_the_demo_world(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    servers.start_detached()
    product, noting = Product(servers.home), Noting()
    product.postgres = servers.postgres
    servers.postgres.psql("CREATE TABLE core_organisation (name text)", database="nexxio")
    product.fill(noting, announce="")  # type: ignore[arg-type]  # what of it is used
    servers.postgres.psql("INSERT INTO core_organisation VALUES ('a')", database="nexxio")
    product.fill(noting, announce="")  # type: ignore[arg-type]  # as above
    assert noting.run_so_far == ["demo_world"]


def _parts(name: str) -> tuple[str, str]:
    app, _, rest = name.partition(".")
    return app, rest


def test_lost_secrets_are_replaced_and_the_data_kept(servers: TestServers) -> None:
    servers.start_detached()
    servers.postgres.psql("CREATE TABLE kept AS SELECT 42 AS a", database="nexxio")
    servers.stop_detached()
    servers.secrets.path.unlink()
    again = TestServers(servers.home.name)
    again.start_detached()  # its broker has another password than `servers` knows
    assert again.postgres.psql("SELECT 1", login="nexxio_site", database="nexxio") == "1"
    assert again.postgres.psql("SELECT a FROM kept", database="nexxio") == "42"


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(servers: TestServers) -> None:
    servers.start_detached()
    pid_file = servers.postgres.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    servers.stop_detached()
    assert not pid_file.exists()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert servers.postgres.running_pid() is None
    servers.start_detached()
    assert servers.postgres.running_pid() not in {None, os.getpid()}


def test_a_killed_server_starts_again_with_what_was_committed(servers: TestServers) -> None:
    servers.postgres.durable = True
    servers.start_detached()
    servers.postgres.psql("CREATE TABLE kept AS SELECT 42 AS a", database="nexxio")
    pid = servers.postgres.running_pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert left_alive([pid], within=5) == []
    servers.start_detached()
    assert servers.postgres.running_pid() not in {None, pid}
    assert servers.postgres.psql("SELECT a FROM kept", database="nexxio") == "42"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_servers_end_with_their_supervisor_and_shut_down_well(
    servers: TestServers, number: signal.Signals
) -> None:
    process = script(SUPERVISED, servers.home.name)
    pids = servers.home / "pids"
    assert wait_until(lambda: pids.exists() or process.poll() is not None, 30)
    assert process.poll() is None, process.communicate()
    started = list(read_json(pids).values())
    process.send_signal(number)
    process.communicate(timeout=30)
    assert left_alive(started, within=15) == []
    # PostgreSQL removes it in an orderly stop only.
    assert not (servers.postgres.data / "postmaster.pid").exists()


def test_nothing_stays_up_after_a_stop_without_the_secrets(servers: TestServers) -> None:
    servers.start_detached()
    broker = int((servers.home / "valkey" / "pid").read_text())
    database = servers.postgres.running_pid()
    assert database
    servers.secrets.path.unlink()
    TestServers(servers.home.name).stop_detached()
    assert left_alive([broker, database], within=0) == []


def test_a_draft_of_an_interrupted_initdb_is_not_taken_for_a_cluster(servers: TestServers) -> None:
    draft = servers.postgres.home / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    servers.start_detached()
    assert servers.postgres.psql("SELECT 1") == "1"


def test_an_unreachable_checkout_gets_its_data_and_programs_elsewhere(place: Path) -> None:
    if os.geteuid():
        pytest.skip("only root changes the account")
    private = place / "private"
    private.mkdir(mode=0o700)
    pair = TestServers("pair", private)
    try:
        pair.start_detached()
        assert pair.postgres.home.is_symlink()
        target = pair.postgres.home.resolve()
        assert pair.postgres.psql("SELECT 1", login="nexxio_site", database="nexxio") == "1"
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    finally:
        pair.stop_detached()
        pair.postgres.destroy()
    assert not target.exists()
