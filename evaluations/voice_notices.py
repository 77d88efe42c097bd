"""Who is told of reported comments: the managers of both houses, once the platform has decided."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import VoiceReport
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, bell, notices

_TITLES = {
    "voice.kept": "Commentaire signalé : maintenu par la plateforme",
    "voice.withdrawn": "Commentaire signalé : retiré par la plateforme",
}


@notices(
    "voice_decided",
    on=_TITLES,
    channels=["bell"],
    label=_("Commentaires signalés"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_decision(event: Event) -> Iterator[Notice]:
    """Ring the managers of both houses; the page says what was decided, and why."""
    report = VoiceReport.objects.select_related("landlord", "contractor").get(pk=event.subject_id)
    for side, house in ((Side.LANDLORD, report.landlord), (Side.CONTRACTOR, report.contractor)):
        url = reverse(f"evaluations:{side.value}_home", args=[house.slug])
        for member in bell.members_with(house.pk, Role.MANAGER):
            yield Notice(
                title=_TITLES[event.kind],
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )
