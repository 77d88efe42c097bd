"""The product's own delays, of alerts and reminders: dated rows (`clock_days`), read once a run.

A day without a row has no such alert; whoever asks for it finds that in the log, as an error.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from contractors import rate_book
from contractors.ladder import Ladder, Level
from contractors.legal_clock import Book, Kind, LegalRate
from nexxio.core import clock

logger = logging.getLogger(__name__)

SIGN_OFF_WAIT = "sign-off-wait"
LEVELS = {
    "ladder-desk": Level.DESK,
    "ladder-head": Level.HEAD,
    "ladder-direction": Level.DIRECTION,
}
BEFORE_DUE = ("due-first", "due-last")
PAPERS = ("paper-first", "paper-last")
CODES = frozenset({SIGN_OFF_WAIT, *LEVELS, *BEFORE_DUE, *PAPERS})


@dataclass(frozen=True)
class AlertDays:
    """The rows of all days; `load` reads them."""

    book: Book

    def sign_off_wait(self) -> timedelta | None:
        """Return how long a tenant's silence leaves his sign-off to the contractor, today."""
        days = self._on(SIGN_OFF_WAIT, clock.today())
        return None if days is None else timedelta(days=days)

    def ladder(self, day: date) -> Ladder:
        """Return the alerts of what was opened on a day; without those that have no row."""
        levels = [(self._on(code, day), level) for code, level in LEVELS.items()]
        return Ladder(
            levels=tuple((days, level) for days, level in levels if days is not None),
            before_due=self._known(BEFORE_DUE, day),
        )

    def of_papers(self) -> tuple[int, ...]:
        """Return how many days before its end a company is reminded of a paper, the most first."""
        return tuple(sorted(self._known(PAPERS, clock.today()), reverse=True))

    def _known(self, codes: tuple[str, ...], day: date) -> tuple[int, ...]:
        found = (self._on(code, day) for code in codes)
        return tuple(days for days in found if days is not None)

    def _on(self, code: str, day: date) -> int | None:
        row: LegalRate | None = self.book.on(Kind.DAYS, day, code)
        if row is None:
            logger.error("no clock_days row %s on %s: that alert is not sent", code, day)
            return None
        return int(row.value)


def load() -> AlertDays:
    """Return the delays of all days, in one query."""
    return AlertDays(rate_book.load(Kind.DAYS))
