"""``make test``: set up, servers of our own, every test; and such servers for other commands.

    python3 -m tools.test [--keep] [words for pytest]
    python3 -m tools.test [--durable] -- [words for Python]

``--keep`` leaves the servers up for the next run (`make test-stop` ends them). ``--durable``
gives servers that keep what they were told, as in production, for measures.
"""

from __future__ import annotations

import os
import shlex
import sys

from tools.base import BIN, PYTHON, locked, run_main
from tools.env import TestServers
from tools.processes import end_with_make
from tools.setup import set_up
from tools.supervise import Supervisor

# Two at a time; the tests of one group share what they started, so they stay on one of the two.
WORKERS = ("-n", "2", "--dist", "loadgroup")


def main() -> int:
    """Run pytest (or, after ``--``, Python) against servers of our own, then stop them."""
    end_with_make()
    words = sys.argv[1:]
    options = set()
    while words and words[0] in {"--keep", "--durable"}:
        options.add(words.pop(0))
    if words[:1] == ["--"]:
        set_up("dev")
        name, command = "command", [str(PYTHON), *words[1:]]
    else:
        set_up("test")
        extra = shlex.split(os.environ.get("PYTEST_ARGS", ""))
        name, command = "suite", [str(BIN / "pytest"), *WORKERS, *words, *extra]
    if "--durable" in options:
        name = "durable"
    servers = TestServers(name, durable="--durable" in options)
    busy = f"another run uses {servers.home}."
    with (
        locked(servers.home / "run.lock", wait=15, busy=busy) as lock,
        Supervisor(servers.home / "logs", keep_open=[lock]) as supervisor,
    ):
        if "--keep" in options:
            servers.start_detached()
        else:
            servers.start(supervisor)
        return supervisor.foreground(command, servers.environment())
    return 130  # stopped before it began


if __name__ == "__main__":
    run_main(main)
