"""A company hears of a new order by post too: a pressing one at once, the others by bursts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.actors import Side
from nexxio.core.models import Event, Membership, Organisation
from nexxio.core.notifications import Notice, bell, notices
from nexxio.core.templatetags.ui import day, moment
from orders.models import Order
from orders.notices import order_of, told_at
from orders.states import OrderState

GATHER = timedelta(minutes=10)
"""How long an e-mail of new orders waits for more of them."""
_TITLE = 60


@notices(
    "order_to_accept",
    on=["order.issued"],
    channels=["sms", "email"],
    label=_("Commandes à accepter"),
    sides=[Side.CONTRACTOR],
)
def tell_of_order(event: Event) -> Iterator[Notice]:
    """Write to the desk that has to accept it, unless it is no longer there to be accepted.

    A pressing one by SMS to who has a telephone there and is there today, else by e-mail, at any
    hour, and its danger in words. All others by e-mail, those of ten minutes in one.
    """
    order = order_of(event)
    if order.contractor_id is None or order.state != OrderState.ISSUED:
        return
    house = Organisation.objects.get(pk=order.contractor_id)
    landlord = Organisation.objects.get(pk=order.landlord_id)
    url = settings.SITE_URL + reverse("orders:contractor_detail", args=[house.slug, order.pk])
    members = bell.reachable(house.pk, told_at(event, order, "contractor", event.actor_user_id))
    for member in members:
        if order.is_pressing:
            yield _urgent(order, landlord, member, url)
        else:
            yield _usual(order, landlord, member, url)


def _urgent(order: Order, landlord: Organisation, member: Membership, url: str) -> Notice:
    danger = f", {order.get_hazard_display()}" if order.hazard else ""
    until = (
        f" Prise en charge avant {moment(order.ack_due_at, 'short')}." if order.ack_due_at else ""
    )
    return Notice(
        title=f"Urgence{danger} : {order.reference} {order.title}"[:200],
        text=f"Nexxio, URGENCE{danger}. {landlord.name} : {order.title[:_TITLE]},"
        f" {order.place_city}.{until} {url}",
        addresses=(("sms", member.phone), ("email", member.user.email)),
        member_id=member.pk,
    )


def _usual(order: Order, landlord: Organisation, member: Membership, url: str) -> Notice:
    danger = f" ({order.get_hazard_display()})" if order.hazard else ""
    due = f", à faire avant le {day(order.target_date, 'short')}" if order.target_date else ""
    line = (
        f"– {order.reference} {order.title}{danger}, {order.place_address},"
        f" {order.place_city}{due}\n  {url}"
    )
    return Notice(
        title=f"{landlord.name} : commandes à accepter",
        text=f"Bonjour,\n\n{landlord.name} vous a transmis, à accepter ou à renvoyer :\n\n{line}",
        line=line,
        addresses=(("email", member.user.email),),
        member_id=member.pk,
        not_before=clock.now() + GATHER,
    )
