"""Cutting off: what counts goes into ballots without a name; what names somebody is deleted."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from evaluations.axes import Direction
from evaluations.models import Answer, Ballot, Evaluation
from evaluations.quarters import REPLY_DAYS, Quarter
from evaluations.services.moves import locked
from evaluations.states import COUNTED, EvaluationState
from nexxio.core import clock
from nexxio.core.actors import Actor

logger = logging.getLogger(__name__)


@transaction.atomic
def count_evaluation(*, actor: Actor, evaluation_id: UUID) -> bool:
    """Count an evaluation that is over, and unlink it from the person. As the system. Locks it.

    14 days after it was revealed, or at once when nobody answered. One under moderation waits. A
    tenant's and a company's are deleted; a landlord's stays, whose row names nobody. No event: it
    would say of whom the ballot is. Returns whether it was counted.
    """
    evaluation = locked(evaluation_id)
    if evaluation.counted_at is not None or not _is_over(evaluation):
        return False
    answer = Answer.objects.filter(evaluation=evaluation).first()
    if evaluation.state in COUNTED or evaluation.state == EvaluationState.EXPIRED:
        _ballot(evaluation, answer).save(force_insert=True)
    if evaluation.direction == Direction.LANDLORD_CONTRACTOR:
        evaluation.counted_at = clock.now()
        evaluation.save(update_fields=["counted_at"])
    else:
        if answer is not None:
            answer.delete()
        evaluation.delete()
    logger.info("one evaluation counted and unlinked by %s", actor.name)
    return True


def blank(**of: Any) -> Ballot:
    """Return the ballot of somebody who was asked and gave no answer."""
    return Ballot(created_at=Quarter.of(of["quarter"]).starts_at, **of)


def _is_over(evaluation: Evaluation) -> bool:
    if evaluation.state == EvaluationState.EXPIRED:
        return True
    if evaluation.state == EvaluationState.WITHDRAWN:  # both sides have the time to read why
        decided = evaluation.decided_at
        return decided is None or clock.now() >= decided + timedelta(days=REPLY_DAYS)
    if evaluation.state == EvaluationState.CONTESTED or evaluation.revealed_at is None:
        return False
    return clock.now() >= evaluation.revealed_at + timedelta(days=REPLY_DAYS)


def _ballot(evaluation: Evaluation, answer: Answer | None) -> Ballot:
    shown_already = answer is not None and answer.contact
    is_tenants = evaluation.direction == Direction.TENANT_REPAIR
    return Ballot(
        created_at=Quarter.of(evaluation.quarter).starts_at,
        landlord_id=evaluation.landlord_id,
        contractor_id=evaluation.contractor_id,
        direction=evaluation.direction,
        quarter=evaluation.quarter,
        month=clock.day_of(evaluation.opened_at).replace(day=1),
        trade_code=evaluation.trade_code,
        agency_id=evaluation.agency_id,
        residence_id=evaluation.residence_id,
        marks=answer.marks if answer is not None else {},
        text=answer.text if answer is not None and is_tenants and not shown_already else "",
    )
