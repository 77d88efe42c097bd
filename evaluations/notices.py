"""Who is told of what about evaluations. Reminders come from the platform, never a landlord."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.axes import Direction
from evaluations.models import Answer, Campaign, CampaignSeat, Evaluation
from evaluations.respondents import concerned
from evaluations.states import EvaluationState
from nexxio.core import links
from nexxio.core.actors import Role, Side
from nexxio.core.models import Case, Event, Membership, Organisation
from nexxio.core.notifications import Notice, bell, notices, sms
from orders.models import Order, OrderContact

TENANT_REMINDER = (
    "{landlord} : la réparation s’est bien passée ? Votre avis en 30 secondes : {link}"
)
_NAME = 60
CAMPAIGN = "evaluation_campaign"
_CAMPAIGN = {
    "campaign.opened": "Évaluation du trimestre : votre avis est attendu",
    "campaign.reminded": "Rappel : évaluation du trimestre, votre avis est attendu",
}


@notices("evaluation_tenant", on=["evaluation.reminded"], channels=["sms", "email"])
def remind_tenant(event: Event) -> Iterator[Notice]:
    """Write once to a tenant who hasn't answered. The invitation itself goes with "terminé"."""
    evaluation = Evaluation.objects.filter(pk=event.subject_id).first()
    if evaluation is None or evaluation.state != EvaluationState.INVITED:
        return
    if evaluation.order_id is None or evaluation.reader_case_id is None:
        return
    contact = OrderContact.objects.filter(order_id=evaluation.order_id).first()
    if contact is None or not (contact.phone or contact.email):
        return
    link = links.link_for(Case.objects.get(pk=evaluation.reader_case_id))
    yield Notice(
        title="Votre avis sur la réparation",
        text=reminder(Organisation.objects.get(pk=evaluation.landlord_id).name),
        addresses=(("sms", contact.phone), ("email", contact.email)),
        link_id=link.pk,
    )


def reminder(landlord: str) -> str:
    """Return the text of the reminder; `{link}` is put in at sending."""
    return TENANT_REMINDER.format(landlord=sms.fold(landlord)[:_NAME], link="{link}")


@notices(
    CAMPAIGN,
    on=_CAMPAIGN,
    channels=["bell"],
    label=_("Évaluation du trimestre"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_campaign(event: Event) -> Iterator[Notice]:
    """Ring whoever is asked, once a day however many campaigns ask him; the page lists them.

    Of a reminder: whoever hasn't answered yet.
    """
    campaign = Campaign.objects.select_related("landlord", "contractor").get(pk=event.subject_id)
    if campaign.closed_at is not None:
        return
    given = Answer.objects.filter(campaign=campaign, user__isnull=False).values("user_id")
    seats = CampaignSeat.objects.filter(campaign=campaign).exclude(user__in=given)
    for side, house, direction in (
        (Side.LANDLORD, campaign.landlord, Direction.LANDLORD_CONTRACTOR),
        (Side.CONTRACTOR, campaign.contractor, Direction.CONTRACTOR_LANDLORD),
    ):
        asked = set(seats.filter(direction=direction).values_list("user_id", flat=True))
        members = [
            member
            for member in _desk(house, present=event.kind == "campaign.reminded")
            if member.user_id in asked
        ]
        about = {"event__kind": event.kind}
        told = bell.told_today(event, house.pk, members, kinds=[CAMPAIGN], about=about)
        url = reverse(f"evaluations:{side.value}_home", args=[house.slug])
        for member in members:
            if member.user_id not in told:
                yield _ring(member, house, _CAMPAIGN[event.kind], url)


@notices(
    "evaluation_asked",
    on=["evaluation.invited"],
    channels=["bell"],
    label=_("Question sur une commande"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_question(event: Event) -> Iterator[Notice]:
    """Ring who of a house had to do with an order that stood out: one question about it."""
    evaluation = Evaluation.objects.select_related("landlord", "contractor", "order").filter(
        pk=event.subject_id, order__isnull=False
    )
    found = evaluation.first()
    if found is None or found.state != EvaluationState.INVITED or found.order is None:
        return
    if found.direction == Direction.TENANT_REPAIR:
        return
    by_landlord = found.direction == Direction.LANDLORD_CONTRACTOR
    side = Side.LANDLORD if by_landlord else Side.CONTRACTOR
    house = found.landlord if by_landlord else found.contractor
    url = reverse(f"evaluations:{side.value}_evaluation", args=[house.slug, found.pk])
    order = Order.objects.filter(pk=found.order.pk)
    for member in concerned(house.pk, order, landlord_id=found.landlord_id):
        yield _ring(member, house, f"Une question sur {found.order.reference}", url)


@notices(
    "evaluation_contact",
    on=["evaluation.contact_asked"],
    channels=["bell"],
    label=_("Locataires qui demandent à être rappelés"),
    sides=[Side.LANDLORD],
)
def tell_of_contact(event: Event) -> Iterator[Notice]:
    """Ring the landlord's desk: a tenant asks to be called back."""
    if event.order_id is None:
        return
    house = Organisation.objects.get(pk=event.landlord_id)
    url = reverse("orders:landlord_detail", args=[house.slug, event.order_id])
    for member in _desk(house):
        yield _ring(member, house, "Un locataire demande à être recontacté", url)


@notices(
    "evaluation_revealed",
    on=["evaluation.revealed"],
    channels=["bell"],
    label=_("Évaluations dévoilées"),
    sides=[Side.CONTRACTOR],
)
def tell_of_reveal(event: Event) -> Iterator[Notice]:
    """Ring the company that was evaluated: it may reply for 14 days."""
    evaluation = Evaluation.objects.select_related("contractor").filter(pk=event.subject_id).first()
    if evaluation is None or not evaluation.is_shared:
        return
    house = evaluation.contractor
    url = reverse("evaluations:contractor_evaluation", args=[house.slug, evaluation.pk])
    for member in _desk(house):
        yield _ring(member, house, "Une évaluation de votre entreprise est visible", url)


def _desk(house: Organisation, *, present: bool = False) -> Iterable[Membership]:
    members = bell.members_with(house.pk, Role.MANAGER, Role.CLERK)
    return bell.present(house.pk, members) if present else members


def _ring(member: Membership, house: Organisation, title: str, url: str) -> Notice:
    return Notice(
        title=title[:200],
        url=url,
        bell_user_id=member.user_id,
        bell_organisation_id=house.pk,
    )
