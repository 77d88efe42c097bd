"""``make -s manage ARGS="…"``: one management command with the services up.

Uses those of a running `make run`; otherwise starts database, broker and workers for the time of
the command. Prints only what the command prints on stdout, and ends with its status.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping

from tools.base import LOCAL, PYTHON, ROOT, Busy, Failure, locked, run_main, say
from tools.processes import end_with_make
from tools.product import OWNER_COMMANDS, Product, is_given, process_environment
from tools.run import LOCK, running_state
from tools.setup import set_up
from tools.supervise import Supervisor

# A product that is being started, or another command, is waited for this long.
PATIENCE = 600.0


def main() -> int:
    """Run the command given in the arguments."""
    end_with_make()
    words = sys.argv[1:]
    if not words:
        raise Failure('say which command: make -s manage ARGS="check".')
    set_up("run")
    deadline = time.monotonic() + PATIENCE
    told = False
    while True:
        state = running_state()
        if state and isinstance(state["shared"], dict):
            return _run_beside(words, state["shared"])
        try:
            with locked(LOCK, wait=0.3, busy="busy") as lock:
                return _run_alone(words, lock)
        except Busy:
            if time.monotonic() > deadline:
                raise Failure("another command has been running for ten minutes.") from None
            if not told:
                say("Waiting for another command or start in this checkout…")
                told = True


def _login(words: list[str]) -> str:
    default = "owner" if words[0] in OWNER_COMMANDS else "system"
    return os.environ.get("NEXXIO_LOGIN") or default


def _command(words: list[str]) -> list[str]:
    return [str(PYTHON), str(ROOT / "manage.py"), *words]


def _run_beside(words: list[str], shared: Mapping[str, str]) -> int:
    """Run it with the services of the product that runs."""
    with Supervisor(LOCAL / "logs") as supervisor:
        env = process_environment(shared, login=_login(words))
        return supervisor.foreground(_command(words), env)
    return 130  # stopped before it began


def _run_alone(words: list[str], lock: int) -> int:
    """Run it with services of its own; embedded ones get workers, real ones have theirs."""
    with Supervisor(LOCAL / "logs", keep_open=[lock]) as supervisor:
        product = Product()
        product.start_servers(supervisor)
        if words[0] not in OWNER_COMMANDS and not is_given("DATABASE_URL"):
            product.migrate(supervisor)
            supervisor.launch(*product.workers())
        env = process_environment(product.shared(), login=_login(words))
        return supervisor.foreground(_command(words), env)
    return 130


if __name__ == "__main__":
    run_main(main)
