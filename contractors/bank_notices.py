"""Who is told of a change of bank details, at each step: the company, its landlords' accounts.

Everybody who has to do with the former details hears of it by e-mail as well: whoever changes them
by fraud may hold one account, not all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors.bank import masked
from contractors.models import BankAccount
from contractors.ringing import accounts_of, desk_of, rings
from nexxio.core import clock
from nexxio.core.actors import Side
from nexxio.core.models import Event, Organisation, Partnership, User
from nexxio.core.notifications import Notice, notices

_IN_THE_HOUSE = {
    "bank.proposed": "Nouvelles coordonnées bancaires proposées",
    "bank.confirmed": "Coordonnées bancaires confirmées : vos bailleurs les vérifient",
    "bank.declined": "Coordonnées bancaires refusées par un collègue",
    "bank.withdrawn": "Coordonnées bancaires retirées",
}
_BY_LANDLORD = {
    "bank.called": "Coordonnées bancaires vérifiées au téléphone",
    "bank.refused": "Coordonnées bancaires refusées",
    "bank.stopped": "Coordonnées bancaires en vigueur refusées : compte à vérifier",
    "bank.in_force": "Nouvelles coordonnées bancaires en vigueur",
}
_FORMER_COUNT = (
    "Les coordonnées précédentes restent en vigueur jusqu’à la fin des vérifications de chaque "
    "bailleur : une seconde personne de l’entreprise, un rappel téléphonique, puis un délai."
)
_STOPPED = (
    "Ce bailleur n’a plus aucun compte vérifié pour vous : la raison est dans votre espace. "
    "Proposez-y vos coordonnées ou appelez-le ; il vous rappelle avant de payer, puis un délai"
    " court."
)
FORMER = 5
"""So many former accounts have people who are warned."""
_SHOWN = {
    "bank.confirmed": "change de coordonnées bancaires : rappelez l’entreprise avant de payer",
    "bank.withdrawn": "retire ses nouvelles coordonnées bancaires",
}


@notices(
    "bank_company",
    on=[*_IN_THE_HOUSE, *_BY_LANDLORD],
    channels=["bell", "email"],
    label=_("Coordonnées bancaires : changement"),
    sides=[Side.CONTRACTOR],
    always=True,
)
def tell_company(event: Event) -> Iterator[Notice]:
    """Ring the company's desk, and write to all who know the former details: a fraud warning."""
    account = BankAccount.objects.select_related("organisation").get(pk=event.subject_id)
    house = account.organisation
    title = _IN_THE_HOUSE.get(event.kind) or _by_landlord(event)
    url = reverse("contractors:contractor_bank", args=[house.slug])
    yield from rings(event, house, desk_of(house), title, url)
    for address in _addresses(house):
        yield Notice(
            title=f"{house.name} : {title[0].lower()}{title[1:]}",
            text=_warning(house, account, title, event.kind),
            addresses=(("email", address),),
        )


@notices(
    "bank_landlords",
    on=_SHOWN,
    channels=["bell"],
    label=_("Coordonnées bancaires d’une entreprise : changement"),
    sides=[Side.LANDLORD],
    always=True,
)
def tell_landlords(event: Event) -> Iterator[Notice]:
    """Ring the accounts of each landlord that sees new details, or saw them before."""
    account = BankAccount.objects.select_related("organisation").get(pk=event.subject_id)
    if account.confirmed_at is None:
        return
    house = account.organisation
    partners = Partnership.objects.filter(contractor=house).select_related("landlord")
    for partner in partners.order_by("created_at"):
        landlord = partner.landlord
        url = reverse("contractors:landlord_company_bank", args=[landlord.slug, house.pk])
        title = f"{house.name} {_SHOWN[event.kind]}"
        yield from rings(event, landlord, accounts_of(landlord), title, url)


@notices(
    "bank_landlord",
    on=_BY_LANDLORD,
    channels=["bell"],
    label=_("Coordonnées bancaires : suites d’un contrôle"),
    sides=[Side.LANDLORD],
    always=True,
)
def tell_accounts(event: Event) -> Iterator[Notice]:
    """Ring a landlord's accounts: what a colleague has found, and the end of the hold."""
    account = BankAccount.objects.select_related("organisation").get(pk=event.subject_id)
    landlord = Organisation.objects.get(pk=event.landlord_id)
    url = reverse(
        "contractors:landlord_company_bank", args=[landlord.slug, account.organisation_id]
    )
    title = f"{account.organisation.name} · {_BY_LANDLORD[event.kind]}"
    yield from rings(event, landlord, accounts_of(landlord), title, url)


def _by_landlord(event: Event) -> str:
    landlord = Organisation.objects.get(pk=event.landlord_id)
    return f"{_BY_LANDLORD[event.kind]} · {landlord.name}"


def _addresses(house: Organisation) -> list[str]:
    """Return the house's own address, its desk, and whoever has to do with the former details."""
    former = BankAccount.objects.filter(organisation=house, confirmed_at__isnull=False)
    pairs = former.order_by("-confirmed_at").values_list("proposed_by_id", "decided_by_id")[:FORMER]
    people = {pk for pair in pairs for pk in pair}
    users = User.objects.filter(pk__in=people, is_active=True).order_by("email")
    return list(_once([house.email, *(m.user.email for m in desk_of(house)), *_mails(users)]))


def _mails(users: Iterable[User]) -> list[str]:
    return [user.email for user in users]


def _once(addresses: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for address in addresses:
        if address and address.lower() not in seen:
            seen.add(address.lower())
            yield address


def _warning(house: Organisation, account: BankAccount, title: str, kind: str) -> str:
    now = clock.now().astimezone(clock.PARIS)
    what_counts = _STOPPED if kind == "bank.stopped" else _FORMER_COUNT
    return (
        "Bonjour,\n\n"
        f"{title}.\n"
        f"Entreprise : {house.name}\n"
        f"Compte : {masked(account.iban)}\n"
        f"Le {now:%d/%m/%Y à %H:%M}.\n\n"
        f"{what_counts}\n\n"
        "Si vous n’êtes pas à l’origine de ce changement, prévenez tout de suite vos bailleurs par "
        "téléphone et retirez ces coordonnées dans votre espace, page « Coordonnées bancaires ». "
        "Nexxio ne demande jamais un IBAN ni un mot de passe par e-mail.\n"
    )
