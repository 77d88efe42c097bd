"""A small supervisor: starts services in order, keeps them up, stops them in reverse.

One thread, one loop. Every child leads a process group of its own, so Ctrl-C reaches only us and
the order of the stop is ours. When we are killed, the kernel ends our children (child.py) and the
guardian ends theirs.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from tools.base import ROOT, Failure, say
from tools.logs import LogFile
from tools.processes import kill_group
from tools.service import Service

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CALM_SECONDS = 30.0  # a service that lived so long starts from the first back-off again
LONGEST_BACK_OFF = 15.0


class Stopped(Exception):
    """Somebody asked us to stop while we were waiting for something."""


class Child:
    """A service, its present process and its log."""

    def __init__(self, service: Service, log: LogFile) -> None:
        self.service = service
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.crashes = 0
        self.restart_at = 0.0
        self.told = False  # to stop, ahead of its turn

    def runs(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        """Whether its process runs and is ready."""
        return self.process is not None and self.runs() and self.service.is_ready(self.process.pid)


class Supervisor:
    """Use as a context manager: whatever happens inside, everything is stopped at the end."""

    def __init__(self, logs: Path, *, keep_open: Sequence[int] = ()) -> None:
        self.logs = logs
        self.children: list[Child] = []
        self.stopping = False
        self._asked_at: list[float] = []
        self._last_signal = 0
        self._keep_open = tuple(keep_open)
        self._selector = selectors.DefaultSelector()
        self._former: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        """Take over the signals and start the guardian."""
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in (*STOPS, signal.SIGCHLD):
            self._former[number] = signal.getsignal(number)
            signal.signal(number, self._on_signal)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._guardian = self._start_guardian()
        return self

    def _start_guardian(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tools.guardian"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=self._keep_open,
            start_new_session=True,
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Stop everything. Swallows Stopped, which is a wish and not a failure."""
        self.stop()
        if self._guardian.stdin:
            with contextlib.suppress(OSError):
                self._guardian.stdin.close()
        self._guardian.wait()
        signal.set_wakeup_fd(-1)
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what getsignal gave
        for end in (self._wake_read, self._wake_write):
            os.close(end)
        self._selector.close()
        return kind is not None and issubclass(kind, Stopped)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.stopping = True
            self._last_signal = number
            self._asked_at.append(time.monotonic())

    def _entrust(self, child: Child) -> None:
        steps = " ".join(f"{int(signum)}:{wait}" for signum, wait in child.service.stop_signals)
        if child.process:
            self._tell_guardian(f"+ {child.process.pid} {steps}\n")

    def _tell_guardian(self, line: str) -> None:
        if self._guardian.stdin:
            with contextlib.suppress(OSError):
                self._guardian.stdin.write(line.encode())
                self._guardian.stdin.flush()

    # --- Starting ---------------------------------------------------------------------------------

    def start(self, *services: Service) -> None:
        """Start these together and return when all are ready; see `await_ready`."""
        self.await_ready(self.launch(*services))

    def launch(self, *services: Service) -> list[Child]:
        """Start these and return at once."""
        children = [Child(service, LogFile(self.logs, service.name)) for service in services]
        for child in children:
            self.children.append(child)
            self._spawn(child)
        return children

    def await_ready(self, children: Sequence[Child]) -> None:
        """Return when all are ready.

        Fails when one ends before, or takes too long; raises Stopped when asked to stop.
        """
        for child in children:
            deadline = child.started + child.service.ready_seconds
            while not child.is_ready():
                if not child.runs() or time.monotonic() > deadline:
                    self._drain(child)
                    raise Failure(f"{child.service.name} does not start:\n{child.log.tail()}")
                self._wait(0.02, but=children)

    def _spawn(self, child: Child) -> None:
        service = child.service
        service.before()
        process = subprocess.Popen(
            service.command(dies_with=os.getpid()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=service.cwd,
            env=dict(service.env),
            start_new_session=True,
        )
        child.process = process
        self._entrust(child)
        child.started = time.monotonic()
        child.restart_at = 0.0
        assert process.stdout
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ, child)

    def run(self, service: Service, *, announce: str = "") -> None:
        """Run a command to its end. Fails, with the end of its output, when it fails."""
        if announce:
            say(announce)
        child = Child(service, LogFile(self.logs, service.name))
        self.children.append(child)
        self._spawn(child)
        while child.runs():
            self._wait(0.5, but=[child])
        self._drain(child)
        self.children.remove(child)
        self._ended(child)
        assert child.process
        if child.process.returncode:
            raise Failure(f"{service.name} failed:\n{child.log.tail()}")

    def foreground(self, command: Sequence[str], env: Mapping[str, str]) -> int:
        """Run a command at the terminal, with our own input and output, and give its status.

        It hears the terminal's Ctrl-C itself and may take its time to clear up; any other wish
        to stop, and a second Ctrl-C, are passed on as SIGTERM.
        """
        service = Service(name="command", argv=tuple(command), env=env)
        process = subprocess.Popen(service.command(dies_with=os.getpid()), cwd=ROOT, env=dict(env))
        passed_on = False
        while process.poll() is None:
            self._pump(0.5)
            self._restart_crashed()
            urgent = self._last_signal != signal.SIGINT or self._impatient(0.0)
            if self.stopping and urgent and not passed_on:
                passed_on = True
                process.terminate()
        return process.returncode if process.returncode >= 0 else 128 - process.returncode

    # --- Keeping up -------------------------------------------------------------------------------

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep everything up until asked to stop, or until the condition holds."""
        while not until():
            self._wait(1.0)

    def listen(self, until: Callable[[], bool]) -> None:
        """Read what the children say until the condition holds, and do no more.

        For a thread beside whoever is busy: a child whose pipe is full stands still.
        """
        while not until():
            self._pump(0.2)

    def _wait(self, seconds: float, *, but: Sequence[Child] = ()) -> None:
        """One turn of the loop: output, crashes, restarts. Raises Stopped when asked to stop."""
        self._pump(seconds)
        if self.stopping:
            raise Stopped
        self._restart_crashed(but=but)

    def _pump(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Child):
                self._read(key.data)
            else:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)

    def _read(self, child: Child) -> bool:
        """Read what is there. False at the end of the stream, or when there is nothing now."""
        stream = child.process.stdout if child.process else None
        if stream is None or stream.closed:
            return False
        try:
            data = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return False
        if not data:
            self._selector.unregister(stream)
            stream.close()
            return False
        for line in child.log.write(data, alert=child.service.alert):
            if not self.stopping:
                say(f"{child.service.name:<9}| {line}")
        return True

    def _drain(self, child: Child) -> None:
        while self._read(child):
            pass

    def _restart_crashed(self, *, but: Sequence[Child] = ()) -> None:
        now = time.monotonic()
        if self._guardian.poll() is not None and not self.stopping:
            self._guardian = self._start_guardian()
            for child in self.children:
                self._entrust(child)
        for child in self.children:
            if child in but or child.runs() or self.stopping:
                continue
            if child.restart_at == 0.0:
                self._note_crash(child, now)
            elif now >= child.restart_at:
                child.log.note("starting again")
                self._spawn(child)

    def _note_crash(self, child: Child, now: float) -> None:
        assert child.process
        self._drain(child)
        self._ended(child)
        child.crashes = 1 if now - child.started > CALM_SECONDS else child.crashes + 1
        pause = min(0.25 * 2 ** (child.crashes - 1), LONGEST_BACK_OFF)
        child.restart_at = now + pause
        status = child.process.returncode
        how = f"status {status}" if status >= 0 else signal.Signals(-status).name
        child.log.note(f"ended with {how}")
        name = child.service.name
        say(f"{name:<9}| ended with {how}; starting again in {pause:g} s ({child.log.path})")

    def _ended(self, child: Child) -> None:
        """Clear up behind a process that ended: what it left in its group, its pipe."""
        assert child.process
        kill_group(child.process.pid)
        self._drain(child)
        stream = child.process.stdout
        if stream and not stream.closed:
            self._selector.unregister(stream)
            stream.close()
        self._tell_guardian(f"- {child.process.pid}\n")

    # --- Stopping ---------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop everything, last started first. A second Ctrl-C meanwhile shortens the waits.

        What nothing stands on is told first, all at once: each may have something to finish.
        """
        self.stopping = True
        for child in self.children:
            if child.service.stops_with_others and child.runs():
                assert child.process
                os.kill(child.process.pid, child.service.stop_signals[0][0])
                child.told = True
        for child in reversed(self.children):
            if child.process:
                self._stop_child(child)
            child.log.close()
        self.children.clear()

    def _impatient(self, begun: float) -> bool:
        # A group's signal and make's own copy of it come at once: they are one wish, not two.
        last = self._asked_at[-1:] or [0.0]
        return len(self._asked_at) > 1 and last[0] > max(begun, self._asked_at[0] + 1.0)

    def _stop_child(self, child: Child) -> None:
        assert child.process
        pid, begun = child.process.pid, time.monotonic()
        for number, seconds in child.service.stop_signals:
            if not child.runs():
                break
            if not child.told:
                os.kill(pid, number)
            child.told = False
            deadline = time.monotonic() + seconds
            while child.runs() and time.monotonic() < deadline and not self._impatient(begun):
                self._pump(0.1)
        if child.runs():
            # The leader itself: kill_group asks /proc, which not every system has.
            os.kill(pid, signal.SIGKILL)
            child.process.wait()
        self._drain(child)
        self._ended(child)
