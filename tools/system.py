"""Packages of the operating system: installed by apt when we are root, else named."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools.base import Failure, say

LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/usr/local/lib")


def need_browser() -> None:
    """Have what the browser tests need: Chromium, a font, and a library of Playwright's Node."""
    missing = []
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        missing.append("chromium")
    if not _has_library("libatomic.so.1"):
        missing.append("libatomic1")
    if not any(Path("/usr/share/fonts").rglob("*.ttf")):
        missing.append("fonts-dejavu-core")
    if missing:
        need_packages(*missing, why="for the browser tests")


PRINTING = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
"""Packages by which WeasyPrint draws text in PDF, and the library that shows each is there."""


def need_printing() -> None:
    """Have what workers print PDF with. The product's own font comes with the front-end."""
    missing = [name for name, library in PRINTING.items() if not _has_library(library)]
    if missing:
        need_packages(*missing, why="to print PDF")


def _has_library(name: str) -> bool:
    return any(
        (Path(folder) / name).exists() or any(Path(folder).glob(f"*/{name}"))
        for folder in LIBRARIES
    )


def need_packages(*names: str, why: str) -> None:
    """Install packages of the system, or fail with the command that does it."""
    apt = shutil.which("apt-get")
    command = f"apt-get install {' '.join(names)}"
    if not apt:
        raise Failure(f"{', '.join(names)} needed {why}: install what your system calls so.")
    if os.geteuid() != 0:
        raise Failure(f"{', '.join(names)} needed {why}: run `sudo {command}`.")
    say(f"Installing {', '.join(names)} {why}…")
    install = [apt, "install", "--yes", "--quiet", "--no-install-recommends", *names]
    if _apt(install).returncode == 0:
        return
    # Package lists may be old, or absent as in a fresh container.
    _apt([apt, "update", "--quiet"])
    done = _apt(install)
    if done.returncode:
        raise Failure(f"`{command}` failed: {' '.join(done.stderr.split())[-400:]}")


def _apt(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
