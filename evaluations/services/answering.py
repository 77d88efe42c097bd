"""Giving an evaluation: once, whole, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from evaluations import events, policies, questionnaire
from evaluations.axes import HIGHEST, LOWEST, Direction
from evaluations.languages import LANGUAGES
from evaluations.models import Answer, Campaign, Evaluation
from evaluations.respondents import has_seat
from evaluations.services.moves import locked, move, nameless, tell_own_side
from evaluations.states import EvaluationState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explain, explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.outbox import Subject, record

Marks = Mapping[str, int | None]
_GIVEN = "Cet avis a déjà été donné. Une réponse ne se modifie pas."
_MINE = "Vous avez déjà répondu à cette évaluation. Une réponse ne se modifie pas."
explain("one_answer_per_member", "__all__", _MINE)


@transaction.atomic
def answer_evaluation(
    *, actor: Actor, evaluation_id: UUID, marks: Marks, text: str = "", contact: bool = False
) -> Evaluation:
    """Give the evaluation of an order, as its tenant or at a desk of the two houses.

    marks: each subject that was asked, 1 to 5 or None for "je ne sais pas". text: never of a
    landlord by its company, whom it would give away. contact: the tenant wants to be called back.
    Locks the evaluation. Raises Conflict when it was given, Refused when it isn't the actor's to
    give or too late, Invalid for a subject without an answer.
    """
    evaluation = locked(evaluation_id)
    if not policies.gives(actor, evaluation):
        raise Refused("Cet avis n’est pas le vôtre à donner.", code="role")
    if evaluation.state not in (EvaluationState.INVITED, EvaluationState.EXPIRED):
        raise Conflict(_GIVEN)
    if not policies.is_open(evaluation, clock.now()):
        raise Refused("Le délai pour donner cet avis est passé.", code="late")
    given = checked(marks, evaluation.subjects)
    move("answer", evaluation, actor, answered_at=clock.now())
    is_tenant = actor.side is Side.TENANT
    _keep(actor, evaluation, given, text, contact=contact and is_tenant)
    event = events.EvaluationAnswered(direction=evaluation.direction)
    tell_own_side(event, evaluation, actor)
    if contact and is_tenant:
        _ask_for_contact(actor, evaluation)
    return evaluation


@transaction.atomic
def answer_campaign(*, actor: Actor, campaign_id: UUID, marks: Marks, text: str = "") -> Evaluation:
    """Give the quarter's evaluation of the other house: each member who is asked, once.

    Nothing is locked: a second answer of the same member is refused by the database. Raises
    Refused for another role or when it is over, Conflict for a second one, Invalid as above.
    """
    campaign: Campaign = Campaign.objects.get(pk=campaign_id)
    direction = policies.direction_of(actor)
    if not policies.desk(actor):
        raise Refused("Votre rôle ne donne pas d’évaluation.", code="role")
    if not has_seat(actor, campaign) and campaign.closed_at is None:
        raise Refused(
            "Cette évaluation est demandée à celles et ceux qui ont suivi les commandes.",
            code="seat",
        )
    if not policies.is_running(campaign, clock.now()):
        raise Refused("Cette évaluation est close.", code="late")
    if Answer.objects.filter(campaign=campaign, direction=direction, user=actor.user_id).exists():
        raise Conflict(_MINE)
    version = questionnaire.version_on(direction, clock.day_of(campaign.opened_at))
    own = questionnaire.own_of(campaign.landlord_id, direction, campaign.quarter)
    subjects = questionnaire.of_a_campaign(direction, version, own)
    given = checked(marks, subjects)
    now = clock.now()
    evaluation = Evaluation(
        landlord_id=campaign.landlord_id,
        contractor_id=campaign.contractor_id,
        direction=direction,
        campaign=campaign,
        trade_code=campaign.trade_code,
        quarter=campaign.quarter,
        version=version,
        subjects=subjects,
        state=EvaluationState.ANSWERED,
        opened_at=campaign.opened_at,
        closes_at=campaign.closes_at,
        answered_at=now,
    )
    with explained():
        evaluation.save(force_insert=True)
        _keep(actor, evaluation, given, text)
    tell_own_side(events.EvaluationAnswered(direction=direction.value), evaluation, actor)
    return evaluation


@transaction.atomic
def choose_language(*, actor: Actor, evaluation_id: UUID, language: str) -> Evaluation:
    """Ask a tenant's evaluation in another language from now on, as its tenant.

    Locks the evaluation. No event: who reads which language is nobody's to know, and goes with the
    evaluation. Raises Refused for somebody else, Invalid for a language that isn't there.
    """
    evaluation = locked(evaluation_id)
    if actor.side is not Side.TENANT or not policies.gives(actor, evaluation):
        raise Refused("Cet avis n’est pas le vôtre à donner.", code="role")
    if language not in LANGUAGES:
        raise Invalid({"language": ["Choisissez une langue de la liste."]})
    evaluation.language = language
    evaluation.save(update_fields=["language"])
    return evaluation


# --- inside -----------------------------------------------------------------------------------


def checked(marks: Marks, subjects: Sequence[str]) -> dict[str, int | None]:
    """Return the marks of what was asked; raise Invalid for a subject without an answer."""
    wrong = {
        subject: ["Choisissez une note, ou « Je ne sais pas »."]
        for subject in subjects
        if subject not in marks or not _is_mark(marks[subject])
    }
    if wrong:
        raise Invalid(wrong)
    return {subject: marks[subject] for subject in subjects}


def _is_mark(value: int | None) -> bool:
    return value is None or LOWEST <= value <= HIGHEST


def _keep(
    actor: Actor,
    evaluation: Evaluation,
    marks: Mapping[str, int | None],
    text: str,
    *,
    contact: bool = False,
) -> None:
    anonymous = evaluation.direction == Direction.CONTRACTOR_LANDLORD
    answer = Answer(
        landlord_id=evaluation.landlord_id,
        contractor_id=evaluation.contractor_id,
        evaluation=evaluation,
        campaign_id=evaluation.campaign_id,
        direction=evaluation.direction,
        user_id=actor.user_id,
        tenant_id=evaluation.tenant_id,
        reader_case_id=evaluation.reader_case_id,
        marks=dict(marks),
        text="" if anonymous else " ".join(text.split())[:500],
        contact=contact,
    )
    answer.save(force_insert=True)


def _ask_for_contact(actor: Actor, evaluation: Evaluation) -> None:
    """Tell the landlord at once: it is the tenant's own wish to be known."""
    subject = Subject(
        pk=evaluation.pk,
        landlord_id=evaluation.landlord_id,
        tenant_id=evaluation.tenant_id,
        reader_case_id=evaluation.reader_case_id,
    )
    record(
        events.ContactAsked(),
        actor=nameless(actor),
        subject=subject,
        subject_type="evaluation",
        order_id=evaluation.order_id,
    )
