"""Install a lock of Python packages into the virtual environment: uv, or pip where uv can't."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.base import BIN, LOCAL, PYTHON, VENV, Failure, say

# What pip calls it, and what uv reads. Lists are parted by spaces in pip; by `separator` in uv.
HANDED_OVER = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", ""),
    "client-cert": ("SSL_CLIENT_CERT", ""),
    "proxy": ("ALL_PROXY", ""),
    "timeout": ("UV_HTTP_TIMEOUT", ""),
    "no-index": ("UV_NO_INDEX", ""),
}


def install(lock: Path) -> None:
    """Install the lock, each file checked against its hash. Fails with the installer's words."""
    if _install_with_uv(lock):
        return
    say("uv could not install it; trying pip, which is slower…")
    done = _pip("install", "--require-hashes", "--requirement", str(lock))
    if done.returncode:
        raise Failure(f"pip can't install {lock.name}: {' '.join(done.stderr.split())[-800:]}")


def _install_with_uv(lock: Path) -> bool:
    uv = BIN / "uv"
    own_lock = LOCAL / "uv.txt"
    own_lock.write_text(requirement(lock.read_text(encoding="utf-8"), "uv"), encoding="utf-8")
    if _pip("install", "--require-hashes", "--requirement", str(own_lock)).returncode:
        return False
    done = subprocess.run(
        [str(uv), "pip", "install", "--require-hashes", "--requirement", str(lock)],
        env=uv_environment(_pip("config", "list").stdout),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(" ".join(done.stderr.split())[-400:])
    return done.returncode == 0


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def requirement(lock: str, name: str) -> str:
    """Lines of one package in a lock, with its hashes."""
    taken: list[str] = []
    for line in lock.splitlines():
        if line.startswith(f"{name}==") or (
            taken and line.startswith(" ") and not line.lstrip().startswith("#")
        ):
            taken.append(line)
        elif taken:
            break
    if not taken:
        raise Failure(f"{name} is not in the lock.")
    return "\n".join(taken).rstrip("\\ \n") + "\n"


def uv_environment(pip_config: str, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Environment for uv that says what pip's configuration says.

    uv reads neither pip's files nor its variables. `pip_config` is the output of
    ``pip config list``; what `base` tells uv already stays.
    """
    env = {
        **base,
        "VIRTUAL_ENV": str(VENV),
        "UV_SYSTEM_CERTS": "1",
        "UV_NO_PROGRESS": "1",
        # As pip chooses among indexes; the hashes say what is taken in any case.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON": str(PYTHON),
    }
    env.setdefault("UV_LINK_MODE", "copy")
    for key, value in pip_settings(pip_config).items():
        name, separator = HANDED_OVER.get(key, ("", ""))
        if name and name not in base:
            env[name] = separator.join(value.split()) if separator else value
    return env


def pip_settings(pip_config: str) -> dict[str, str]:
    """Settings that ``pip config list`` prints, the strongest of each name."""
    order = ("global", "site", "user", "install", ":env:")
    found: dict[str, tuple[int, str]] = {}
    for line in pip_config.splitlines():
        where, dot, rest = line.partition(".")
        key, equals, value = rest.partition("=")
        if not dot or not equals or where not in order:
            continue
        rank = order.index(where)
        if rank >= found.get(key, (-1, ""))[0]:
            found[key] = (rank, value.strip().strip("'\"").replace("\\n", " "))
    return {key: value for key, (_, value) in found.items()}
