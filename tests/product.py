"""The whole product for tests and measures: real site, workers and clock, on servers of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.base import ROOT, port_is_free
from tools.env import TestServers
from tools.postgres import Postgres
from tools.service import Service
from tools.supervise import Supervisor
from tools.valkey import Valkey

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

EnvironmentOf = Callable[[str], Mapping[str, str]]


def environment(
    base: Mapping[str, str],
    postgres: Postgres,
    valkey: Valkey,
    *,
    secret_key: str,
    data: Path,
    login: str,
    url: str,
) -> dict[str, str]:
    """Return the environment of a process that logs in as "site", "system" or "owner"."""
    return {
        **base,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "nexxio.settings.dev",
        "SECRET_KEY": secret_key,
        "DATABASE_URL": postgres.url("nexxio_site"),
        "DATABASE_SYSTEM_URL": postgres.url("nexxio_system"),
        "DATABASE_OWNER_URL": postgres.url("nexxio_owner"),
        "REDIS_URL": valkey.url(),
        "NEXXIO_DATA": str(data),
        "NEXXIO_LOGIN": login,
        "NEXXIO_SITE_URL": url,
    }


def processes(env_of: EnvironmentOf, port: int, *, level: str = "WARNING") -> dict[str, Service]:
    """Return the product's processes by name: relay, worker, jobs, clock, site.

    level: of the workers' logs. The names of the workers hold the port: several products may run.
    """
    system = env_of("system")
    quiet = ("--without-gossip", "--without-mingle")
    relay = ("worker", "-Q", "relay", "-P", "solo", "-n", f"relay@{port}", *quiet)
    default = ("worker", "-Q", "default", "-c", "1", "-n", f"default@{port}", *quiet)
    jobs = ("worker", "-Q", "jobs", "-c", "1", "-n", f"jobs@{port}", *quiet)
    site = (
        *(sys.executable, "-m", "uvicorn", "nexxio.asgi:application", "--port", str(port)),
        *("--log-level", "warning", "--backlog", "4096", "--timeout-graceful-shutdown", "2"),
    )

    def celery(name: str, *words: str) -> Service:
        argv = (sys.executable, "-m", "celery", "-A", "nexxio", *words, "-l", level)
        return Service(name=name, argv=argv, env=system)

    found = [
        celery("relay", *relay),
        celery("worker", *default),
        celery("jobs", *jobs),
        celery("clock", "beat"),
        Service(
            name="site",
            argv=site,
            env={**env_of("site"), "NEXXIO_POOL": "10"},
            is_ready=lambda _pid: answers(f"http://127.0.0.1:{port}/compte/login/"),
        ),
    ]
    return {service.name: service for service in found}


def answers(url: str) -> bool:
    """Tell whether the site answers anything, be it a refusal."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


class Site:
    """Addresses of a running product."""

    def __init__(self, servers: TestServers, port: int) -> None:
        self.servers = servers
        self.url = f"http://localhost:{port}"

    def env(self, login: str) -> dict[str, str]:
        """Environment of a process of this product."""
        servers = self.servers
        return environment(
            servers.environment(),
            servers.postgres,
            servers.valkey,
            secret_key=servers.secrets["secret_key"],
            data=servers.home / "data",
            login=login,
            url=self.url,
        )

    def manage(self, login: str, *words: str) -> None:
        """Run a management command."""
        subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env(login),
            check=True,
            capture_output=True,
        )

    def python(self, code: str, login: str = "system") -> str:
        """Run code in the product's environment and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            cwd=ROOT,
            env=self.env(login),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{code.strip()}\n{done.stderr.strip()}")
        return done.stdout.strip()


def free_port(first: int) -> int:
    """Return the first free port from `first` on: other runs may go on beside this one."""
    return next(port for port in range(first, first + 100) if port_is_free(port))


@contextmanager
def running(name: str, port: int, *, durable: bool = False, year: bool = False) -> Iterator[Site]:
    """Start servers, lay schema and demo world, start the product; stop all at the end."""
    servers = TestServers(name, durable=durable)
    servers.stop_detached()
    servers.postgres.destroy()  # not flushed: rates and causes come with the migrations
    servers.start_detached()
    try:
        site = Site(servers, port)
        site.manage("owner", "migrate", "-v", "0")
        site.manage("system", "demo_world", "--if-empty", *(["--year"] if year else []))
        with Supervisor(servers.home / "logs") as supervisor:
            supervisor.start(*processes(site.env, port).values())
            over = threading.Event()
            listener = threading.Thread(target=supervisor.listen, args=(over.is_set,))
            listener.start()
            try:
                yield site
            finally:
                over.set()
                listener.join()
    finally:
        servers.stop_detached()
