"""Who is told of what about bonus and malus: the desks of both houses, by the bell."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import BonusRules, BonusStatement
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event, Organisation
from nexxio.core.notifications import Notice, bell, notices

_BOTH = (Side.LANDLORD, Side.CONTRACTOR)
_RULES = {
    "bonus.proposed": ("Règles de bonus et malus à signer", (Side.CONTRACTOR,)),
    "bonus.withdrawn": ("Règles de bonus et malus retirées", (Side.CONTRACTOR,)),
    "bonus.accepted": ("Règles de bonus et malus acceptées", (Side.LANDLORD,)),
    "bonus.refused": ("Règles de bonus et malus refusées", (Side.LANDLORD,)),
}
_STATEMENTS = {
    "bonus.stated": ("Relevé de bonus et malus établi", _BOTH),
    "bonus.contested": ("Ligne contestée : à répondre", (Side.LANDLORD,)),
    "bonus.answered": ("Réponse à votre contestation", (Side.CONTRACTOR,)),
    "bonus.closed": ("Relevé de bonus et malus clos", _BOTH),
    "bonus.documented": ("Document noté sur un relevé", (Side.LANDLORD,)),
}


@notices(
    "bonus_rules",
    on=_RULES,
    channels=["bell"],
    label=_("Règles de bonus et malus"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_rules(event: Event) -> Iterator[Notice]:
    """Ring the managers who have to answer, or who wait for an answer."""
    if event.contractor_id is None:
        return  # nobody had seen them
    rules = BonusRules.objects.select_related("contract", "landlord", "contractor").get(
        pk=event.subject_id
    )
    title, sides = _RULES[event.kind]
    for side in sides:
        house = rules.landlord if side is Side.LANDLORD else rules.contractor
        url = reverse(f"evaluations:{side.value}_bonus_rules", args=[house.slug, rules.pk])
        yield from _ring(house, f"{title} · {rules.contract.number}", url, Role.MANAGER)


@notices(
    "bonus_statement",
    on=_STATEMENTS,
    channels=["bell"],
    label=_("Relevés de bonus et malus"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_statement(event: Event) -> Iterator[Notice]:
    """Ring the desks, but for whoever has just done it."""
    statement = BonusStatement.objects.select_related("landlord", "contractor").get(
        pk=event.subject_id
    )
    title, sides = _STATEMENTS[event.kind]
    for side in sides:
        house = statement.landlord if side is Side.LANDLORD else statement.contractor
        url = reverse(f"evaluations:{side.value}_bonus_statement", args=[house.slug, statement.pk])
        yield from _ring(
            house,
            f"{title} · {statement.reference}",
            url,
            Role.MANAGER,
            Role.CLERK,
            but=event.actor_user_id,
        )


def _ring(
    house: Organisation, title: str, url: str, *roles: Role, but: UUID | None = None
) -> Iterator[Notice]:
    for member in bell.members_with(house.pk, *roles):
        if member.user_id != but:
            yield Notice(
                title=title[:200],
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )
