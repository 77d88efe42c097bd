"""The product's processes: which servers, with which environment, in which order."""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass

from tools.base import BIN, LOCAL, PYTHON, ROOT, Failure, Secrets, port_is_free
from tools.postgres import Postgres
from tools.service import Service
from tools.supervise import Supervisor
from tools.valkey import Valkey

SITE_PORT = 8000
# Commands that need the schema's owner; all others run as the workers do.
OWNER_COMMANDS = {
    "migrate",
    "makemigrations",
    "make_walls",
    "sqlmigrate",
    "showmigrations",
    "flush",
    "dbshell",
    "sqlflush",
}


@dataclass
class Product:
    """Servers (embedded, unless the environment names real ones) and the environment of all."""

    supervisor: Supervisor
    site_port: int = 0
    admin_port: int = 0

    def __post_init__(self) -> None:
        secrets = Secrets(LOCAL / "secrets.json")
        self.secret_key = os.environ.get("SECRET_KEY") or secrets["secret_key"]
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(LOCAL / "pg", secrets)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(LOCAL / "valkey", secrets)

    def start_servers(self) -> None:
        """Start the database and the broker that aren't named in the environment."""
        if self.postgres is not None:
            self.postgres.prepare()
            self.supervisor.start(self.postgres.service())
            self.postgres.set_up_roles()
        if self.valkey is not None:
            self.valkey.prepare()
            self.supervisor.start(self.valkey.service())

    def choose_ports(self) -> None:
        """Take 8000 and the next one for the administration, or the next free ones."""
        free = [port for port in range(SITE_PORT, SITE_PORT + 60) if port_is_free(port)]
        if len(free) < 2:
            raise Failure(f"no free port from {SITE_PORT} on.")
        self.site_port, self.admin_port = free[0], free[1]

    def environment(self, login: str, *, pool: int = 0) -> dict[str, str]:
        """Environment of a process that logs in as "site", "system" or "owner"."""
        env = {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": self.secret_key,
            "NEXXIO_LOGIN": login,
            "NEXXIO_DATA": str(LOCAL),
        }
        env.setdefault("DJANGO_SETTINGS_MODULE", "nexxio.settings.dev")
        if pool:
            env["NEXXIO_POOL"] = str(pool)
        if self.site_port:
            env.setdefault("NEXXIO_SITE_URL", f"http://localhost:{self.site_port}")
            env.setdefault("NEXXIO_ADMIN_URL", f"http://localhost:{self.admin_port}")
        if self.postgres is not None:
            env["DATABASE_URL"] = self.postgres.url("nexxio_site")
            env["DATABASE_SYSTEM_URL"] = self.postgres.url("nexxio_system")
            env["DATABASE_OWNER_URL"] = self.postgres.url("nexxio_owner")
        if self.valkey is not None:
            env["REDIS_URL"] = self.valkey.url()
        return env

    def start_workers(self) -> None:
        """Start the relay's worker, the others' worker, and the clock."""
        celery = (str(PYTHON), "-m", "celery", "-A", "nexxio")
        quiet = ("--without-gossip", "--without-mingle", "-l", "WARNING")
        env = self.environment("system")
        for name, words in (
            ("relay", ("worker", "-Q", "relay", "-P", "solo", "-n", "relay@nexxio", *quiet)),
            ("worker", ("worker", "-Q", "default", "-c", "1", "-n", "default@nexxio", *quiet)),
            ("clock", ("beat", "-l", "WARNING")),
        ):
            self.supervisor.start(Service(name=name, argv=(*celery, *words), env=env))

    def start_sites(self) -> None:
        """Start the site and the administration."""
        for name, login, port, pool in (
            ("site", "site", self.site_port, 12),
            ("admin", "system", self.admin_port, 4),
        ):
            argv = (
                *(str(PYTHON), "-m", "uvicorn", "nexxio.asgi:application"),
                *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
                *("--timeout-graceful-shutdown", "3"),
            )
            self.supervisor.start(
                Service(
                    name=name,
                    argv=argv,
                    env=self.environment(login, pool=pool),
                    is_ready=lambda _pid, port=port: _answers(port),
                )
            )

    def manage(
        self, *words: str, login: str = "", quiet: bool = False
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one management command."""
        chosen = login or ("owner" if words and words[0] in OWNER_COMMANDS else "system")
        return subprocess.run(
            [str(PYTHON), str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=self.environment(chosen),
            capture_output=quiet,
            check=False,
        )


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/compte/login/", timeout=3) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
