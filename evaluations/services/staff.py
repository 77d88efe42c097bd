"""What members say of their own organisation: asked once a quarter, answered once, by nobody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from evaluations import policies, questionnaire, staff_events
from evaluations.axes import Direction
from evaluations.lattice import STAFF
from evaluations.models import STAFF_GIVEN, StaffBallot, StaffReceipt, StaffSurvey
from evaluations.quarters import ANSWER_DAYS, Quarter
from evaluations.respondents import asked_members
from evaluations.services.answering import Marks, checked
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Organisation, OrganisationKind
from nexxio.core.outbox import of_house, record


@transaction.atomic
def open_staff_survey(
    *, actor: Actor, organisation_id: UUID, quarter: Quarter
) -> StaffSurvey | None:
    """Ask a house's members about a closed quarter; None where they are asked, or too few.

    As the system. Nothing is locked: the database lets one in. A house that has fewer members than
    answers are needed is never asked, since nothing could be told; who joined after the quarter
    isn't counted (see `asked_members`).
    """
    asked = asked_members(organisation_id, quarter).count()
    if asked < STAFF.votes:
        return None
    now = clock.now()
    version = questionnaire.version_on(Direction.STAFF, clock.today())
    survey = StaffSurvey(
        organisation_id=organisation_id,
        quarter=quarter.first,
        version=version,
        subjects=questionnaire.of_a_campaign(Direction.STAFF, version),
        asked=asked,
        opened_at=now,
        closes_at=now + timedelta(days=ANSWER_DAYS),
    )
    StaffSurvey.objects.bulk_create([survey], ignore_conflicts=True)
    if not StaffSurvey.objects.filter(pk=survey.pk).exists():
        return None
    house = Organisation.objects.get(pk=organisation_id)
    side = Side.CONTRACTOR if house.kind == OrganisationKind.CONTRACTOR else Side.LANDLORD
    record(
        staff_events.StaffAsked(quarter=str(quarter)),
        actor=actor,
        subject=of_house(pk=survey.pk, organisation_id=house.pk, side=side),
        subject_type="staff_survey",
    )
    return survey


@transaction.atomic
def answer_staff(*, actor: Actor, survey_id: UUID, marks: Marks) -> None:
    """Say what one thinks of one's own organisation: each member once, never changed.

    Keeps that he answered, and apart from it what was answered: with random keys and the survey's
    own time, and no event, which would tell when. Nothing is locked: a second answer is refused by
    the database. Raises Refused for somebody else or when it is over, Conflict for a second one,
    Invalid for a subject without an answer.
    """
    survey: StaffSurvey = StaffSurvey.objects.get(pk=survey_id)
    user_id = actor.user_id if policies.is_member(actor) else None
    if user_id is None or survey.organisation_id != actor.organisation_id:
        raise Refused("Seuls les membres de l’organisation y répondent.", code="role")
    if not asked_members(survey.organisation_id, Quarter(survey.quarter)).filter(user=user_id):
        raise Refused("Seuls ceux qui étaient là ce trimestre y répondent.", code="newcomer")
    if survey.published_at is not None or clock.now() >= survey.closes_at:
        raise Refused("Le délai pour répondre est passé.", code="late")
    of_survey = {"organisation_id": survey.organisation_id, "quarter": survey.quarter}
    if StaffReceipt.objects.filter(**of_survey, user_id=user_id).exists():
        raise Conflict(str(STAFF_GIVEN))
    given = checked(marks, survey.subjects)
    own = {**of_survey, "created_at": survey.opened_at}
    with explained():
        StaffReceipt(**own, user_id=user_id).save(force_insert=True)
    StaffBallot(**own, marks=given).save(force_insert=True)
