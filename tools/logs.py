"""Log files of services: one each, cut when it grows, with the lines that deserve attention."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tools.base import ROOT

LARGEST = 5 * 1024 * 1024


class LogFile:
    """Appends a service's output to ``<folder>/<name>.log``; the former one is ``.log.1``."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.log"
        self._rest = b""
        self._in_traceback = False
        self._last: list[str] = []
        self._file = self.path.open("ab")
        self._cut_when_large()
        self.note("start")

    def _cut_when_large(self) -> None:
        if self._file.tell() > LARGEST:
            self._file.close()
            self.path.replace(self.path.with_suffix(".log.1"))
            self._file = self.path.open("ab")

    def write(self, data: bytes, *, alert: re.Pattern[str]) -> list[str]:
        """Append output as it comes and give the whole lines that the terminal should show."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        shown = []
        for raw in lines:
            line = raw.decode("utf-8", errors="replace").rstrip("\r")
            self._append(line)
            if self._deserves_attention(line, alert):
                shown.append(line)
        if lines:
            self._file.flush()
            self._cut_when_large()
        return shown

    def _append(self, line: str) -> None:
        self._file.write(f"{time.strftime('%H:%M:%S')} {line}\n".encode())
        self._last = [*self._last[-19:], line]

    def _deserves_attention(self, line: str, alert: re.Pattern[str]) -> bool:
        if self._in_traceback:
            # Of a traceback only the exception, the first line without indent, is news.
            self._in_traceback = not line or line.startswith((" ", "\t"))
            return not self._in_traceback
        self._in_traceback = line.startswith("Traceback ")
        return not self._in_traceback and bool(alert.search(line))

    def note(self, text: str) -> None:
        """Append a line of our own."""
        self._file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} --- {text} ---\n".encode())
        self._file.flush()

    def tail(self) -> str:
        """Last lines that came, for a message, and where the rest is."""
        rest = self._rest.decode("utf-8", errors="replace")
        lines = [*self._last, *([rest] if rest else [])] or ["(no output)"]
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return "\n".join(f"  {line}" for line in [*lines, f"(log: {path})"])

    def close(self) -> None:
        """Close the file, with the last line although it had no end."""
        if self._file.closed:
            return
        if self._rest:
            self._append(self._rest.decode("utf-8", errors="replace"))
        self._file.close()
