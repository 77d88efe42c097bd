"""``make bench``: the path from POST to the tenant's page, and lists of orders as they grow.

Writes docs/benchmarks/latest.json and docs/benchmarks.md. Speeds are of this machine, with client,
server and broker together on it: the ratios of one run are what counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARTS = ("path", "lists", "blocks", "documents", "imports", "push")
OUT = ROOT / "docs" / "benchmarks" / "latest.json"


def main() -> None:
    """Measure, write JSON, draw."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=OUT)
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="keep the other parts of the JSON"
    )
    options = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django

    django.setup()
    from tests.bench import draw

    found = _kept(options.json) if options.only is not PARTS else {"commits": {}}
    found["machine"] = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    measured = _measure(options.only, quick=options.quick)
    found |= measured
    found["commits"] |= dict.fromkeys(measured, _commit())
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (ROOT / "docs" / "benchmarks.md").write_text(draw.page(found), encoding="utf-8")
    sys.stderr.write(f"Written: {options.json}\n")


def _kept(path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _measure(parts: Sequence[str], *, quick: bool) -> dict[str, Any]:
    """Measure the parts named, in the order that fills the database step by step."""
    from tests.bench import blocks, documents, imports, lists, path, push
    from tests.product import running

    pages = [1, 100] if quick else [1, 100, 1000]
    sizes = [10_000, 100_000] if quick else [10_000, 100_000, 1_000_000]
    held = [1000, 10_000] if quick else [1000, 100_000]
    files = [10_000] if quick else [10_000, 100_000]
    found: dict[str, Any] = {}
    with running("bench", 27800, durable=True) as site:
        made = path.prepare(site, len(pages) + 1) if "path" in parts else []
        if made:
            found["path"] = path.measure(site, made, pages)
        if "lists" in parts:
            found["lists"] = lists.measure(site, sizes)
        if "blocks" in parts:
            found["blocks"] = blocks.measure(site, held)
        if made and "lists" in parts:
            found["path_full"] = path.measure(site, made, pages[1:2])
        if "documents" in parts:
            found["documents"] = documents.measure(site)
        if "imports" in parts:
            found["imports"] = imports.measure(site, files)
    if "push" in parts:
        found["broker"] = asyncio.run(push.measure_subjects(pages))
        found["push"] = asyncio.run(
            push.measure_all([1000] if quick else [1000, 5000], ["uvicorn"])
        )
    return found


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main()
