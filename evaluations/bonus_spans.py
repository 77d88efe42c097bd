"""Months and quarters of statements. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format

from evaluations.bonus_terms import Rhythm
from evaluations.quarters import Quarter
from nexxio.core import clock

_MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3}


@dataclass(frozen=True, order=True)
class Span:
    """A month or a quarter of the calendar, by its first day."""

    first: date
    months: int = 1

    @classmethod
    def of(cls, rhythm: str, day: date) -> Span:
        """Return the period of a day."""
        months = _MONTHS[Rhythm(rhythm)]
        return cls(date(day.year, day.month - (day.month - 1) % months, 1), months)

    @property
    def following(self) -> Span:
        """The period after this one."""
        return self._moved(self.months)

    @property
    def previous(self) -> Span:
        """The period before this one."""
        return self._moved(-self.months)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        """Its first instant, in Paris."""
        return clock.start_of(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first instant that isn't in it any more."""
        return self.following.starts_at

    def __str__(self) -> str:
        if self.months > 1:
            return str(Quarter(self.first))
        return date_format(self.first, "F Y")

    def _moved(self, months: int) -> Span:
        index = self.first.year * 12 + self.first.month - 1 + months
        return Span(date(index // 12, index % 12 + 1, 1), self.months)


def past(rhythm: str, today: date, n: int) -> list[Span]:
    """Return the last `n` periods that are over, the oldest first."""
    found = [Span.of(rhythm, today).previous]
    while len(found) < n:
        found.append(found[-1].previous)
    return found[::-1]


def next_start(rhythms: Iterable[str], wanted: date, accepted_on: date) -> date:
    """Return from when on rules apply: as wanted, never before both sides have accepted.

    rhythms: of the rules, and of those that they take the place of: no period is cut in two.
    """
    earliest = max(wanted, accepted_on)
    rhythm = Rhythm.QUARTER if Rhythm.QUARTER in set(rhythms) else Rhythm.MONTH
    span = Span.of(rhythm, earliest)
    return span.first if span.first == earliest else span.following.first
