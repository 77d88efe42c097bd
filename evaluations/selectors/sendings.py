"""A company's claim letters that it has sent, or may note as sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from contractors.models import ClaimLetter, ClaimState
from evaluations.models import ClaimSending
from nexxio.core.actors import Actor

SHOWN = 20


@dataclass(frozen=True)
class LetterRow:
    """A letter that is ready. sent_on: None while its sending isn't noted."""

    letter: ClaimLetter
    sent_on: date | None


def letters_of(actor: Actor) -> list[LetterRow]:
    """Return a company's newest letters that can be sent, the newest first. One query."""
    noted = ClaimSending.objects.filter(letter_id=OuterRef("pk")).values("sent_on")
    rows = ClaimLetter.objects.filter(organisation_id=actor.own_id, state=ClaimState.READY)
    found = rows.select_related("debtor").annotate(sent_on=Subquery(noted))
    return [LetterRow(one, one.sent_on) for one in found.order_by("-asked_at", "-id")[:SHOWN]]
