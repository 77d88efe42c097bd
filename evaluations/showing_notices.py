"""Who is told that a company shows its own answers: its landlord's desk, by the bell."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import GivenAnswers
from evaluations.quarters import Quarter
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, bell, notices

KIND = "answers_shown"
ANCHOR = "montre-"
"""Before the key of an answer: its place on the page of results."""


@notices(
    KIND,
    on=["answers.shown"],
    channels=["bell"],
    label=_("Réponses qu’une entreprise vous montre"),
    sides=[Side.LANDLORD],
)
def tell_of_answers(event: Event) -> Iterator[Notice]:
    """Ring the landlord's desk, once a day for a company's answers of a quarter.

    It leads to its place in that quarter's results. Nothing once they are withdrawn: then nothing
    is there to be read. That another company asked, or was refused, rings nobody here.
    """
    given = GivenAnswers.objects.select_related("landlord", "contractor").get(pk=event.subject_id)
    if not given.is_shown:
        return
    members = list(bell.members_with(given.landlord_id, Role.MANAGER, Role.CLERK))
    about = {"event__subject_id": given.pk}
    told = bell.told_today(event, given.landlord_id, members, kinds=[KIND], about=about)
    where = urlencode({"trimestre": given.quarter.isoformat()})
    url = reverse("evaluations:landlord_results", args=[given.landlord.slug])
    title = f"{given.contractor.name} vous montre ses réponses · {Quarter(given.quarter)}"
    for member in members:
        if member.user_id not in told:
            yield Notice(
                title=title[:200],
                url=f"{url}?{where}#{ANCHOR}{given.pk}",
                bell_user_id=member.user_id,
                bell_organisation_id=given.landlord_id,
            )
