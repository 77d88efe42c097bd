"""Process groups: who is in one, and how to end the whole of it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

from tools.base import wait_until

PR_SET_PDEATHSIG = 1


def members(group: int) -> list[int]:
    """Pids of the processes in a group or session, without zombies, which nobody can end."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        state, process_group, session = fields[0], int(fields[2]), int(fields[3])
        if state not in {"Z", "X"} and group in {process_group, session}:
            found.append(int(stat.parent.name))
    return found


def kill_group(group: int) -> None:
    """End what is left of a group at once, and wait until it is gone."""
    if not members(group):
        return
    for pid in members(group):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not members(group), 5)


def end_with_make() -> None:
    """Have the kernel send us SIGTERM when the `make` that started us is gone.

    Whoever kills make itself expects what it started to end; make passes SIGTERM on, not SIGKILL.
    """
    if "MAKELEVEL" not in os.environ or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
