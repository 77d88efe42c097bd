"""Compliance papers of a company: which there are, how long they hold, which are lacking. Pure.

What each is called and how long it usually holds stands in dated rows (`PaperRule`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperCode(models.TextChoices):
    """Kinds of paper that a landlord may ask for."""

    VIGILANCE = "vigilance", _("Attestation de vigilance")
    FISCAL = "fiscal", _("Attestation de régularité fiscale")
    LIABILITY = "liability", _("Assurance responsabilité civile professionnelle")
    DECENNIAL = "decennial", _("Assurance décennale")
    FOREIGN_WORKERS = "foreign_workers", _("Liste nominative des salariés étrangers")
    REGISTER = "register", _("Extrait Kbis")


class Verdict(models.TextChoices):
    """What a landlord says of a paper; nothing said is enough for it to count."""

    NONE = "", _("Pas encore vue")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")


class PaperState(models.TextChoices):
    """Where a paper stands on a day."""

    MISSING = "missing", _("Manquante")
    EXPIRED = "expired", _("Périmée")
    REFUSED = "refused", _("Refusée")
    EXPIRING = "expiring", _("Bientôt périmée")
    VALID = "valid", _("À jour")


LOOK: dict[str, tuple[str, str]] = {
    PaperState.MISSING: ("danger", "file-off"),
    PaperState.EXPIRED: ("danger", "calendar-event"),
    PaperState.REFUSED: ("danger", "circle-x"),
    PaperState.EXPIRING: ("warning", "hourglass"),
    PaperState.VALID: ("success", "circle-check"),
}
"""Tone and icon of each state."""
LACKING = (PaperState.MISSING, PaperState.EXPIRED, PaperState.REFUSED)

EXPIRED_STEP = 0
"""The step of the reminders that comes once a paper is over."""


@dataclass(frozen=True)
class PaperView:
    """A paper as far as its state goes. verdict: of the landlord in question."""

    code: str
    expires_on: date
    verdict: str = ""


def state_of(paper: PaperView | None, on: date, *, steps: tuple[int, ...] = ()) -> PaperState:
    """Return where a paper stands; none at all is missing. Its last day still counts.

    steps: how many days before it the company is reminded, the most first: it expires from the
    first of them on.
    """
    if paper is None:
        return PaperState.MISSING
    if paper.verdict == Verdict.REFUSED:
        return PaperState.REFUSED
    left = (paper.expires_on - on).days
    if left < 0:
        return PaperState.EXPIRED
    return PaperState.EXPIRING if steps and left <= steps[0] else PaperState.VALID


def lacking(asked: Iterable[str], papers: Iterable[PaperView], on: date) -> tuple[str, ...]:
    """Return the codes of what is asked and isn't there, is over or was refused."""
    held = {paper.code: paper for paper in papers}
    return tuple(code for code in asked if state_of(held.get(code), on) in LACKING)


def step_of(expires_on: date, on: date, steps: tuple[int, ...]) -> int | None:
    """Return the last step of the reminders that a day has reached; None before the first."""
    left = (expires_on - on).days
    if left < 0:
        return EXPIRED_STEP
    reached = [step for step in steps if left <= step]
    return min(reached, default=None)
