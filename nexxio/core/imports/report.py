"""What a rehearsal or an import has to say, line by line: counts, the first lines, and a CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import IO, Any

from nexxio.core.exports import safe_for_sheets
from nexxio.core.imports.registry import Outcome, Verdict

KEPT = 500
"""Lines of each outcome that a page shows; the CSV has them all."""
HEADING = ("ligne", "effet", "clé", "objet", "colonne", "valeur", "raison", "manque", "remarque")
WORDS = {
    Outcome.CREATED: "créé",
    Outcome.CHANGED: "modifié",
    Outcome.UNCHANGED: "inchangé",
    Outcome.SKIPPED: "laissé de côté",
    Outcome.REFUSED: "refusé",
}


class Report:
    """Takes verdicts one after the other and keeps the same amount of memory.

    out: a binary file for the CSV, or None. keep: how many lines of each outcome, of those that
    are `worth` it.
    """

    def __init__(
        self,
        out: IO[bytes] | None = None,
        *,
        keep: int = KEPT,
        worth: Callable[[Verdict], bool] = lambda verdict: verdict.outcome is not Outcome.UNCHANGED,
    ) -> None:
        self._worth = worth
        self.counts: Counter[Outcome] = Counter()
        self.incomplete = 0
        self.issued = 0
        self.asked = 0
        self.lines: dict[Outcome, list[dict[str, Any]]] = {outcome: [] for outcome in Outcome}
        self._keep = keep
        self._text = io.TextIOWrapper(out, "utf-8-sig", newline="") if out is not None else None
        self._csv = csv.writer(self._text, delimiter=";") if self._text is not None else None
        if self._csv is not None:
            self._csv.writerow(HEADING)

    def add(self, verdict: Verdict) -> None:
        """Count a verdict, keep it while there is room, and write its line."""
        self.counts[verdict.outcome] += 1
        self.incomplete += bool(verdict.missing)
        self.issued += verdict.issued
        self.asked += verdict.asks
        kept = self.lines[verdict.outcome]
        if len(kept) < self._keep and self._worth(verdict):
            kept.append(line_of(verdict))
        if self._csv is not None:
            self._csv.writerow(_cells(verdict))

    def finish(self) -> None:
        """Write out what is buffered, and leave the file to its owner."""
        if self._text is not None:
            self._text.flush()
            self._text.detach()

    def summary(self) -> dict[str, Any]:
        """Return what a job keeps."""
        return {
            **{outcome.value: self.counts[outcome] for outcome in Outcome},
            "incomplete": self.incomplete,
            "issued": self.issued,
            "asked": self.asked,
            "lines": {
                outcome.value: self.lines[outcome]
                for outcome in Outcome
                if outcome is not Outcome.UNCHANGED
            },
        }


def line_of(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON."""
    return {
        "line": verdict.line,
        "key": verdict.shown_key,
        "title": verdict.title,
        "column": verdict.column,
        "value": verdict.value,
        "reason": verdict.reason,
        "missing": list(verdict.missing),
        "changes": list(verdict.changes),
        "note": verdict.note,
    }


def _cells(verdict: Verdict) -> list[str]:
    found = (
        verdict.line,
        WORDS[verdict.outcome],
        verdict.shown_key,
        verdict.title,
        verdict.column,
        verdict.value,
        verdict.reason or " ; ".join(verdict.changes),
        ", ".join(verdict.missing),
        verdict.note,
    )
    return [safe_for_sheets(cell) for cell in found]
