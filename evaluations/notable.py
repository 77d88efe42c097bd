"""What makes an order worth one question of landlord and contractor, and which. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from evaluations.axes import Axis


@dataclass(frozen=True)
class Notable:
    """The question of each side: what the landlord says of the company, and the other way."""

    of_contractor: Axis
    of_landlord: Axis


# The first that happened counts: one question, twenty seconds.
_KINDS: tuple[tuple[str, Notable], ...] = (
    ("visit.no_show", Notable(Axis.TRUST, Axis.CONSIDERATION)),
    ("order.reopened", Notable(Axis.COMPETENCE, Axis.LISTENING)),
    ("visit.no_access", Notable(Axis.EXPERIENCE, Axis.CONSIDERATION)),
    ("order.returned", Notable(Axis.COOPERATION, Axis.ADAPTABILITY)),
    ("order.opened_on_call", Notable(Axis.AUTONOMY, Axis.AUTONOMY)),
    ("variation.asked", Notable(Axis.AUTONOMY, Axis.AUTONOMY)),
    ("regularisation.asked", Notable(Axis.AUTONOMY, Axis.AUTONOMY)),
    ("hold.opened", Notable(Axis.COOPERATION, Axis.COOPERATION)),
)
_URGENT = Notable(Axis.ADAPTABILITY, Axis.ADAPTABILITY)
KINDS = tuple(kind for kind, _found in _KINDS)
"""Kinds of event that are asked about."""


def notable_of(kinds: Collection[str], *, urgent: bool) -> Notable | None:
    """Return what is asked after an order with these events; None where nothing stood out."""
    for kind, found in _KINDS:
        if kind in kinds:
            return found
    return _URGENT if urgent else None
