"""The keys that a file has shown so far, outside memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from types import TracebackType
from typing import Self


class SeenKeys:
    """Remembers on which line each key came first, in a temporary file of SQLite's own.

    A million keys in a Python dictionary take a hundred megabytes; this takes two.
    """

    def __enter__(self) -> Self:
        self._db = sqlite3.connect("")  # on disk, private, gone when closed
        self._db.execute("PRAGMA cache_size = -2000")
        self._db.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def note(self, pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Note keys with their lines; return for each the line where it came first."""
        found: dict[str, int] = {}
        for key, line in pairs:
            self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, line))
            (first,) = self._db.execute("SELECT line FROM seen WHERE key = ?", (key,)).fetchone()
            found[key] = first
        return found
