"""``make -s manage ARGS="…"``: one management command with the services up.

Uses those of a running `make run`; otherwise starts database, broker and workers for the time of
the command. Prints only what the command prints, and ends with its status.
"""

from __future__ import annotations

import json
import shlex
import sys

from tools.base import LOCAL, Failure, locked, run_main
from tools.product import Product
from tools.run import STATE
from tools.setup import set_up
from tools.supervise import Supervisor


def main() -> int:
    """Run the command given as one word or several."""
    words = shlex.split(" ".join(sys.argv[1:]))
    if not words:
        raise Failure('say which command: make -s manage ARGS="check".')
    set_up("run")
    supervisor = Supervisor(LOCAL / "logs")
    product = Product(supervisor)
    if STATE.exists() and _is_running():
        ports = json.loads(STATE.read_text(encoding="utf-8"))
        product.site_port, product.admin_port = ports["site_port"], ports["admin_port"]
        _find(product)
        return product.manage(*words).returncode
    supervisor.hear_signals()
    with locked(LOCAL / "run.lock", wait=60, busy="another command is running in this checkout."):
        try:
            product.start_servers()
            if (
                words[0] != "migrate"
                and product.manage("migrate", "-v", "0", quiet=True).returncode
            ):
                raise Failure("the database could not be migrated; see .local/logs.")
            product.start_workers()
            return product.manage(*words).returncode
        finally:
            supervisor.stop()


def _is_running() -> bool:
    try:
        with locked(LOCAL / "run.lock", wait=0, busy="running"):
            return False
    except Failure:
        return True


def _find(product: Product) -> None:
    """Learn the ports of the running servers."""
    for server in (product.postgres, product.valkey):
        if server is not None:
            server.port = int((server.home / "port").read_text(encoding="utf-8"))


if __name__ == "__main__":
    run_main(main)
