"""Who is told of a pilot by the bell: managers of the companies that it touches, and its own."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import Pilot, PilotContract
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


@notices(
    "pilot_due",
    on=["pilot.review_due"],
    channels=["bell"],
    label=_("Bilans de pilotes à faire"),
    sides=[Side.LANDLORD],
)
def tell_of_review(event: Event) -> Iterator[Notice]:
    """Ring the landlord's managers: the facts are there to be read, and somebody has to decide."""
    pilot = Pilot.objects.select_related("landlord").get(pk=event.subject_id)
    url = reverse("evaluations:landlord_pilot", args=[pilot.landlord.slug, pilot.pk])
    managers = bell.members_with(pilot.landlord_id, Role.MANAGER)
    for member in bell.present(pilot.landlord_id, managers):
        yield Notice(
            title=f"Bilan à faire · {pilot.name}"[:200],
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=pilot.landlord_id,
        )
