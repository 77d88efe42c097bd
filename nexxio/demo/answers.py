"""What people of the demo world's year do about opinions, beside giving them.

Companies reply to what was said of them and contest it, the platform decides; a landlord asks
questions of its own; members say what they think of their own house.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluations import policies, services
from evaluations.axes import HIGHEST, Direction
from evaluations.models import Evaluation, StaffSurvey
from evaluations.states import EvaluationState
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor, scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import Agency
from nexxio.core.scoping import system_scope
from nexxio.demo import opinions
from nexxio.demo.manners import COMPANIES

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

ASKS = "rivp"
"""The landlord that asks questions of its own."""
_OWN: tuple[tuple[Direction, str, dict[str, str]], ...] = (
    (
        Direction.TENANT_REPAIR,
        "Le gardien m’a prévenu du passage de l’entreprise.",
        {
            "en": "The caretaker told me that the company was coming.",
            "pt": "O porteiro avisou-me da visita da empresa.",
        },
    ),
    (
        Direction.CONTRACTOR_LANDLORD,
        "Les gardiens nous donnent accès aux locaux techniques sans attente.",
        {},
    ),
    (
        Direction.LANDLORD_CONTRACTOR,
        "L’entreprise laisse un mot au gardien après chaque passage.",
        {},
    ),
)
_SURVEY_DAYS = 120
_SURVEY = (("", 1186, "31.4"), ("Agence Est", 402, "34.8"), ("Agence Sud", 377, "29.7"))
"""Agency (all tenants without one), how many answered, how many in a hundred weren't satisfied."""
_READ_AFTER, _DECIDED_AFTER = timedelta(days=2), timedelta(days=5)
_REPLY = "Nous en avons parlé avec l’équipe : le bureau confirme désormais chaque visite la veille."
_CONTEST = "Le retard vient d’un accès fermé, que nous avions signalé au gardien le matin même."
_KEPT = "L’évaluation porte sur l’ensemble de la commande ; l’accès fermé est noté dans la réponse."
_WITHDRAWN = "Le journal de la commande confirme que l’accès était fermé : évaluation retirée."
_POOR = 3
_REPLIES, _CONTESTS = 0.4, 0.25


def ask_own(world: DemoWorld, day: date) -> None:
    """Let the landlord write its questions, for the quarter that runs."""
    actor = world.manager(ASKS)
    with clock.moved_to(datetime.combine(day, time(11), clock.PARIS)), scope_of(actor):
        for direction, text, translations in _OWN:
            services.add_question(
                actor=actor,
                direction=direction.value,
                text=text,
                starts_on=day,
                translations=translations,
            )


def import_survey(world: DemoWorld) -> None:
    """Let the landlord have told what its own yearly survey of all its tenants said."""
    actor = world.manager(ASKS)
    with clock.moved_to(world.now - timedelta(days=_SURVEY_DAYS)), scope_of(actor):
        agencies = Agency.objects.filter(landlord_id=actor.own_id)
        for name, respondents, share in _SURVEY:
            agency_id = agencies.get(name=name).pk if name else None
            services.keep_tenant_survey(
                actor=actor,
                agency_id=agency_id,
                held_on=clock.today() - timedelta(days=30),
                respondents=respondents,
                share=Decimal(share),
                source="Enquête annuelle par téléphone (démonstration)",
            )


def react(world: DemoWorld, luck: random.Random, day: date) -> None:
    """Let companies answer to poor marks that they have just seen, and the platform decide."""
    with clock.moved_to(datetime.combine(day, time(15), clock.PARIS)):
        for company in COMPANIES:
            actor = world.manager(company)
            with scope_of(actor):
                for seen in _just_seen(actor):
                    _answer(actor, seen, luck.random())
        with system_scope("demo: the platform decides"):
            due = Evaluation.objects.filter(
                state=EvaluationState.CONTESTED, contested_at__lte=clock.now() - _DECIDED_AFTER
            )
            for pk in list(due.order_by("contested_at").values_list("pk", flat=True)):
                if luck.random() < 0.5:
                    services.keep_evaluation(actor=SYSTEM, evaluation_id=pk, reason=_KEPT)
                else:
                    services.withdraw_evaluation(actor=SYSTEM, evaluation_id=pk, reason=_WITHDRAWN)


def answer_staff(world: DemoWorld, luck: random.Random, day: date) -> None:
    """Let the members of a house that is asked answer on the survey's third day, but one or two."""
    with clock.moved_to(datetime.combine(day, time(12), clock.PARIS)):
        with system_scope("demo: surveys of staff"):
            first, last = clock.now() - timedelta(days=3), clock.now() - timedelta(days=2)
            asked = list(StaffSurvey.objects.filter(opened_at__gt=first, opened_at__lte=last))
        for survey in asked:
            slug = next(key for key, org in world.orgs.items() if org.pk == survey.organisation_id)
            own = [actor_of(row) for (place, _name), row in world.members.items() if place == slug]
            for actor in own[luck.randint(1, 2) :]:
                marks = {subject: opinions.of_staff(luck, slug) for subject in survey.subjects}
                with scope_of(actor):
                    services.answer_staff(actor=actor, survey_id=survey.pk, marks=marks)


# --- inside -----------------------------------------------------------------------------------


def _just_seen(actor: Actor) -> list[Evaluation]:
    """Return the poor marks that a company has been shown for so long, in its own scope."""
    until = clock.now() - _READ_AFTER
    rows = Evaluation.objects.filter(
        order__isnull=False,
        state=EvaluationState.REVEALED,
        revealed_at__gt=until - timedelta(days=1),
        revealed_at__lte=until,
    ).select_related("answer")
    return [
        row
        for row in rows.order_by("revealed_at", "pk")
        if policies.may_react("reply", actor, row, clock.now())
        and min((mark for mark in row.answer.marks.values() if mark), default=HIGHEST) <= _POOR
    ]


def _answer(actor: Actor, seen: Evaluation, dice: float) -> None:
    if dice < _CONTESTS:
        services.contest_evaluation(actor=actor, evaluation_id=seen.pk, reason=_CONTEST)
    elif dice < _CONTESTS + _REPLIES:
        services.reply_to_evaluation(actor=actor, evaluation_id=seen.pk, text=_REPLY)
