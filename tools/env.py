"""Servers of the tests that stay up between runs: ``eval "$(python3 -m tools.env --name me)"``.

Each name has a cluster and a broker of its own below .local/test, so that several people may test
in one checkout at a time. Without a name it is the pair that ``make test KEEP=1`` uses.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.base import (
    BIN,
    LOCAL,
    ROOT,
    Secrets,
    locked,
    path_with_ours,
    run_main,
    say,
)
from tools.postgres import Postgres
from tools.roles import TEST_LOGIN
from tools.service import start_detached, stop_pid
from tools.supervise import Supervisor
from tools.valkey import Valkey

DEFAULT_NAME = "main"


class TestServers:
    """PostgreSQL and Valkey below ``.local/test/<name>``.

    They forget what they were told when they crash, for speed; a measure wants them `durable`.
    """

    __test__ = False  # not a class of tests, whatever pytest thinks of its name

    def __init__(
        self, name: str = DEFAULT_NAME, base: Path = LOCAL / "test", *, durable: bool = False
    ) -> None:
        self.home = base / name
        self.secrets = Secrets(self.home / "secrets.json")
        self.postgres = Postgres(self.home / "pg", self.secrets, test=True, durable=durable)
        self.valkey = Valkey(self.home / "valkey", self.secrets, durable=durable)

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Environment of a test run against these servers, on top of `base`."""
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        return {
            **{name: value for name, value in base.items() if not name.startswith("NEXXIO_")},
            **({"PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH": chromium} if chromium else {}),
            "PATH": path_with_ours(base),
            "VIRTUAL_ENV": str(BIN.parent),
            "DJANGO_SETTINGS_MODULE": "nexxio.settings.test",
            "DATABASE_URL": self.postgres.url(TEST_LOGIN),
            "DATABASE_SYSTEM_URL": self.postgres.url("nexxio_system"),
            "DATABASE_OWNER_URL": self.postgres.url("nexxio_owner"),
            "REDIS_URL": self.valkey.url(),
            "SECRET_KEY": self.secrets["secret_key"],
            "NEXXIO_DATA": str(self.home / "data"),
        }

    def start(self, supervisor: Supervisor) -> None:
        """Start both under a supervisor. Those that were left up give way."""
        self.stop_detached()
        self.postgres.prepare()
        self.valkey.prepare()
        supervisor.start(self.postgres.service(), self.valkey.service())
        self.postgres.set_up_roles()

    def start_detached(self) -> None:
        """Start what is not up; it stays up after us."""
        with locked(self.home / "lock", wait=60, busy=f"{self.home} is being started elsewhere."):
            if not self._find_postgres():
                self.postgres.prepare()
                start_detached(self.postgres.service(), self.home / "postgres.log")
                self.postgres.set_up_roles()
            if not self._find_valkey():
                self.valkey.prepare()
                pid = start_detached(self.valkey.service(), self.home / "valkey.log")
                (self.home / "valkey" / "pid").write_text(f"{pid}\n", encoding="utf-8")

    def _find_postgres(self) -> bool:
        if not self.postgres.running_pid():
            return False
        self.postgres.port = _number(self.home / "pg" / "port")
        return True

    def _find_valkey(self) -> bool:
        self.valkey.port = _number(self.home / "valkey" / "port")
        return bool(self.valkey.port) and self.valkey.answers()

    def stop_detached(self) -> None:
        """Stop what is up."""
        with locked(self.home / "lock", wait=60, busy=f"{self.home} is being started elsewhere."):
            pid = _number(self.home / "valkey" / "pid")
            if pid and self.valkey.is_server(pid):
                stop_pid(pid, self.valkey.service())
            if self.postgres.running_pid():
                self.postgres.clear_stale_server()


def _number(path: Path) -> int:
    try:
        return int(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def exports(environment: Mapping[str, str]) -> str:
    """Lines for a shell to evaluate: what differs from our own environment."""
    changed = {k: v for k, v in environment.items() if os.environ.get(k) != v}
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in changed.items())


def main() -> int:
    """Start (or stop) the pair of servers and print what to export."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.env", description=__doc__)
    parser.add_argument("--name", default=DEFAULT_NAME, help="a pair of servers of your own")
    parser.add_argument("--durable", action="store_true", help="with fsync, for measures")
    parser.add_argument("--stop", action="store_true", help="stop them")
    arguments = parser.parse_args()
    servers = TestServers(arguments.name, durable=arguments.durable)
    if arguments.stop:
        servers.stop_detached()
        say(f"stopped: {servers.home.relative_to(ROOT)}")
        return 0
    servers.start_detached()
    sys.stdout.write(exports(servers.environment()))
    return 0


if __name__ == "__main__":
    run_main(main)
