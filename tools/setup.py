"""Install what a checkout needs, and nothing when nothing changed: ``python3 -m tools.setup``.

``run`` installs requirements/run.txt and builds the front-end, ``dev`` adds the developers' tools,
``test`` adds Chromium as well. Every step leaves a stamp with the hash of what it read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tools import packages, system
from tools.base import BIN, LOCAL, PYTHON, ROOT, VENV, Failure, locked, run_main, say

STAMPS = LOCAL / "stamps.json"
LEVELS = ("run", "dev", "test")
# What the bundle is made of. `static/dist` is what it makes.
SOURCES = ("package.json", "package-lock.json", "frontend", "static")


def _stamps() -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps


def _stamp(**marks: str) -> None:
    STAMPS.write_text(json.dumps({**_stamps(), **marks}, indent=2) + "\n", encoding="utf-8")


def fingerprint(paths: Iterable[Path]) -> str:
    """Hash of the names and contents of the files at and below the paths."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "dist" not in file.relative_to(ROOT).parts:
                total.update(f"{file.relative_to(ROOT)}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def set_up(level: str) -> None:
    """Bring the checkout to this level. Fails with one line that says what to do."""
    if sys.version_info < (3, 11):
        raise Failure(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}.")
    busy = "another set-up of this checkout has been running for ten minutes."
    with locked(LOCAL / "setup.lock", wait=600, busy=busy):
        _make_venv()
        _install_python("run" if level == "run" else "dev")
        _make_seal()
        if level == "test":
            system.need_browser()
        if level != "dev":
            system.need_printing()
            _install_front_end()


def _make_venv() -> None:
    # Programs in it name their interpreter by its full path: a checkout that moved needs another.
    stayed = _stamps().get("venv", str(VENV)) == str(VENV)
    runs = PYTHON.exists() and not subprocess.run([PYTHON, "-c", ""], check=False).returncode
    if runs and stayed:
        return
    try:
        import ensurepip  # noqa: F401 (Debian ships Python without it)
    except ImportError:
        system.need_packages("python3-venv", why="to make the virtual environment")
    say("Making the virtual environment…")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failure(f"the virtual environment can't be made: {_tail(done.stdout, done.stderr)}")
    STAMPS.unlink(missing_ok=True)
    _stamp(venv=str(VENV))


def _install_python(lock: str) -> None:
    # The developers' lock holds all of the other one, so having it is enough for both.
    marks = {name: fingerprint([ROOT / "requirements" / f"{name}.txt"]) for name in ("run", "dev")}
    stamps = _stamps()
    done = stamps.get("python", "")
    if stamps.get(f"lock-{lock}") == marks[lock] and done in {lock, "dev"}:
        return
    path = ROOT / "requirements" / f"{lock}.txt"
    say(f"Installing Python packages ({path.relative_to(ROOT)})…")
    packages.install(path)
    _stamp(**{"python": lock, "lock-run": marks["run"], f"lock-{lock}": marks[lock]})


def _make_seal() -> None:
    # In the environment: a system's Python may lack the library that makes keys.
    if not (LOCAL / "seal.pem").is_file():
        subprocess.run([str(PYTHON), "-m", "tools.seal"], cwd=ROOT, check=True)


def _install_front_end() -> None:
    if not (ROOT / "package-lock.json").exists():
        say("No package-lock.json: the front-end is not built.")
        return
    mark = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if _stamps().get("npm") != mark or not (ROOT / "node_modules").is_dir():
        say("Installing front-end packages…")
        _npm("ci", "--no-audit", "--no-fund")
        _stamp(npm=mark, bundle="")
    mark = fingerprint(ROOT / name for name in SOURCES)
    if _stamps().get("bundle") != mark or not (ROOT / "static" / "dist").is_dir():
        say("Building the front-end…")
        _npm("run", "build", "--silent")
        _stamp(bundle=fingerprint(ROOT / name for name in SOURCES))


def node_environment(base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Environment for npm: our own Node first, and the system's certificates."""
    env = {**base, "PATH": f"{BIN}{os.pathsep}{base.get('PATH', os.defpath)}"}
    env.setdefault("NODE_USE_SYSTEM_CA", "1")
    env.setdefault("npm_config_update_notifier", "false")
    return env


def _npm(*arguments: str) -> None:
    done = subprocess.run(
        [str(BIN / "npm"), *arguments],
        cwd=ROOT,
        env=node_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failure(f"npm {' '.join(arguments)} failed: {_tail(done.stdout, done.stderr)}")


def _tail(*outputs: str) -> str:
    return " ".join("\n".join(outputs).split())[-800:]


def main() -> int:
    """Set the checkout up."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.setup", description=__doc__)
    parser.add_argument("level", choices=LEVELS, nargs="?", default="run")
    set_up(parser.parse_args().level)
    return 0


if __name__ == "__main__":
    run_main(main)
