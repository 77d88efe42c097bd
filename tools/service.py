"""A long-running child process: what to start, when it is ready, how to stop it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.base import ROOT, Failure, process_is_alive, signal_process, wait_until

ALERT = re.compile(r"(?<![\w%@])(WARNING|ERROR|CRITICAL|FATAL|PANIC)\b")
CHILD = Path(__file__).with_name("child.py")


def always_ready(_pid: int) -> bool:
    """Readiness of a service that has none to wait for."""
    return True


def nothing() -> None:
    """Preparation of a service that needs none."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service.

    `before` runs ahead of every start, also of a restart after a crash. `stop_signals` are sent
    in order, each followed by its number of seconds to wait; SIGKILL to the whole process group
    comes after the last. `stop_signals[0]` is also what the kernel sends when our process dies.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path = ROOT
    user: str | None = None
    # Lines of its output that the terminal shows as well.
    alert: re.Pattern[str] = ALERT
    before: Callable[[], None] = nothing
    is_ready: Callable[[int], bool] = always_ready
    ready_seconds: float = 60
    stop_signals: tuple[tuple[signal.Signals, float], ...] = field(
        default=((signal.SIGTERM, 10.0),)
    )
    # Nothing else stands on it: it is told to stop at once with the others of its kind.
    stops_with_others: bool = False

    def command(self, *, dies_with: int | None) -> list[str]:
        """Full command line, through the wrapper that drops rights and binds it to a parent."""
        number = int(self.stop_signals[0][0]) if dies_with else 0
        return [
            sys.executable,
            "-I",
            "-S",
            str(CHILD),
            str(dies_with or 0),
            str(number),
            self.user or "-",
            *self.argv,
        ]


def start_detached(service: Service, log: Path) -> int:
    """Start a service that outlives us and return its pid once it is ready.

    Fails with the end of its log when it stops before, or is not ready in time.
    """
    service.before()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            service.command(dies_with=None),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=service.cwd,
            env=dict(service.env),
            start_new_session=True,
        )
    arrived = wait_until(
        lambda: process.poll() is not None or service.is_ready(process.pid), service.ready_seconds
    )
    if process.poll() is not None or not arrived:
        stop_pid(process.pid, service)
        process.poll()
        raise Failure(f"{service.name} does not start: {last_line(log)} (all of it: {log})")
    return process.pid


def stop_pid(pid: int, service: Service) -> None:
    """Stop a service by the pid of its leader, as `service` says, and wait until it is gone."""

    def is_gone() -> bool:
        # Reap it when it is our own child: a zombie would look alive to others.
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass
        return not process_is_alive(pid)

    for number, seconds in service.stop_signals:
        if is_gone():
            return
        signal_process(pid, number)
        if wait_until(is_gone, seconds):
            return
    signal_process(pid, signal.SIGKILL)
    wait_until(is_gone, 5)


def last_line(log: Path) -> str:
    """Last line of a log that says something."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "no log"
    return next((line.strip() for line in reversed(lines) if line.strip()), "its log is empty")
