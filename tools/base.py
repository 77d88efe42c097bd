"""Where things are in a checkout, how the tools speak, and how they fail."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"

# Below the ports that the kernel hands to outgoing connections: a port that we remember is then
# not taken by chance at the next start.
PORTS = range(20000, 32000)


class Failure(Exception):
    """Something the person at the terminal can act on: shown as one line, without a traceback."""


def say(text: str) -> None:
    """Tell the person at the terminal. Never on stdout, which belongs to commands' output."""
    # A terminal that went away must not keep us from stopping in order.
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def run_main(main: Callable[[], int]) -> None:
    """Run a tool's `main` and exit with its status; a Failure becomes one line and status 1."""
    try:
        status = main()
    except Failure as failure:
        say(f"error: {failure}")
        status = 1
    except KeyboardInterrupt:
        status = 128 + signal.SIGINT
    sys.exit(status)


def site_packages() -> Path:
    """Folder of the installed packages. Fails when nothing is installed yet."""
    for folder in sorted((VENV / "lib").glob("python3*/site-packages")):
        return folder
    raise Failure("nothing is installed yet: run `make setup`.")


def path_with_ours(base: Mapping[str, str] = os.environ) -> str:
    """PATH with the virtual environment's programs first."""
    path = base.get("PATH", os.defpath)
    return path if path.startswith(f"{BIN}{os.pathsep}") else f"{BIN}{os.pathsep}{path}"


def write_private(path: Path, text: str) -> None:
    """Replace `path` at once by a file that only its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class Secrets:
    """Random passwords and keys, made at first use and kept in one private file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._values: dict[str, str] = {}
        if path.exists():
            try:
                self._values = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise Failure(f"{path} is not readable as JSON ({error}).") from error

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> str:
        if name not in self._values:
            # hex: nothing in it needs quoting in a URL, in SQL or in a shell.
            self._values[name] = secrets.token_hex(32)
            write_private(self.path, json.dumps(self._values, indent=2) + "\n")
        return self._values[name]


def port_is_free(port: int) -> bool:
    """Whether nobody answers or listens on this port of the loopback, in IPv4 or in IPv6.

    Both, because browsers try ``localhost`` in both: a foreign server on one would shadow ours.
    """
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                # Without it, connections that ended a minute ago would make the port look taken.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                probe.listen(1)
        except OSError:
            if family == socket.AF_INET6 and not _has_ipv6():
                continue
            return False
    return True


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def remembered_port(path: Path) -> int:
    """Give the port written in `path` when it is still free, else a new one, written there."""
    try:
        port = int(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        port = 0
    if port and port_is_free(port):
        return port
    for _ in range(100):
        port = secrets.choice(PORTS)
        if port_is_free(port):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{port}\n", encoding="utf-8")
            return port
    raise Failure(f"no free port between {PORTS.start} and {PORTS.stop}.")


class Busy(Failure):
    """Somebody else holds a lock."""


@contextlib.contextmanager
def locked(path: Path, *, wait: float, busy: str) -> Iterator[int]:
    """Hold the lock file for the block and yield its descriptor.

    Waits up to `wait` seconds, then raises Busy with the text `busy`. The kernel lets go of it when
    the last process that holds the descriptor is gone, however it ended.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() >= deadline:
                    raise Busy(busy) from None
                time.sleep(0.1)
        yield descriptor
    finally:
        os.close(descriptor)


def process_is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        if Path("/proc/self/stat").exists():
            return False
        return _answers_signal(pid)
    return state not in {"Z", "X"}


def _answers_signal(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def signal_process(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that is gone already is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Wait for the condition, at most that long; say whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True
