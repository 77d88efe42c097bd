"""Quarters, and the calendar of what is asked and published of one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nexxio.core import clock

ANSWER_DAYS = 14
"""For so long an evaluation may be given; nothing of it is seen before."""
REPLY_DAYS = 14
"""For so long whoever was evaluated by name may reply or contest."""
OPENING_DAYS = 14
"""A campaign about a quarter begins in the first days of the next one, or not at all."""
REMINDER_DAYS = 7
PUBLISHING_DAYS = OPENING_DAYS + ANSWER_DAYS + REPLY_DAYS + 2
"""Results of a quarter are published so long after its end: all that counts is in then."""
_MONTHS = 3


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the calendar, by its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter of a day."""
        return cls(date(day.year, day.month - (day.month - 1) % _MONTHS, 1))

    @property
    def following(self) -> Quarter:
        """The quarter after this one."""
        return Quarter.of(self.first + timedelta(days=100))

    @property
    def previous(self) -> Quarter:
        """The quarter before this one."""
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def publishes_on(self) -> date:
        """The day from which its results are published."""
        return self.following.first + timedelta(days=PUBLISHING_DAYS)

    @property
    def starts_at(self) -> datetime:
        """Its first instant, in Paris."""
        return clock.start_of(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first instant that isn't in it any more."""
        return self.following.starts_at

    def __str__(self) -> str:
        number = (self.first.month - 1) // _MONTHS + 1
        nth = "1er" if number == 1 else f"{number}e"
        return f"{nth} trimestre {self.first.year}"


def counting_for(day: date, asked_on: date) -> Quarter:
    """Return the quarter for which an opinion counts: of the day of the works, as a rule.

    Works that were told long after are asked about too late for that one, which is published once:
    their opinion counts in the first quarter that it can still reach.
    """
    found = Quarter.of(day)
    while asked_on + timedelta(days=ANSWER_DAYS + REPLY_DAYS) >= found.publishes_on:
        found = found.following
    return found


def campaign_due(today: date) -> Quarter | None:
    """Return the quarter about which campaigns may open today; None outside those days."""
    now = Quarter.of(today)
    return now.previous if (today - now.first).days < OPENING_DAYS else None
