"""Cutting off: what counts goes into ballots without a name; what names somebody is deleted."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from evaluations.axes import Direction
from evaluations.masking import masked
from evaluations.models import Answer, Ballot, Evaluation
from evaluations.quarters import REPLY_DAYS, Quarter
from evaluations.services.moves import locked
from evaluations.states import COUNTED, EvaluationState
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Tenant, User
from orders.models import OrderContact, Visit

logger = logging.getLogger(__name__)
_MOST_WORDS = 500


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
        text=_words(evaluation, answer.text)
        if answer is not None and is_tenants and not shown_already
        else "",
    )


def _words(evaluation: Evaluation, text: str) -> str:
    """Return what a tenant wrote without who and where, as long as his order is still known."""
    if not text:
        return ""
    names: list[str] = []
    if evaluation.tenant_id is not None:
        rows = Tenant.objects.filter(pk=evaluation.tenant_id)
        names += [" ".join(row) for row in rows.values_list("first_name", "last_name")]
    if evaluation.order_id is not None:
        own = {"landlord_id": evaluation.landlord_id, "order_id": evaluation.order_id}
        names += OrderContact.objects.filter(**own).values_list("name", flat=True)
        visits = Visit.objects.filter(**own)
        names += visits.values_list("technician_first_name", flat=True)
        people = User.objects.filter(memberships__in=visits.values("technician_id"))
        names += [" ".join(row) for row in people.values_list("first_name", "last_name")]
    return masked(text, names)[:_MOST_WORDS]
