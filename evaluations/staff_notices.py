"""Whose bell rings when a house asks its members: everybody's who was there, once."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import StaffSurvey
from evaluations.quarters import Quarter
from evaluations.respondents import asked_members
from nexxio.core.actors import Side
from nexxio.core.models import Event, OrganisationKind
from nexxio.core.notifications import Notice, notices


@notices(
    "evaluation_staff",
    on=["staff.asked"],
    channels=["bell"],
    label=_("Enquête auprès des équipes"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_survey(event: Event) -> Iterator[Notice]:
    """Ring every member: nobody is reminded, since a reminder would tell who hasn't answered."""
    survey = StaffSurvey.objects.select_related("organisation").get(pk=event.subject_id)
    house = survey.organisation
    side = Side.CONTRACTOR if house.kind == OrganisationKind.CONTRACTOR else Side.LANDLORD
    url = reverse(f"evaluations:{side.value}_staff_answer", args=[house.slug, survey.pk])
    for member in asked_members(house.pk, Quarter(survey.quarter)):
        yield Notice(
            title="Votre avis sur votre organisation, sans nom",
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=house.pk,
        )
