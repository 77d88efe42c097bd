"""Who is told of what about evaluations. Reminders come from the platform, never a landlord."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.axes import Direction
from evaluations.models import Answer, Campaign, CampaignSeat, Evaluation
from evaluations.respondents import concerned
from evaluations.selectors.tenant import words_of
from evaluations.states import EvaluationState
from nexxio.core import clock, links
from nexxio.core.actors import Role, Side
from nexxio.core.models import Case, Event, Membership, Organisation
from nexxio.core.notifications import Notice, bell, notices, sms
from orders.models import Order, OrderContact

CAMPAIGN = "evaluation_campaign"
_NAMES = (60, 30, 15)
"""How much of a landlord's name fits: the scripts that aren't GSM's have half the room."""
_LINK = 64
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
    link = links.link_to_send(Case.objects.get(pk=evaluation.reader_case_id))
    if link is None:
        return
    _language, words = words_of(evaluation)
    landlord = Organisation.objects.get(pk=evaluation.landlord_id)
    yield Notice(
        title=words["title"],
        text=reminder(words["reminder"], landlord.name),
        addresses=(("sms", contact.phone), ("email", contact.email)),
        link_id=link.pk,
    )


def reminder(words: str, landlord: str) -> str:
    """Return the text of the reminder in a tenant's language; `{link}` is put in at sending."""
    name = sms.fold(landlord)
    texts = [words.format(landlord=name[:most].strip(), link="{link}") for most in _NAMES]
    fitting = (text for text in texts if _segments(text) <= sms.MOST)
    return next(fitting, texts[-1])


def _segments(text: str) -> int:
    """Return how many SMS a text takes with the longest link."""
    return sms.segments(sms.fold(text.replace("{link}", "x" * _LINK)))


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


_REACTED = {
    "evaluation.replied": "{company} a répondu à une évaluation",
    "evaluation.contested": "{company} a contesté une évaluation",
    "evaluation.kept": "Évaluation contestée : maintenue par la plateforme",
    "evaluation.withdrawn": "Évaluation contestée : retirée par la plateforme",
}
_DECIDED = ("evaluation.kept", "evaluation.withdrawn")


@notices(
    "evaluation_reacted",
    on=_REACTED,
    channels=["bell"],
    label=_("Réponses et contestations d’évaluations"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_reaction(event: Event) -> Iterator[Notice]:
    """Ring the landlord when the company reacts, both when the platform has decided.

    The landlord hears nothing before its pages show the evaluation: earlier it would learn that
    the company has answered too.
    """
    found = Evaluation.objects.select_related("landlord", "contractor").filter(pk=event.subject_id)
    evaluation = found.first()
    if evaluation is None or not evaluation.is_shared:
        return
    title = _REACTED[event.kind].format(company=evaluation.contractor.name)
    told = [(Side.LANDLORD, evaluation.landlord)] if _is_seen(evaluation) else []
    if event.kind in _DECIDED:
        told.append((Side.CONTRACTOR, evaluation.contractor))
    for side, house in told:
        url = reverse(f"evaluations:{side.value}_evaluation", args=[house.slug, evaluation.pk])
        for member in _desk(house):
            yield _ring(member, house, title, url)


def _is_seen(evaluation: Evaluation) -> bool:
    """Tell whether the landlord's pages show an evaluation that is shared."""
    hides = evaluation.direction == Direction.LANDLORD_CONTRACTOR
    return not hides or clock.now() >= evaluation.closes_at


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
