"""Who is told of a final account: the other side's desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors.models import FinalAccount
from contractors.ringing import desk_of, rings
from nexxio.core.actors import Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, notices

_SAID = {
    "final_account.submitted": "Projet de décompte final à vérifier",
    "final_account.contested": "Décompte général contesté",
    "final_account.returned": "Projet de décompte final retourné",
    "final_account.notified": "Décompte général à accepter, une somme a été retirée",
    "final_account.agreed": "Décompte général définitif",
}
_OF_THE_COMPANY = ("final_account.submitted", "final_account.contested", "final_account.agreed")
_OF_THE_LANDLORD = ("final_account.returned", "final_account.notified", "final_account.agreed")


@notices(
    "final_account_landlord",
    on=_OF_THE_COMPANY,
    channels=["bell"],
    label=_("Décomptes finaux des entreprises"),
    sides=[Side.LANDLORD],
)
def tell_landlord(event: Event) -> Iterator[Notice]:
    """Ring the landlord's desk: somebody whose limit covers it answers."""
    yield from _ring(event, Side.LANDLORD)


@notices(
    "final_account_company",
    on=_OF_THE_LANDLORD,
    channels=["bell"],
    label=_("Réponses à vos décomptes finaux"),
    sides=[Side.CONTRACTOR],
)
def tell_company(event: Event) -> Iterator[Notice]:
    """Ring the company's desk when the landlord has answered."""
    yield from _ring(event, Side.CONTRACTOR)


def _ring(event: Event, side: Side) -> Iterator[Notice]:
    """Ring one side, but for what it did itself."""
    if event.actor_side == side.value:
        return
    account = FinalAccount.objects.select_related("landlord", "contractor", "order").get(
        landlord_id=event.landlord_id, pk=event.subject_id
    )
    house = account.landlord if side is Side.LANDLORD else account.contractor
    assert house is not None
    title = f"{_SAID[event.kind]} : commande {account.order.reference}"
    url = reverse(f"contractors:{side.value}_final_account", args=[house.slug, account.pk])
    yield from rings(event, house, desk_of(house), title, url)
