"""Who is told of what about compliance papers: builders for the notification registry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors.models import Paper, PaperAsk, PaperShare
from contractors.paper_events import paper_name
from contractors.ringing import desk_of, rings
from nexxio.core.actors import Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, bell, notices


@notices(
    "paper_expiring",
    on=["paper.expiring"],
    channels=["bell"],
    label=_("Attestations qui expirent"),
    sides=[Side.CONTRACTOR],
)
def tell_company(event: Event) -> Iterator[Notice]:
    """Ring a company's desk at each step before a paper is over, and once it is."""
    paper = Paper.objects.select_related("organisation").get(pk=event.subject_id)
    if paper.replaced_at is not None:
        return
    house, name = paper.organisation, paper_name(paper.code)
    title = f"{name} : valable jusqu’au {paper.expires_on:%d/%m/%Y}, à renouveler"
    if event.payload["days"] == 0:
        title = f"{name} périmée depuis le {paper.expires_on:%d/%m/%Y} : déposez la nouvelle"
    url = reverse("contractors:contractor_papers", args=[house.slug])
    yield from rings(event, house, bell.reachable(house.pk, desk_of(house)), title, url)


@notices(
    "paper_refused",
    on=["paper.refused"],
    channels=["bell"],
    label=_("Attestations refusées"),
    sides=[Side.CONTRACTOR],
)
def tell_refused(event: Event) -> Iterator[Notice]:
    """Ring a company's desk when a landlord doesn't take a paper."""
    share = PaperShare.objects.select_related("landlord", "contractor", "paper").get(
        landlord_id=event.landlord_id, paper_id=event.subject_id
    )
    house = share.contractor
    title = f"{paper_name(share.paper.code)} refusée par {share.landlord.name}"
    url = reverse("contractors:contractor_papers", args=[house.slug])
    yield from rings(event, house, desk_of(house), title, url)


@notices(
    "papers_asked",
    on=["papers.asked"],
    channels=["bell"],
    label=_("Attestations demandées"),
    sides=[Side.CONTRACTOR],
)
def tell_asked(event: Event) -> Iterator[Notice]:
    """Ring a company's desk when a landlord asks for its papers, with the day they count from."""
    ask = PaperAsk.objects.select_related("landlord", "contractor").get(pk=event.subject_id)
    house, on = ask.contractor, date.fromisoformat(event.payload["on"])
    title = f"{ask.landlord.name} demande vos attestations, avant le {on:%d/%m/%Y}"
    url = reverse("contractors:contractor_papers", args=[house.slug])
    yield from rings(event, house, desk_of(house), title, url)
