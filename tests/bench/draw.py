"""Draws docs/benchmarks.md from the JSON of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tests.bench import blocks, documents, imports
from tests.bench.lists import ratio

PARTS = ("p50", "p95", "p99")
MOST_TIMES, MOST_QUERIES = 1.3, 8
"""How many times as long a page may take at the largest size; how many queries a list may."""
OF_ONE = ("order and its history", "order form", "contractor's order and its history")
"""Pages of one order."""
_HEAD = """# Benchmarks

Made by `make bench` on {machine}; all figures, and the commit of each part, are in
[benchmarks/latest.json](benchmarks/latest.json). Client, servers and broker share the machine, and so may other
work: compare figures of this run with each other only.
"""
_PATH = """
## From the contractor's POST to the tenant's page

Real processes: site, PostgreSQL with fsync, outbox, relay in Celery, broker, stream. Each open page listens to its own
case; a round is 60 orders accepted one after the other. Times in ms, from the moment when the POST is sent. Beside
them the broker alone, in the same run: publish to bare subscribers, each on a subject of its own.
"""
_LISTS = """
## Pages of orders

Role `{role}`. Fifty landlords; the reader's holds every second order, the contractor has them all. The whole request
in one process (middleware, log-in, templates), {rounds} times: median in ms, and what it computed (the process and its
server of the database together), which other work on the machine hardly changes; load at each size {load}. Last
column: computed at most 1.3 times as long, with at most eight queries where the page is a list.
"""
_PUSH = """
## Broadcast

The same message to all open streams, beside the broker's own publish/subscribe. Times in ms.
"""


def page(found: dict[str, Any]) -> str:
    """Return the document."""
    measured = "\n".join(imports.section(found["imports"])) if "imports" in found else ""
    parts = [_HEAD.format(**found), _PATH, _path(found), _lists(found), _plan(found)]
    printed = "\n".join(documents.section(found["documents"])) if "documents" in found else ""
    held = "\n".join(blocks.section(found["blocks"])) if "blocks" in found else ""
    parts += [measured, held, printed, _push(found)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"


def count(number: int) -> str:
    """Return a number with spaces between thousands."""
    return f"{number:,}".replace(",", " ")


def _times(figures: dict[str, float]) -> list[float]:
    return [figures[part] for part in PARTS]


def _path(found: dict[str, Any]) -> str:
    head = ["open pages", "POST p50", "p95", "p99", "event p50", "p95", "p99"]
    head += ["event ÷ POST, p50", "p99", "broker alone p50", "p99"]
    full = count(found["lists"][-1]["orders"])
    rows = []
    for row, name in [(row, "") for row in found["path"]] + [
        (row, f", {full} orders") for row in found["path_full"]
    ]:
        post, event = row["post"], row["event"]
        broker = found["broker"].get(str(row["listeners"]), {})
        rows.append(
            [
                f"{count(row['listeners'])}{name}",
                *_times(post),
                *_times(event),
                round(event["p50"] / post["p50"], 2),
                round(event["p99"] / post["p99"], 2),
                broker.get("p50", "–"),
                broker.get("p99", "–"),
            ]
        )
    return table(head, rows)


def _lists(found: dict[str, Any]) -> str:
    lists = found["lists"]
    head = ["page", *(f"{count(part['orders'])} orders" for part in lists), "queries"]
    head += ["last ÷ first, median", "computed", f"≤ {MOST_TIMES} and ≤ {MOST_QUERIES}"]
    rows = []
    for name in lists[0]["pages"]:
        pages = [part["pages"][name] for part in lists]
        rows.append(
            [
                name,
                *(f"{one['ms']} ({one['cpu']})" for one in pages),
                pages[-1]["queries"],
                ratio(lists, name),
                ratio(lists, name, "cpu"),
                _passes(name, ratio(lists, name, "cpu"), pages[-1]["queries"]),
            ]
        )
    filled = ", ".join(f"{count(part['orders'])} in {part['filled_s']} s" for part in lists)
    rows_at_last = ", ".join(f"{name} {count(n)}" for name, n in lists[-1]["rows"].items())
    return (
        _LISTS.format(
            role=lists[-1]["role"],
            rounds=lists[-1]["rounds"],
            load=", ".join(str(part["load"]) for part in lists),
        )
        + "\n"
        + table(head, rows)
        + f"\nFilled up to {filled}. Rows at the end: {rows_at_last}.\n"
    )


def _passes(name: str, times: float, queries: int) -> str:
    """Tell whether a page keeps both bounds."""
    few = queries <= MOST_QUERIES or name in OF_ONE
    return "yes" if times <= MOST_TIMES and few else "no"


def _plan(found: dict[str, Any]) -> str:
    plan = "\n".join(found["lists"][-1]["plan"])
    return (
        "\n<details><summary>Plan of the list's query at the largest size</summary>\n\n"
        f"```\n{plan}\n```\n\n</details>\n"
    )


def _push(found: dict[str, Any]) -> str:
    push = found["push"]
    head = ["streams", "broadcast p50", "p95", "p99", "one of them p50", "p95", "p99"]
    head += ["broker alone p50", "p95", "p99", "open all, s", "CPU µs each", "KiB each", "lost"]
    rows = []
    for size, row in push["uvicorn"].items():
        rows.append(
            [
                count(int(size)),
                *_times(row["broadcast"]),
                *_times(row["single"]),
                *_times(push["broker"][size]),
                row["connect_s"],
                row["cpu_us_per_delivery"],
                row["kib_per_stream"],
                row["lost"],
            ]
        )
    return _PUSH + "\n" + table(head, rows)
