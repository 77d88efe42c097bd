"""``make run``: set up, start everything, print addresses and log-ins, stop on Ctrl-C."""

from __future__ import annotations

import json

from tools.base import LOCAL, Failure, locked, run_main, say, write_private
from tools.product import Product
from tools.setup import set_up
from tools.supervise import Supervisor

STATE = LOCAL / "running.json"


def main() -> int:
    """Run the whole product until a signal."""
    set_up("run")
    supervisor = Supervisor(LOCAL / "logs")
    supervisor.hear_signals()
    busy = "the product is running already in this checkout (see .local/logs)."
    with locked(LOCAL / "run.lock", wait=0, busy=busy):
        try:
            _serve(supervisor)
        finally:
            STATE.unlink(missing_ok=True)
            supervisor.stop()
    say("Stopped. The data is kept in .local/.")
    return 0


def _serve(supervisor: Supervisor) -> None:
    product = Product(supervisor)
    product.start_servers()
    product.choose_ports()
    for words in (("migrate", "--verbosity", "0"), ("demo_world", "--if-empty")):
        done = product.manage(*words, quiet=True)
        if done.returncode:
            lines = (done.stdout + done.stderr).decode(errors="replace").strip().splitlines()
            raise Failure(f"{words[0]} failed: {' '.join(lines[-3:])}")
    write_private(
        STATE, json.dumps({"site_port": product.site_port, "admin_port": product.admin_port})
    )
    product.start_workers()
    product.start_sites()
    product.manage("demo_logins")
    say("\nCtrl-C stops everything; logs are in .local/logs/.")
    supervisor.watch()


if __name__ == "__main__":
    run_main(main)
