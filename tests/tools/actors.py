"""Programs that the tests of the supervisor start, and how to look at what they started."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

from tools.base import ROOT, process_is_alive, wait_until

# A service with a child of its own that hears neither SIGTERM nor the end of its parent.
STUBBORN_FAMILY = """
import os, signal, sys, time
name, folder = sys.argv[1:]
child = os.fork()
if child == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    time.sleep(600)
def leave(number, frame):
    open(f"{folder}/stopped", "a").write(name + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
open(f"{folder}/{name}.pids.draft", "w").write(f"{os.getpid()} {child}")
os.rename(f"{folder}/{name}.pids.draft", f"{folder}/{name}.pids")
print("up", flush=True)
time.sleep(600)
"""

# A supervisor of two such families.
SUPERVISOR = """
import os, sys
from pathlib import Path
from tools.service import Service
from tools.supervise import Supervisor
folder = Path(sys.argv[1])
program = sys.argv[2]
def family(name):
    return Service(
        name=name, argv=(sys.executable, "-c", program, name, str(folder)), env=dict(os.environ),
        is_ready=lambda _pid: (folder / f"{name}.pids").exists(),
    )
with Supervisor(folder / "logs") as supervisor:
    supervisor.start(family("first"))
    supervisor.start(family("second"))
    (folder / "guardian").write_text(str(supervisor._guardian.pid))
    (folder / "ready").touch()
    supervisor.watch()
print("left in order")
"""


def script(text: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python program that may import our tools, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(text), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


class Family:
    """A supervisor in another process, with two services that have a child each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = script(SUPERVISOR, str(folder), STUBBORN_FAMILY)

    def wait(self) -> None:
        """Wait until both services are up."""
        ready = self.folder / "ready"
        if not wait_until(lambda: ready.exists() or self.process.poll() is not None, 20):
            raise TimeoutError("not ready")
        if self.process.poll() is not None:
            raise RuntimeError(self.process.communicate())

    def pids(self, name: str) -> tuple[int, int]:
        """Pids of a service and of its child."""
        first, second = (self.folder / f"{name}.pids").read_text().split()
        return int(first), int(second)

    def everybody(self) -> list[int]:
        """Pids of all that were started, the guardian too."""
        guardian = int((self.folder / "guardian").read_text())
        return [*self.pids("first"), *self.pids("second"), guardian]

    def end(self) -> None:
        """End what a failed test left."""
        for pid in [self.process.pid, *self.everybody()]:
            if process_is_alive(pid):
                subprocess.run(["kill", "-9", str(pid)], check=False)
        self.process.communicate()


def left_alive(pids: list[int], *, within: float) -> list[int]:
    """Which of the processes are still there after so many seconds; zombies don't count."""
    wait_until(lambda: not any(map(process_is_alive, pids)), within)
    return [pid for pid in pids if process_is_alive(pid)]


def read_json(path: Path) -> dict[str, int]:
    """Read what a program under test wrote."""
    found: dict[str, int] = json.loads(path.read_text())
    return found
