"""What makes an order worth one question of landlord and contractor, and which. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

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
    ("order.stopped", Notable(Axis.TRUST, Axis.COOPERATION)),
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


_ORDINARY = (
    Notable(Axis.COMPETENCE, Axis.COMPETENCE),
    Notable(Axis.CONDUCT, Axis.CONDUCT),
    Notable(Axis.CONSIDERATION, Axis.CONSIDERATION),
    Notable(Axis.COOPERATION, Axis.COOPERATION),
    Notable(Axis.EXPERIENCE, Axis.ADAPTABILITY),
    Notable(Axis.TRUST, Axis.TRUST),
)


def ordinary_of(order_id: UUID) -> Notable:
    """Return what is asked after an order that nothing stood out of, where each is asked about.

    From the order's id, so that every axis comes as often over many orders.
    """
    drawn = int.from_bytes(hashlib.sha256(order_id.bytes).digest()[:8], "big")
    return _ORDINARY[drawn % len(_ORDINARY)]
