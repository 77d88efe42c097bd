"""How long each party has had some orders: all at once, for exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Event
from orders import ball
from orders.models import Order
from orders.selectors.situations import own_of
from orders.services.holders import happening_of


def times_of(actor: Actor, orders: Sequence[Order]) -> dict[UUID, dict[str, timedelta]]:
    """Return by order and side what each party took, of the events that the actor reads.

    One query. As on the order's page (selectors/turns.py).
    """
    rows = Event.objects.filter(
        **own_of(actor), order_id__in=[order.pk for order in orders], kind__in=ball.KINDS
    ).order_by("recorded_at", "id")
    by_order: dict[UUID | None, list[Event]] = defaultdict(list)
    for row in rows:
        by_order[row.order_id].append(row)
    return {order.pk: _shares(by_order[order.pk]) for order in orders}


def _shares(rows: Sequence[Event]) -> dict[str, timedelta]:
    spells = ball.spells(happening_of(row) for row in rows)
    return {share.holder.value: share.time for share in ball.shares(spells, clock.now())}
