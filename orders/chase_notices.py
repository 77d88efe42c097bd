"""Who is told that an order doesn't move: the desk that has it, then who leads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event, Membership, Organisation
from nexxio.core.notifications import Notice, bell, notices
from orders.chase_events import urgent_words, without_news
from orders.models import Order, OrderBudget
from orders.notices import may_approve, order_of, told_at
from orders.silence import Level
from orders.states import OrderState
from orders.working_days import office_moment

KINDS = ("chased", "approval_reminded")


@notices(
    "chased",
    on=["order.chased"],
    channels=["bell"],
    label=_("Commandes sans nouvelles"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_chased(event: Event) -> Iterator[Notice]:
    """Ring whoever has the order, unless it has moved since."""
    order = order_of(event)
    side = event.payload["holder"]
    house_id = order.landlord_id if side == Side.LANDLORD else order.contractor_id
    if house_id is None or order.holder != side:
        return
    house = Organisation.objects.get(pk=house_id)
    members = bell.present(house_id, told_at(event, order, side, None))
    if event.payload["level"] == Level.HEAD or not members:
        members = bell.heads(house_id, order.department if side == Side.LANDLORD else "")
    yield from _told(event, order, house, members, "Relance")


@notices(
    "approval_reminded",
    on=["order.approval_reminded"],
    channels=["bell"],
    label=_("Commandes à valider, rappel"),
    sides=[Side.LANDLORD],
)
def tell_approvers(event: Event) -> Iterator[Notice]:
    """Ring who may approve: first whose residence it is, then each manager with such a limit."""
    order = order_of(event)
    if order.state != OrderState.PENDING_APPROVAL:
        return
    total = OrderBudget.objects.get(order_id=order.pk).total_without_vat
    members: Iterable[Membership] = told_at(event, order, "landlord", None)
    able = bell.present(order.landlord_id, may_approve(order, members, total))
    if event.payload["level"] == Level.HEAD or not able:
        everybody = bell.members_with(order.landlord_id, Role.MANAGER, Role.CLERK)
        covers = list(may_approve(order, everybody, total))
        able = [member for member in covers if Role.MANAGER in member.roles] or covers
    house = Organisation.objects.get(pk=order.landlord_id)
    yield from _told(event, order, house, able, "À valider")


@notices(
    "urgent_late",
    on=["order.urgent_late"],
    channels=["bell", "sms"],
    label=_("Urgences dont un délai est dépassé"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
    always=True,
)
def tell_urgent(event: Event) -> Iterator[Notice]:
    """Ring both desks; by SMS too who has a telephone there, at a landlord in office hours."""
    order = order_of(event)
    words = urgent_words(event.payload["what"])
    title = f"Urgence, délai dépassé : {words} · {order.reference} {order.title}"
    now = clock.now()
    for side, house_id in (("landlord", order.landlord_id), ("contractor", order.contractor_id)):
        if house_id is None:
            continue
        slug = Organisation.objects.get(pk=house_id).slug
        by_phone = side == "contractor" or office_moment(now, order.where) == now
        for member in bell.reachable(house_id, told_at(event, order, side, None)):
            yield Notice(
                title=title,
                text=f"Nexxio : urgence {order.reference}, délai dépassé, {words}.",
                url=reverse(f"orders:{side}_detail", args=[slug, order.pk]),
                bell_user_id=member.user_id,
                bell_organisation_id=house_id,
                addresses=(("sms", member.phone),) if by_phone and member.phone else (),
            )


def _told(
    event: Event, order: Order, house: Organisation, members: Iterable[Membership], title: str
) -> Iterator[Notice]:
    """Yield one notice for each who hasn't heard of this order today."""
    side = "landlord" if house.pk == order.landlord_id else "contractor"
    found = bell.present(house.pk, members)
    if order.state == OrderState.PENDING_APPROVAL:
        found = [member for member in found if member.user_id != order.author_id]
    told = bell.told_today(event, house.pk, found, kinds=KINDS, about={"event__order_id": order.pk})
    for member in found:
        if member.user_id not in told:
            yield Notice(
                title=f"{title}, {without_news(event.payload['days'])} ·"
                f" {order.reference} {order.title}",
                url=reverse(f"orders:{side}_detail", args=[house.slug, order.pk]),
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )
