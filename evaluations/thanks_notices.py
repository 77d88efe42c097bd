"""Whose bell a thank-you rings: the person's who did the work and whoever leads his company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import Thanks, ThanksFrom
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event, Membership
from nexxio.core.notifications import Notice, bell, notices
from orders.models import Order, Visit
from orders.states import VisitState

_WORKED = (VisitState.DONE, VisitState.PARTLY_DONE)


@notices(
    "thanks",
    on=["thanks.told"],
    channels=["bell"],
    label=_("Mercis reçus"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_thanks(event: Event) -> Iterator[Notice]:
    """Ring whoever is thanked. No tenant's name is in it, nor one of the other house's members."""
    thanks = (
        Thanks.objects.select_related("order__landlord", "order__contractor")
        .filter(pk=event.subject_id)
        .first()
    )
    if thanks is None or thanks.told_at is None:
        return
    order = thanks.order
    if thanks.from_side == ThanksFrom.CONTRACTOR:
        yield from _agents(order)
    else:
        yield from _workers(order, by_tenant=thanks.from_side == ThanksFrom.TENANT)


def _agents(order: Order) -> Iterator[Notice]:
    """Ring who wrote the order, while he is there; else who leads its service."""
    assert order.contractor is not None
    desk = list(bell.members_with(order.landlord_id, Role.MANAGER, Role.CLERK))
    own = [member for member in desk if member.user_id == order.author_id]
    url = reverse("orders:landlord_detail", args=[order.landlord.slug, order.pk])
    for member in own or bell.heads(order.landlord_id, order.department):
        yield _ring(member, f"{order.contractor.name} vous dit merci · {order.reference}", url)


def _workers(order: Order, *, by_tenant: bool) -> Iterator[Notice]:
    """Ring the technicians who worked on it, each on his own page, and the company's managers."""
    house = order.contractor
    assert house is not None
    whom = "Le locataire" if by_tenant else order.landlord.name
    title = f"{whom} vous dit merci · {order.reference}"
    visits = list(
        Visit.objects.filter(
            landlord_id=order.landlord_id,
            order_id=order.pk,
            state__in=_WORKED,
            technician__is_active=True,
        ).select_related("technician")
    )
    rung = set()
    for visit in visits:
        member = visit.technician
        if member is not None and member.user_id not in rung:
            rung.add(member.user_id)
            yield _ring(member, title, reverse("orders:field_visit", args=[house.slug, visit.pk]))
    url = reverse("orders:contractor_detail", args=[house.slug, order.pk])
    managers: Iterable[Membership] = bell.members_with(house.pk, Role.MANAGER)
    for member in managers:
        if member.user_id not in rung:
            yield _ring(member, title, url)


def _ring(member: Membership, title: str, url: str) -> Notice:
    return Notice(
        title=title[:200],
        url=url,
        bell_user_id=member.user_id,
        bell_organisation_id=member.organisation_id,
    )
