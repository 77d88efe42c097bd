"""Who is told of a pilot: the managers of the companies whose contracts it touches, by the bell."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import PilotContract
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, bell, notices

_TITLES = {
    "pilot.prepared": "Un pilote concerne votre marché",
    "pilot.decided": "Décision sur un pilote de votre marché",
}


@notices(
    "pilot",
    on=_TITLES,
    channels=["bell"],
    label=_("Pilotes du bailleur"),
    sides=[Side.CONTRACTOR],
)
def tell_of_pilot(event: Event) -> Iterator[Notice]:
    """Ring the managers of each company that the perimeter touches."""
    rows = PilotContract.objects.filter(
        landlord_id=event.landlord_id, pilot_id=event.subject_id
    ).select_related("contract", "contractor")
    for row in rows:
        house = row.contractor
        url = reverse("orders:contractor_contract", args=[house.slug, row.contract_id])
        for member in bell.members_with(house.pk, Role.MANAGER):
            yield Notice(
                title=f"{_TITLES[event.kind]} · {row.contract.number}"[:200],
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )
