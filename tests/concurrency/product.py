"""The real product on servers of its own, each process to be killed by its pid.

Servers have the options of production (fsync, synchronous commits, append-only file), because
what the tests ask is whether something that was answered can be lost.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any, Self

from tests.product import environment, processes
from tools.base import LOCAL, ROOT, Secrets, port_is_free, process_is_alive, wait_until
from tools.base import remembered_port as chosen_port
from tools.postgres import Postgres
from tools.processes import kill_group, members
from tools.service import Service, last_line
from tools.valkey import Valkey


class Product:
    """PostgreSQL, Valkey, site, relay, worker and clock below `.local/test/<name>`.

    Use as a context manager: whatever happens inside, nothing runs and nothing is left behind
    afterwards.
    """

    def __init__(self, name: str) -> None:
        self.home = LOCAL / "test" / name
        secrets = Secrets(self.home / "secrets.json")
        self.postgres = Postgres(self.home / "pg", secrets)
        self.valkey = Valkey(self.home / "valkey", secrets)
        self.secret_key = secrets["secret_key"]
        self.site_port = 0
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        """Start the servers and lay the schema."""
        try:
            self.start_database()
            self.start_broker()
            self.run("manage.py", "migrate", "-v", "0", login="owner")
            self.site_port = chosen_port(self.home / "site.port")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """End everything, the database last and in order, and remove its data."""
        for name in [name for name in reversed(self._running) if name != "postgres"]:
            self.kill(name)
        if "postgres" in self._running:
            process = self._running.pop("postgres")
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            finally:
                kill_group(process.pid)
        self.postgres.destroy()
        subprocess.run(["rm", "-rf", str(self.home)], check=False)

    # --- Servers --------------------------------------------------------------------------------

    def start_database(self) -> None:
        """Start PostgreSQL, after a kill too: it recovers, on the port that it had."""
        if self.postgres.port:
            wait_until(lambda: port_is_free(self.postgres.port), 5)
        self.postgres.prepare()
        self._start(self.postgres.service())
        self.postgres.set_up_roles()

    def start_broker(self) -> None:
        """Start Valkey, after a kill too, on the port that it had."""
        if self.valkey.port:
            wait_until(lambda: port_is_free(self.valkey.port), 5)
        self.valkey.prepare()
        self._start(self.valkey.service())

    def environment(self, login: str) -> dict[str, str]:
        """Environment of a process that logs in as "site", "system" or "owner"."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return environment(
            kept,
            self.postgres,
            self.valkey,
            secret_key=self.secret_key,
            data=self.home / "data",
            login=login,
            url=f"http://localhost:{self.site_port}",
        )

    # --- Processes ------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        """Start the site (and wait until it answers), the relay, the worker or the clock."""
        if name == "site":
            wait_until(lambda: port_is_free(self.site_port), 5)
        self._start(processes(self.environment, self.site_port, level="INFO")[name])

    def run(self, *words: str, login: str, stdin: str | None = None) -> str:
        """Run a Python command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            input=stdin,
            cwd=ROOT,
            env=self.environment(login),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{words!r}: {done.stderr[-3000:]}")
        return done.stdout

    def ask(self, *words: str, login: str, stdin: str | None = None) -> Any:
        """Run a Python command whose last line of output is JSON."""
        return json.loads(self.run(*words, login=login, stdin=stdin).strip().splitlines()[-1])

    def kill(self, name: str) -> None:
        """SIGKILL the process, by its pid, as when the machine takes it; then what it left."""
        process = self._running.pop(name)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kill_group(process.pid)

    def log(self, name: str) -> str:
        """What the process wrote so far."""
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def survivors(self) -> list[int]:
        """Processes of ours that are still alive, for the test that says there is none."""
        return [pid for process in self._running.values() for pid in members(process.pid)]

    # --- Within ---------------------------------------------------------------------------------

    def _start(self, service: Service) -> None:
        # The kernel ends a child with the *thread* that started it.
        assert threading.current_thread() is threading.main_thread()
        service.before()
        log = self.home / f"{service.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                service.command(dies_with=os.getpid()),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=service.cwd,
                env=dict(service.env),
                start_new_session=True,
            )
        self._running[service.name] = process
        arrived = wait_until(
            lambda: not process_is_alive(process.pid) or service.is_ready(process.pid),
            service.ready_seconds,
        )
        if process.poll() is not None or not arrived:
            raise RuntimeError(f"{service.name} does not start: {last_line(log)}")
