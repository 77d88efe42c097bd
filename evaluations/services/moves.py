"""How an evaluation moves: its row locked, its table asked, its event told to the right side only.

The kernel's apply() would record every event at the landlord; what a company says of its landlord
must leave no trace there, and no event may name the person who answered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from evaluations.axes import Direction
from evaluations.models import Evaluation
from evaluations.states import EVALUATION
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, of_house, record

SUBJECT = "evaluation"


def locked(pk: UUID) -> Evaluation:
    """Return an evaluation, its row locked; DoesNotExist for one that isn't the actor's to see."""
    found: Evaluation = Evaluation.objects.select_for_update(of=("self",)).get(pk=pk)
    return found


def move(name: str, evaluation: Evaluation, actor: Actor, **changes: Any) -> None:
    """Move a locked evaluation by one transition, and save what changes with it.

    Raises Refused for another side, Conflict when it has moved on.
    """
    transition = EVALUATION.transitions[name]
    if actor.side not in transition.sides:
        raise Refused("Cette action n’est pas ouverte à votre côté.", code="side")
    if evaluation.state not in transition.sources:
        label = EVALUATION.label(evaluation.state, actor.side)
        raise Conflict(f"Déjà fait : « {label} ».")
    values = {"state": transition.target, **changes}
    for key, value in values.items():
        setattr(evaluation, key, value)
    evaluation.save(update_fields=list(values))


def nameless(actor: Actor) -> Actor:
    """Return the actor as an event may name him: his organisation, never the person."""
    return replace(actor, user_id=None, membership_id=None)


def tell_own_side(event: EventType, evaluation: Evaluation, actor: Actor) -> None:
    """Record what only the side that evaluates reads, without the person's name."""
    if evaluation.direction == Direction.CONTRACTOR_LANDLORD:
        subject = of_house(
            pk=evaluation.pk, organisation_id=evaluation.contractor_id, side=Side.CONTRACTOR
        )
    else:
        subject = Subject(
            pk=evaluation.pk,
            landlord_id=evaluation.landlord_id,
            tenant_id=evaluation.tenant_id,
            reader_case_id=evaluation.reader_case_id,
        )
    record(event, actor=nameless(actor), subject=subject, subject_type=SUBJECT)


def tell_both(event: EventType, evaluation: Evaluation, actor: Actor) -> None:
    """Record what landlord and company read of an evaluation that is shared."""
    subject = Subject(
        pk=evaluation.pk,
        landlord_id=evaluation.landlord_id,
        contractor_id=evaluation.contractor_id,
    )
    record(event, actor=actor, subject=subject, subject_type=SUBJECT)
