"""The product's processes for the browser tests and the measures: real site, workers, broker."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.env import TestServers
from tools.service import Service
from tools.supervise import Supervisor

ROOT = Path(__file__).parents[2]


CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Site:
    """Addresses and processes of a running product."""

    def __init__(self, servers: TestServers, supervisor: Supervisor, port: int) -> None:
        self.servers = servers
        self.supervisor = supervisor
        self.url = f"http://localhost:{port}"

    def env(self, login: str) -> dict[str, str]:
        return product_env(self.servers, login, self.url)

    def python(self, code: str, login: str = "system") -> str:
        """Run code in the product's environment and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            cwd=ROOT,
            env=self.env(login),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


def product_env(servers: TestServers, login: str, url: str) -> dict[str, str]:
    base = servers.environment()
    base.update(
        DJANGO_SETTINGS_MODULE="nexxio.settings.dev",
        DATABASE_URL=servers.postgres.url("nexxio_site"),
        NEXXIO_LOGIN=login,
        NEXXIO_SITE_URL=url,
        PYTHONUNBUFFERED="1",
    )
    return base


@contextmanager
def product(name: str, port: int, *, durable: bool = False) -> Iterator[Site]:
    """Start the whole product on servers of its own, with a fresh demo world; then stop all."""
    servers = TestServers(name, durable=durable)
    url = f"http://localhost:{port}"
    servers.start_detached()
    try:
        for login, *words in (
            ("owner", "migrate", "-v", "0"),
            ("owner", "flush", "--noinput"),
            ("system", "demo_world", "--if-empty"),
        ):
            subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=ROOT,
                env=product_env(servers, login, url),
                capture_output=True,
                check=True,
            )
        with Supervisor(servers.home / "logs") as supervisor:
            supervisor.start(*services(servers, url, port))
            yield Site(servers, supervisor, port)
    finally:
        servers.stop_detached()


def worker(name: str, env: dict[str, str], *words: str) -> Service:
    argv = (sys.executable, "-m", "celery", "-A", "nexxio", *words)
    return Service(name=name, argv=argv, env=env)


def services(servers: TestServers, url: str, port: int) -> list[Service]:
    """Return the product's processes."""
    system = product_env(servers, "system", url)
    quiet = ("--without-gossip", "--without-mingle", "-l", "WARNING")
    argv = (sys.executable, "-m", "uvicorn", "nexxio.asgi:application", "--port", str(port))
    return [
        worker("relay", system, "worker", "-Q", "relay", "-P", "solo", "-n", "r@e2e", *quiet),
        worker("default", system, "worker", "-Q", "default", "-c", "1", "-n", "d@e2e", *quiet),
        worker("beat", system, "beat", "-l", "WARNING"),
        Service(
            name="site",
            argv=(*argv, "--log-level", "warning", "--timeout-graceful-shutdown", "2"),
            env={**product_env(servers, "site", url), "NEXXIO_POOL": "10"},
            is_ready=lambda _pid: answers(f"{url}/compte/login/"),
        ),
    ]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return answer.status == 200
    except OSError:
        return False
