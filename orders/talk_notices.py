"""Who is told that something was said on an order: sparingly, and never what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock, links
from nexxio.core.actors import Side
from nexxio.core.models import Event, Message, Notification, Organisation
from nexxio.core.notifications import Notice, notices
from orders.models import Order, OrderContact
from orders.notices import told_at
from orders.services.talk import BELL

_TOLD = "message.sent"
QUIET = timedelta(hours=24)
"""One notice of an order's messages in this time, as long as it wasn't read."""
TENANT_TEXT = "{landlord} : un message vous attend sur votre réparation. Lisez-le : {link}"
_NAME = 60


@notices(
    BELL,
    on=[_TOLD],
    channels=["bell"],
    label=_("Messages des commandes"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_desks(event: Event) -> Iterator[Notice]:
    """Ring the desks of the other side, once for all that they haven't read of an order."""
    order = _order(event)
    for side, organisation_id in (
        (Side.LANDLORD, order.landlord_id),
        (Side.CONTRACTOR, event.contractor_id),
    ):
        if organisation_id is None or event.actor_side == side:
            continue
        slug = Organisation.objects.get(pk=organisation_id).slug
        url = reverse(f"orders:{side}_talk", args=[slug, order.pk])
        knows = _already_rung(organisation_id, url)
        for member in told_at(event, order, side, None):
            if member.user_id not in knows:
                yield Notice(
                    title=f"Nouveau message · {order.reference} {order.title}",
                    url=url,
                    bell_user_id=member.user_id,
                    bell_organisation_id=organisation_id,
                )


def _order(event: Event) -> Order:
    if event.order_id is None:
        raise ValueError(f"event {event.pk} is about no order")
    order: Order = Order.objects.select_related("case", "landlord").get(pk=event.order_id)
    return order


def _already_rung(organisation_id: UUID, url: str) -> set[UUID]:
    """Return who has a recent notice of this order's messages that he hasn't read."""
    rung = Notification.objects.filter(
        organisation_id=organisation_id,
        kind=BELL,
        url=url,
        read_at__isnull=True,
        created_at__gt=clock.now() - QUIET,
    )
    return set(rung.values_list("user_id", flat=True))


@notices("tenant_message", on=[_TOLD], channels=["sms", "email"])
def tell_tenant(event: Event) -> Iterator[Notice]:
    """Write to the tenant that something waits for him: once a day for an order, at most."""
    if event.reader_case_id is None or event.actor_side == Side.TENANT:
        return
    order = _order(event)
    lately = Message.objects.filter(
        landlord_id=event.landlord_id,
        event__order_id=order.pk,
        kind="tenant_message",
        created_at__gt=clock.now() - QUIET,
    )
    contact = OrderContact.objects.get(order_id=order.pk)
    if not (contact.phone or contact.email) or lately.exclude(event=event).exists():
        return
    link = links.link_to_send(order.case)
    if link is None:
        return
    yield Notice(
        title=f"Un message sur votre réparation : {order.title}",
        text=TENANT_TEXT.format(landlord=order.landlord.name[:_NAME], link="{link}"),
        addresses=(("sms", contact.phone), ("email", contact.email)),
        link_id=link.pk,
    )
