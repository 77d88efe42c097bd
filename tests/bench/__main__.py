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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs" / "benchmarks" / "latest.json"


def main() -> None:
    """Measure, write JSON, draw."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=OUT)
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    options = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django

    django.setup()
    from tests.bench import blocks, documents, draw, imports, lists, path, push
    from tests.product import running

    pages = [1, 100] if options.quick else [1, 100, 1000]
    sizes = [10_000, 100_000] if options.quick else [10_000, 100_000, 1_000_000]
    found: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": _commit(),
    }
    with running("bench", 27800, durable=True) as site:
        made = path.prepare(site, len(pages) + 1)
        found["path"] = path.measure(site, made, pages)
        found["lists"] = lists.measure(site, sizes)
        found["blocks"] = blocks.measure(site, [1000, 10_000] if options.quick else [1000, 100_000])
        found["path_full"] = path.measure(site, made, pages[1:2])
        found["documents"] = documents.measure(site)
        found["imports"] = imports.measure(site, [10_000] if options.quick else [10_000, 100_000])
    found["broker"] = asyncio.run(push.measure_subjects(pages))
    found["push"] = asyncio.run(
        push.measure_all([1000] if options.quick else [1000, 5000], ["uvicorn"])
    )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (ROOT / "docs" / "benchmarks.md").write_text(draw.page(found), encoding="utf-8")
    sys.stderr.write(f"Written: {options.json}\n")


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
