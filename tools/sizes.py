"""``make sizes``: files past 400 lines and functions past 60. A question, not a gate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.base import ROOT, say

FILE_LINES = 400
FUNCTION_LINES = 60
FOLDERS = ("nexxio", "orders", "contractors", "tenants", "evaluations", "tools", "tests")


def long_ones(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (lines, name) of the file and of its functions that are too long."""
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(ROOT))
    if (lines := text.count("\n")) > FILE_LINES:
        yield lines, name
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield lines, f"{name}:{node.lineno} {node.name}"


def main() -> None:
    """Print them, longest first."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = [one for path in paths if "migrations" not in path.parts for one in long_ones(path)]
    for lines, name in sorted(found, reverse=True):
        say(f"{lines:5} {name}")


if __name__ == "__main__":
    main()
