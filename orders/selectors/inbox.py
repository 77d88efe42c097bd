"""The inbox of a side: orders on which something was said, what it hasn't read first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nexxio.core.actors import Actor
from orders.models import Author, Order, OrderMessage, OrderUnread
from orders.selectors.situations import own_of

SHOWN = 50
_LOOKED_AT = 400
"""How many of the newest messages tell which orders were spoken of last."""
_EXCERPT = 140


@dataclass(frozen=True)
class Thread:
    """An order and what was said last on it. who: its side, or "vous"."""

    order: Order
    who: str
    text: str
    at: datetime
    is_unread: bool


@dataclass(frozen=True)
class Inbox:
    """unread: the ones that wait longest first; recent: the newest first."""

    unread: list[Thread]
    recent: list[Thread]
    has_more: bool


def inbox(actor: Actor) -> Inbox:
    """Return what was said on the actor's orders. Four queries, however many."""
    own, side = own_of(actor), actor.side.value
    waiting = OrderUnread.objects.filter(**own, side=side).order_by("latest_at", "id")
    unread = list(waiting.values_list("order_id", flat=True)[: SHOWN + 1])
    newest = OrderMessage.objects.filter(**own).order_by("-created_at", "-id")
    last: dict[UUID, OrderMessage] = {}
    for message in newest.defer("send_key")[:_LOOKED_AT]:
        last.setdefault(message.order_id, message)
    missing = [pk for pk in unread if pk not in last]
    for message in newest.filter(order_id__in=missing) if missing else ():
        last.setdefault(message.order_id, message)
    keys = [*unread[:SHOWN], *(pk for pk in last if pk not in unread)][: 2 * SHOWN]
    orders = Order.objects.select_related("landlord", "contractor").in_bulk(keys)
    threads = [
        _thread(actor, orders[pk], last[pk], is_unread=pk in unread)
        for pk in keys
        if pk in orders and pk in last
    ]
    return Inbox(
        unread=[thread for thread in threads if thread.is_unread],
        recent=[thread for thread in threads if not thread.is_unread][:SHOWN],
        has_more=len(unread) > SHOWN,
    )


def _thread(actor: Actor, order: Order, message: OrderMessage, *, is_unread: bool) -> Thread:
    text = " ".join(message.text.split())
    who = "Vous" if message.side == actor.side else str(Author(message.side).label)
    return Thread(
        order=order,
        who=who,
        text=text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…",
        at=message.created_at,
        is_unread=is_unread,
    )
