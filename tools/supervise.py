"""Runs services together: start in order, restart what crashes, stop in reverse.

Each child is its own session, so that a stop reaches its whole group; the kernel ends it when we
die, also by SIGKILL (tools/child.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools.base import Failure, say, wait_until
from tools.service import Service, last_line

RESTART_FIRST = 0.5
RESTART_LAST = 10.0
STEADY_SECONDS = 30.0


@dataclass
class _Child:
    service: Service
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = RESTART_FIRST
    again_at: float = 0.0


@dataclass
class Supervisor:
    """The services of one command. `logs` gets one file each."""

    logs: Path
    children: list[_Child] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, service: Service) -> None:
        """Start one service and wait until it is ready; fails with the end of its log."""
        child = _Child(service, self.logs / f"{service.name}.log")
        self.children.append(child)
        self._spawn(child)
        process = child.process
        assert process is not None
        arrived = wait_until(
            lambda: (
                process.poll() is not None
                or service.is_ready(process.pid)
                or self.stopping.is_set()
            ),
            service.ready_seconds,
        )
        if self.stopping.is_set():
            raise KeyboardInterrupt
        if process.poll() is not None or not arrived:
            raise Failure(
                f"{service.name} does not start: {last_line(child.log)} (all of it: {child.log})"
            )

    def _spawn(self, child: _Child) -> None:
        service = child.service
        service.before()
        child.log.parent.mkdir(parents=True, exist_ok=True)
        with child.log.open("ab") as output:
            child.process = subprocess.Popen(
                service.command(dies_with=os.getpid()),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=service.cwd,
                env=dict(service.env),
                start_new_session=True,
            )
        child.started = time.monotonic()

    def watch(self) -> None:
        """Keep everything up until a signal asks to stop."""
        while not self.stopping.wait(0.2):
            for child in self.children:
                self._revive(child)

    def _revive(self, child: _Child) -> None:
        process = child.process
        now = time.monotonic()
        if process is not None and process.poll() is None:
            if now - child.started > STEADY_SECONDS:
                child.pause = RESTART_FIRST
            return
        if process is not None:
            child.process = None
            child.again_at = now + child.pause
            say(
                f"{child.service.name} stopped ({last_line(child.log)});"
                f" again in {child.pause:.0f} s"
            )
            child.pause = min(child.pause * 2, RESTART_LAST)
        elif now >= child.again_at:
            self._spawn(child)

    def stop(self) -> None:
        """Stop all in reverse order, each as its service says, then its group."""
        for child in reversed(self.children):
            process = child.process
            if process is None:
                continue
            for number, seconds in child.service.stop_signals:
                if process.poll() is not None:
                    break
                process.send_signal(number)
                try:
                    process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue
            try:
                # Whatever is left of its session: a pool's children.
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            process.wait()
        self.children.clear()

    def hear_signals(self) -> None:
        """Stop at SIGINT, SIGTERM and SIGHUP."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
