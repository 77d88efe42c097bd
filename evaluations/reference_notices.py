"""Who is told of references between peers: the managers of the two houses, by the bell."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import PeerContact, PeerReference
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event, Organisation
from nexxio.core.notifications import Notice, bell, notices

_OF_REFERENCE = {
    "reference.published": "publie une référence sur vos résultats communs",
    "reference.withdrawn": "a retiré sa référence",
}
_OF_CALL = {
    "reference.call_offered": "accepte d’être appelé à votre sujet",
    "reference.call_withdrawn": "n’est plus appelé à votre sujet",
}


@notices(
    "peer_reference",
    on=_OF_REFERENCE,
    channels=["bell"],
    label=_("Références publiées par vos entreprises"),
    sides=[Side.LANDLORD],
)
def tell_of_reference(event: Event) -> Iterator[Notice]:
    """Ring the managers of the landlord whose results are shown to others, or no longer are."""
    reference = PeerReference.objects.select_related("landlord").get(pk=event.subject_id)
    title = f"{reference.company} {_OF_REFERENCE[event.kind]}"
    yield from _ring(reference.landlord, title)


@notices(
    "peer_contact",
    on=_OF_CALL,
    channels=["bell"],
    label=_("Contacts de vos références"),
    sides=[Side.CONTRACTOR],
)
def tell_of_call(event: Event) -> Iterator[Notice]:
    """Ring the managers of the company that others may ask about."""
    contact = PeerContact.objects.select_related("landlord", "contractor").get(pk=event.subject_id)
    title = f"Chez {contact.landlord.name}, un contact {_OF_CALL[event.kind]}"
    yield from _ring(contact.contractor, title)


def _ring(house: Organisation, title: str) -> Iterator[Notice]:
    url = reverse(f"evaluations:{house.kind}_references", args=[house.slug])
    for member in bell.members_with(house.pk, Role.MANAGER):
        yield Notice(
            title=title[:200],
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=house.pk,
        )
