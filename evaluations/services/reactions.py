"""The right of reply of whoever was evaluated by name, and the platform's moderation."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from evaluations import events, policies
from evaluations.models import Evaluation
from evaluations.services.moves import locked, move, tell_both
from evaluations.states import EVALUATION
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType

_FEWEST = 5
MOST_REPLY, MOST_REASON = 500, 300


@transaction.atomic
def reply_to_evaluation(*, actor: Actor, evaluation_id: UUID, text: str) -> Evaluation:
    """Answer to what was said of one's company: once, within 14 days. Locks the evaluation.

    Who contests first may still answer what the platform lets stand.

    Raises Invalid for no words, Conflict when it was done, Refused otherwise.
    """
    evaluation = locked(evaluation_id)
    _check("reply", actor, evaluation)
    words = words_of(text, "text", MOST_REPLY)
    move("reply", evaluation, actor, reply=words, replied_at=clock.now())
    tell_both(events.EvaluationReplied(), evaluation, actor)
    return evaluation


@transaction.atomic
def contest_evaluation(*, actor: Actor, evaluation_id: UUID, reason: str) -> Evaluation:
    """Ask the platform to look at what was said of one's company, within 14 days. Locks it."""
    evaluation = locked(evaluation_id)
    _check("contest", actor, evaluation)
    words = words_of(reason, "reason", MOST_REASON)
    move("contest", evaluation, actor, contest_reason=words, contested_at=clock.now())
    tell_both(events.EvaluationContested(), evaluation, actor)
    return evaluation


@transaction.atomic
def keep_evaluation(*, actor: Actor, evaluation_id: UUID, reason: str) -> Evaluation:
    """Let a contested evaluation stand, and say why: both sides read it.

    By platform staff, as the system; logged. Locks it. Raises Invalid without a reason.
    """
    return _decide("keep", events.EvaluationKept(), actor, evaluation_id, reason)


@transaction.atomic
def withdraw_evaluation(*, actor: Actor, evaluation_id: UUID, reason: str) -> Evaluation:
    """Take a contested evaluation back: nobody reads its marks any more, and it counts nowhere.

    Both sides read that it was withdrawn, and why. By platform staff, as the system; logged. Locks
    it. Raises Invalid without a reason.
    """
    return _decide("withdraw", events.EvaluationWithdrawn(), actor, evaluation_id, reason)


def words_of(text: str, field: str, most: int) -> str:
    """Return what was typed as one line; raises Invalid, at the field, for no words."""
    words = " ".join(text.split())
    if len(words) < _FEWEST:
        raise Invalid({field: ["Écrivez quelques mots."]})
    return words[:most]


def _decide(
    name: str, event: EventType, actor: Actor, evaluation_id: UUID, reason: str
) -> Evaluation:
    evaluation = locked(evaluation_id)
    words = words_of(reason, "reason", MOST_REASON)
    move(name, evaluation, actor, decided_at=clock.now(), decision_reason=words)
    tell_both(event, evaluation, actor)
    return evaluation


def _check(name: str, actor: Actor, evaluation: Evaluation) -> None:
    if policies.may_react(name, actor, evaluation, clock.now()):
        return
    stands = evaluation.state in EVALUATION.transitions[name].sources
    if evaluation.is_shared and (policies.has_reacted(name, evaluation) or not stands):
        raise Conflict(f"Déjà fait : « {EVALUATION.label(evaluation.state, actor.side)} ».")
    raise Refused("Le délai est passé, ou ce n’est pas à vous de répondre.", code="late")
