"""Ends what a supervisor leaves behind when it is killed: ``python -m tools.guardian``.

Reads from its standard input, a pipe whose other end only the supervisor holds:
``+ PID SIGNAL:SECONDS …`` for a group that started, ``- PID`` for one that ended. When the pipe
closes it ends what is left, last started first, and exits. The kernel has sent each direct child
its first signal by then; grandchildren, such as the processes of a pool, are the reason for this.
"""

from __future__ import annotations

import signal
import sys

from tools.base import signal_process, wait_until
from tools.processes import kill_group, members

# The seconds that a supervisor gives are for work under way; after its death they are cut short.
PATIENCE = 5.0

Steps = list[tuple[signal.Signals, float]]


def main() -> None:
    """Keep the list of groups, then end them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, Steps] = {}
    for line in sys.stdin:
        sign, pid, *steps = line.split()
        if sign == "+":
            groups[int(pid)] = [_step(word) for word in steps]
        else:
            groups.pop(int(pid), None)
    for pid, steps_of_group in reversed(groups.items()):
        _end(pid, steps_of_group)


def _step(word: str) -> tuple[signal.Signals, float]:
    number, _, seconds = word.partition(":")
    return signal.Signals(int(number)), float(seconds)


def _end(group: int, steps: Steps) -> None:
    for number, seconds in steps:
        if group not in members(group):
            break
        signal_process(group, number)
        wait_until(lambda: group not in members(group), min(seconds, PATIENCE))
    kill_group(group)


if __name__ == "__main__":
    main()
