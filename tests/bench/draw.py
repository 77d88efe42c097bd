"""Draws docs/benchmarks.md from the JSON of a run."""

from __future__ import annotations

from typing import Any

from tests.bench import imports
from tests.bench.lists import ratio


def page(found: dict[str, Any]) -> str:
    """Return the document."""
    parts = [
        "# Benchmarks\n",
        f"Made by `make bench` on {found['machine']}, commit {found['commit']}. Client, servers and"
        " broker share the machine: compare figures of this run with each other only.\n",
        "## From the contractor's POST to the tenant's page\n",
        "Real processes: site, PostgreSQL, outbox, relay in Celery, broker, stream. Times in ms.\n",
        "| open pages | POST p50 | p95 | p99 | event p50 | p95 | p99 | event ÷ POST (p50) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found["path"]:
        post, event = row["post"], row["event"]
        times = " | ".join(str(x[p]) for x in (post, event) for p in ("p50", "p95", "p99"))
        share = round(event["p50"] / post["p50"], 2)
        parts.append(f"| {row['listeners']} | {times} | {share} |")
    parts += [
        "\n## Pages of orders\n",
        "Fifty landlords in the table; the reader's landlord holds the orders. Median of the whole"
        " request in one process (middleware, log-in, templates), in ms, and its queries; role "
        f"`{found['lists'][0]['role']}`.\n",
        "| orders | list | list, one state | board | desk | queries of the list |",
        "|---|---|---|---|---|---|",
    ]
    for row in found["lists"]:
        cells = [row[name]["ms"] for name in ("list", "filtered", "board", "desk")]
        parts.append(
            f"| {row['orders']:,} | {' | '.join(map(str, cells))} | {row['list']['queries']} |".replace(
                ",", " "
            )
        )
    names = ("list", "filtered", "board", "desk")
    shares = ", ".join(f"{name} × {ratio(found['lists'], name)}" for name in names)
    parts += [
        f"\nLargest against smallest: {shares}.\n",
        "Plan of the list's query at the largest size:\n",
        "```",
        *found["lists"][-1]["plan"],
        "```",
        "",
        *imports.section(found["imports"]),
        "## Broadcast and raw broker\n",
        "The same message to all open streams, beside the broker's own publish/subscribe.\n",
        "```json",
        _short(found["push"]),
        "```\n",
    ]
    return "\n".join(parts)


def _short(found: Any) -> str:
    import json

    return json.dumps(found, indent=1)
