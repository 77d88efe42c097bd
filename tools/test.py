"""``make test``: set up, servers of our own, every test; and the same servers for the bench."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

from tools.base import BIN, PYTHON, ROOT, run_main
from tools.env import TestServers
from tools.setup import set_up


def main() -> int:
    """Run pytest (or, after ``--``, another command) against servers of our own, then stop them."""
    set_up("test")
    servers = TestServers("suite")
    servers.start_detached()
    try:
        words = sys.argv[1:]
        if words[:1] == ["--"]:
            command = [str(PYTHON), *words[1:]]
        else:
            extra = shlex.split(os.environ.get("PYTEST_ARGS", ""))
            command = [str(BIN / "pytest"), "-n", "2", *words, *extra]
        return subprocess.run(command, cwd=ROOT, env=servers.environment(), check=False).returncode
    finally:
        servers.stop_detached()


if __name__ == "__main__":
    run_main(main)
