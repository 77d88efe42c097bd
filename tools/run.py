"""``make run``: set up, start everything, print addresses and log-ins, stop on Ctrl-C."""

from __future__ import annotations

import json
import os
import time

from tools.base import LOCAL, Failure, locked, process_is_alive, run_main, say, write_private
from tools.processes import end_with_make
from tools.product import Product
from tools.setup import set_up
from tools.supervise import Supervisor

LOCK = LOCAL / "run.lock"
# What `make manage` needs to know of a product that runs; private, since it holds passwords.
STATE = LOCAL / "running.json"


def running_state() -> dict[str, object] | None:
    """Give what the product that runs in this checkout wrote down, or None."""
    try:
        state: dict[str, object] = json.loads(STATE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    pid = state.get("pid")
    return state if isinstance(pid, int) and process_is_alive(pid) else None


def main() -> int:
    """Run the whole product until a signal."""
    end_with_make()
    begun = time.monotonic()
    state = running_state()
    if state:
        raise Failure(f"it runs already in this checkout: {state['site']}")
    busy = "it is being started or stopped already in this checkout."
    # A few seconds: after a kill, the guardian holds the lock until it has cleared up.
    with locked(LOCK, wait=15, busy=busy) as lock:
        set_up("run")
        try:
            with Supervisor(LOCAL / "logs", keep_open=[lock]) as supervisor:
                _serve(supervisor, begun)
        finally:
            STATE.unlink(missing_ok=True)
    say("Stopped. The data is kept in .local/.")
    return 0


def _serve(supervisor: Supervisor, begun: float) -> None:
    product = Product()
    product.start_servers(supervisor)
    product.choose_ports()
    # Nobody knows their addresses yet: they load while the schema is brought up to date.
    sites = supervisor.launch(*product.sites())
    product.migrate(supervisor, announce="Migrating the database…")
    product.fill(supervisor, announce="Making the demo world, with a year of its life…")
    supervisor.await_ready(sites)
    log_ins = product.log_ins()
    # Only now: they would slow the sites' start, and what waits for them is not lost.
    supervisor.launch(*product.workers(), product.clock())
    shared = product.shared()
    state = {"pid": os.getpid(), "site": shared["NEXXIO_SITE_URL"], "shared": shared}
    write_private(STATE, json.dumps(state))
    print(log_ins, flush=True)
    say(f"\nStarted in {time.monotonic() - begun:.1f} s. Logs: .local/logs/. Ctrl-C stops all.")
    supervisor.watch()


if __name__ == "__main__":
    run_main(main)
