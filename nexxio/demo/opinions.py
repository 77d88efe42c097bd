"""What people of the demo world think: marks and words that follow the manners (manners.py)."""

from __future__ import annotations

import random

from evaluations import questionnaire
from evaluations.axes import HIGHEST, LOWEST, Direction
from evaluations.models import Campaign
from nexxio.core import clock
from nexxio.demo.manners import BLAME, COMPANIES, LANDLORDS, PRAISE


def subjects(direction: Direction, campaign: Campaign) -> list[str]:
    """Return what a campaign asks in that direction, the landlord's own questions with it."""
    version = questionnaire.version_on(direction, clock.day_of(campaign.opened_at))
    own = questionnaire.own_of(campaign.landlord_id, direction, campaign.quarter)
    return questionnaire.of_a_campaign(direction, version, own)


def of_staff(luck: random.Random, slug: str) -> int | None:
    """Return a member's mark of its own house."""
    house = LANDLORDS.get(slug) or COMPANIES[slug]
    return _drawn(luck, house.staff)


def mark(luck: random.Random, slug: str, *, share: float, shift: float = 0.0) -> int | None:
    """Return a mark of a house, 1 to 5; None is "I don't know".

    share: how much of the year is over, 0 to 1: companies get better. shift: what happened in
    this very case, in points.
    """
    if slug in COMPANIES:
        about = COMPANIES[slug].opinion + COMPANIES[slug].gains * share
    else:
        about = LANDLORDS[slug].opinion
    return _drawn(luck, about + shift)


def _drawn(luck: random.Random, about: float) -> int | None:
    if luck.random() < 0.06:
        return None
    return min(HIGHEST, max(LOWEST, round(luck.gauss(about, 0.8))))


def words(luck: random.Random, *, glad: bool) -> str:
    """Return what a tenant adds, mostly nothing."""
    return luck.choice(PRAISE if glad else BLAME) if luck.random() < 0.3 else ""
