"""Who is told of what about declared subcontractors: builders for the notification registry."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors.models import Subcontract
from contractors.ringing import desk_of, rings
from nexxio.core.actors import Side
from nexxio.core.models import Department, Event
from nexxio.core.notifications import Notice, bell, notices


@notices(
    "subcontract_declared",
    on=["subcontract.declared", "subcontract.withdrawn"],
    channels=["bell"],
    label=_("Sous-traitants déclarés"),
    sides=[Side.LANDLORD],
)
def tell_landlord(event: Event) -> Iterator[Notice]:
    """Ring those who answer at the landlord: the bell leads to the page that has the button."""
    declared = _declared(event)
    house = declared.landlord
    title = f"{declared.contractor.name} déclare un sous-traitant : {declared.name}"
    if declared.tacit_on is not None:
        title += f" (accepté sans réponse le {declared.tacit_on:%d/%m/%Y})"
    if event.kind == "subcontract.withdrawn":
        title = f"{declared.contractor.name} retire sa déclaration : {declared.name}"
    url = reverse("contractors:landlord_subcontract", args=[house.slug, declared.pk])
    members = bell.reachable(house.pk, bell.heads(house.pk, Department.MARCHES))
    yield from rings(event, house, members, title, url)


@notices(
    "subcontract_answered",
    on=["subcontract.accepted", "subcontract.refused"],
    channels=["bell"],
    label=_("Réponses sur vos sous-traitants"),
    sides=[Side.CONTRACTOR],
)
def tell_company(event: Event) -> Iterator[Notice]:
    """Ring the company's desk when the landlord has answered."""
    declared = _declared(event)
    house = declared.contractor
    said = "accepté" if event.kind == "subcontract.accepted" else "refusé"
    title = f"{declared.name} {said} par {declared.landlord.name}"
    url = reverse("contractors:contractor_subcontract", args=[house.slug, declared.pk])
    yield from rings(event, house, desk_of(house), title, url)


@notices(
    "subcontract_settled",
    on=["subcontract.tacit", "subcontract.ended"],
    channels=["bell"],
    label=_("Sous-traitants acceptés tacitement ou terminés"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_both(event: Event) -> Iterator[Notice]:
    """Ring both houses when silence has accepted, and when it ends."""
    declared = _declared(event)
    words = "accepté tacitement" if event.kind == "subcontract.tacit" else "sous-traitance terminée"
    title = f"{declared.name} : {words} ({declared.contract.number})"
    for side, house in (("landlord", declared.landlord), ("contractor", declared.contractor)):
        members = bell.heads(house.pk, Department.MARCHES) if side == "landlord" else desk_of(house)
        url = reverse(f"contractors:{side}_subcontract", args=[house.slug, declared.pk])
        yield from rings(event, house, members, title, url)


def _declared(event: Event) -> Subcontract:
    found: Subcontract = Subcontract.objects.select_related(
        "landlord", "contractor", "contract"
    ).get(landlord_id=event.landlord_id, pk=event.subject_id)
    return found
