"""What people of the demo world think: marks and words that follow the manners (manners.py)."""

from __future__ import annotations

import random
from datetime import date

from evaluations import questionnaire
from evaluations.axes import HIGHEST, LOWEST, Direction
from nexxio.demo.manners import BLAME, COMPANIES, LANDLORDS, PRAISE


def subjects(direction: Direction, day: date) -> list[str]:
    """Return what a campaign of that day asks in that direction."""
    return questionnaire.of_a_campaign(direction, questionnaire.version_on(direction, day))


def mark(luck: random.Random, slug: str, *, share: float, shift: float = 0.0) -> int | None:
    """Return a mark of a house, 1 to 5; None is "I don't know".

    share: how much of the year is over, 0 to 1: companies get better. shift: what happened in
    this very case, in points.
    """
    if luck.random() < 0.06:
        return None
    if slug in COMPANIES:
        about = COMPANIES[slug].opinion + COMPANIES[slug].gains * share
    else:
        about = LANDLORDS[slug].opinion
    return min(HIGHEST, max(LOWEST, round(luck.gauss(about + shift, 0.8))))


def words(luck: random.Random, *, glad: bool) -> str:
    """Return what a tenant adds, mostly nothing."""
    return luck.choice(PRAISE if glad else BLAME) if luck.random() < 0.3 else ""
