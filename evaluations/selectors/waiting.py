"""What waits for the reader in evaluations, bonus and reviews, counted for the page of the day."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import ngettext

from evaluations import policies
from evaluations.models import BonusContest, BonusRules, BonusStatement, Review
from evaluations.selectors.desk import to_give
from nexxio.core import clock
from nexxio.core.actors import Actor, Side


@dataclass(frozen=True)
class Waits:
    """One kind of thing that waits. page: the name of the page where it is done."""

    text: str
    icon: str
    page: str


def waiting(actor: Actor) -> list[Waits]:
    """Return what the reader's role may do now and nobody has done. Five queries at most."""
    found = [_opinions(actor), _rules(actor), _minutes(actor), _statements(actor)]
    return [one for one in found if one is not None]


# --- inside -----------------------------------------------------------------------------------


def _opinions(actor: Actor) -> Waits | None:
    n = to_give(actor)
    text = ngettext("%d avis à donner", "%d avis à donner", n) % n
    return Waits(text, "message-star", "home") if n else None


def _rules(actor: Actor) -> Waits | None:
    """Return the rules that a landlord has signed and proposed to the company."""
    if not policies.answers_bonus(actor):
        return None
    rows = BonusRules.objects.filter(answer__isnull=True, withdrawn_at__isnull=True)
    n = rows.filter(proposed_at__isnull=False).count()
    text = ngettext("%d règle de bonus à signer", "%d règles de bonus à signer", n) % n
    return Waits(text, "signature", "bonus") if n else None


def _minutes(actor: Actor) -> Waits | None:
    if not policies.signs_reviews(actor):
        return None
    rows = Review.objects.filter(closed_at__isnull=False)
    n = rows.exclude(signatures__side=actor.side.value).count()
    text = ngettext("%d compte rendu à signer", "%d comptes rendus à signer", n) % n
    return Waits(text, "users", "reviews") if n else None


def _statements(actor: Actor) -> Waits | None:
    """Return what may be contested, of a company; of a landlord, what is contested."""
    if actor.side is Side.LANDLORD:
        if not policies.answers_contests(actor):
            return None
        n = BonusContest.objects.filter(outcome="").count()
        text = ngettext(
            "%d ligne de bonus contestée, à trancher",
            "%d lignes de bonus contestées, à trancher",
            n,
        )
    else:
        rows = BonusStatement.objects.filter(closed_at__isnull=True)
        n = rows.filter(contest_until__gt=clock.now()).count() if policies.desk(actor) else 0
        text = ngettext(
            "%d relevé de bonus à relire, encore contestable",
            "%d relevés de bonus à relire, encore contestables",
            n,
        )
    return Waits(text % n, "scale", "bonus") if n else None
