"""What a roll-out is measured by: its indicators, windows and thresholds. Pure (docs/adr/0042)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

BASELINE_WEEKS = (8, 12)
"""For so long before its first day a perimeter is observed as it was."""
MEASURED_WEEKS = 26
"""So long after its first day it still counts; then the figures stay as they are."""
FEWEST = 30
"""Observations in each of the four cells, before any figure of them is told."""
_WEEK = timedelta(days=7)


class Indicator(models.TextChoices):
    """What is observed, order by order. Satisfaction isn't: its answers are never crossed."""

    APPOINTMENTS = "appointments", _("Rendez-vous tenus")
    REPEATS = "repeats", _("Nouveaux passages sous 30 jours")
    BLOCKED = "blocked", _("Euros bloqués par facture")
    PAYMENT = "payment", _("Jours de la réception au paiement")


class Unit(models.TextChoices):
    """How a value is kept, as a whole number: hundredths, days, cents."""

    SHARE = "share"
    DAYS = "days"
    EUROS = "euros"


@dataclass(frozen=True)
class Terms:
    """How an indicator is read.

    settles: days after which an observation can't change any more; younger ones wait. better: 1
    where more is better, -1 where less is. of_what: what one observation is, in words.
    """

    unit: Unit
    settles: int
    better: int
    of_what: Any

    @property
    def scale(self) -> int:
        """By what a kept value is divided to be told: euros are kept in cents."""
        return 100 if self.unit is Unit.EUROS else 1


TERMS: dict[Indicator, Terms] = {
    Indicator.APPOINTMENTS: Terms(Unit.SHARE, 1, 1, _("rendez-vous échus")),
    Indicator.REPEATS: Terms(Unit.SHARE, 30, -1, _("commandes visitées")),
    Indicator.BLOCKED: Terms(Unit.EUROS, 30, -1, _("factures déposées")),
    Indicator.PAYMENT: Terms(Unit.DAYS, 60, -1, _("factures reçues")),
}
LONGEST = max(terms.settles for terms in TERMS.values())


@dataclass(frozen=True)
class Window:
    """From when to when a roll-out is observed: [since, starts_on) is before, then [.., until)."""

    since: date
    starts_on: date
    until: date

    @classmethod
    def of(cls, since: date, starts_on: date, today: date, *, settles: int) -> Window:
        """Return what can be observed today of a roll-out, of what has had time to settle."""
        last = starts_on + MEASURED_WEEKS * _WEEK
        return cls(since, starts_on, max(since, min(last, today - timedelta(days=settles))))

    def week_of(self, day: date) -> int:
        """Return the week of a day, counted from the first one; those before are negative."""
        return (day - self.starts_on).days // 7


def baseline_start(starts_on: date, weeks: int) -> date:
    """Return the day on which a baseline of so many weeks begins."""
    return starts_on - weeks * _WEEK
