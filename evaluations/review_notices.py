"""Who is told of what about contract reviews: the managers of both houses, by the bell."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import Review
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, bell, notices

_TITLES = {
    "review.opened": "Revue de contrat ouverte : ajoutez vos points",
    "review.closed": "Compte rendu de revue à signer",
    "review.reopened": "Compte rendu de revue rouvert",
    "review.signed": "Compte rendu de revue signé",
}


@notices(
    "review",
    on=_TITLES,
    channels=["bell"],
    label=_("Revues de contrat"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_review(event: Event) -> Iterator[Notice]:
    """Ring the managers of both sides, but for whoever has just done it."""
    review = Review.objects.select_related("contract", "landlord", "contractor").get(
        pk=event.subject_id
    )
    title = f"{_TITLES[event.kind]} · {review.contract.number}"
    for side, house in (
        (Side.LANDLORD, review.landlord),
        (Side.CONTRACTOR, review.contractor),
    ):
        url = reverse(f"evaluations:{side.value}_review", args=[house.slug, review.pk])
        for member in bell.members_with(house.pk, Role.MANAGER):
            if member.user_id != event.actor_user_id:
                yield Notice(
                    title=title[:200],
                    url=url,
                    bell_user_id=member.user_id,
                    bell_organisation_id=house.pk,
                )
