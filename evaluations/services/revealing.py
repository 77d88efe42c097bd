"""The double blind: nothing is seen before both sides answered, or 14 days have passed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from evaluations import events
from evaluations.axes import Direction
from evaluations.models import Answer, Evaluation
from evaluations.services.moves import locked, move, tell_both
from evaluations.states import EvaluationState
from nexxio.core import clock
from nexxio.core.actors import Actor

_PAIR = (Direction.LANDLORD_CONTRACTOR, Direction.CONTRACTOR_LANDLORD)


@transaction.atomic
def reveal_if_both(*, actor: Actor, evaluation_id: UUID) -> bool:
    """Reveal an order's pair of evaluations once both houses have given theirs. As the system.

    Both at once, in one transaction; both rows are locked. Campaigns wait for their end, since
    others of the same desks may still answer. Returns whether they are revealed now.
    """
    one = Evaluation.objects.filter(pk=evaluation_id, order_id__isnull=False).first()
    if one is None or one.order_id is None or one.direction not in _PAIR:
        return False
    pair = list(
        Evaluation.objects.select_for_update(of=("self",))
        .filter(landlord_id=one.landlord_id, order_id=one.order_id, direction__in=_PAIR)
        .order_by("pk")
    )
    given = [each for each in pair if each.state == EvaluationState.ANSWERED]
    if len(given) != len(_PAIR):
        return False
    for each in given:
        _reveal(actor, each)
    return True


@transaction.atomic
def reveal_due(*, actor: Actor, evaluation_id: UUID) -> bool:
    """Close an evaluation whose 14 days have passed: revealed, or expired without an answer.

    As the system. Locks it. Returns whether anything changed.
    """
    evaluation = locked(evaluation_id)
    if clock.now() < evaluation.closes_at:
        return False
    if evaluation.state == EvaluationState.INVITED:
        move("expire", evaluation, actor)
        return True
    if evaluation.state != EvaluationState.ANSWERED:
        return False
    _reveal(actor, evaluation)
    return True


def _reveal(actor: Actor, evaluation: Evaluation) -> None:
    """Show it to both sides where it is named; forget which member gave it in any case.

    A tenant's is shown as that of his repair only when he asked to be called back.
    """
    answer = Answer.objects.get(evaluation=evaluation)
    shared = evaluation.direction == Direction.LANDLORD_CONTRACTOR or answer.contact
    if answer.user_id is not None:
        answer.user_id = None
        answer.save(update_fields=["user_id"])
    move("reveal", evaluation, actor, revealed_at=clock.now(), is_shared=shared)
    if shared:
        tell_both(events.EvaluationRevealed(direction=evaluation.direction), evaluation, actor)
