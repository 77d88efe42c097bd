"""Who has to act on an order and since when, kept on the order as its events are recorded.

Folded from what is on the order already: a tenant's act changes it too, though he reads nothing
of variations or certificates. The services that record hold the order's lock.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from nexxio.core.models import Event
from nexxio.core.projections import projects
from orders import ball, silence, urgency
from orders.models import Order
from orders.states import presses
from orders.working_days import department_of


def happening_of(row: Event) -> ball.Happening:
    """Return an event as the fold reads it."""
    return ball.Happening(
        row.kind,
        row.payload,
        row.recorded_at,
        has_tenant=row.reader_case_id is not None,
        subject=str(row.subject_id),
        by=row.actor_side,
    )


@projects(*silence.NEWS)
def keep_holders(rows: list[Event]) -> None:
    """Write who has the orders after some events, and from when on they are silent.

    One reading, one update for equal outcomes. Locks the orders: a message has no lock.
    """
    by_order: dict[UUID, list[ball.Happening]] = defaultdict(list)
    for row in rows:
        if row.order_id is not None:
            by_order[row.order_id].append(happening_of(row))
    landlords = {row.landlord_id for row in rows}
    mine = Order.objects.filter(landlord_id__in=landlords)
    locked = mine.select_for_update(of=("self",), no_key=True).order_by("pk")
    stored = locked.filter(pk__in=list(by_order)).values_list(
        "pk",
        "holder",
        "held_since",
        "ball",
        "priority",
        "nature",
        "hazard",
        "place_city",
        "ack_due_at",
        "arrival_due_at",
        "urgent_at",
    )
    outcomes: dict[str, tuple[dict[str, Any], list[UUID]]] = {}
    for pk, holder, since, memory, *pressing, place, ack, arrival, urgent_at in stored:
        events = by_order[pk]
        found = after(holder, since, memory, events)
        urgent, where = presses(*pressing), department_of(place)
        changes = _changes(*found, events[-1].at, urgent=urgent, where=where)
        due = {urgency.ACK: ack, urgency.ARRIVAL: arrival}.get(
            urgency.awaited(ball.Memory.read(found[2]))
        )
        if due != urgent_at:
            changes |= {"urgent_at": due, "urgent_alert_at": due}
        outcomes.setdefault(json.dumps(changes, default=str), (changes, []))[1].append(pk)
    for changes, keys in outcomes.values():
        mine.filter(pk__in=keys).update(**changes)


def _changes(
    holder: str,
    since: datetime | None,
    written: dict[str, Any],
    at: datetime,
    *,
    urgent: bool,
    where: str,
) -> dict[str, Any]:
    memory = ball.Memory.read(written)
    silent = silence.silent_at(memory, at, urgent=urgent, where=where)
    return {
        "holder": holder,
        "held_since": since,
        "ball": written,
        "moved_at": at,
        "silent_at": silent,
        "chase_at": silence.chase_at(memory, silent, where),
        "chases": 0,
    }


def after(
    holder: str,
    since: datetime | None,
    stored: dict[str, Any],
    events: Iterable[ball.Happening],
) -> tuple[str, datetime | None, dict[str, Any]]:
    """Return holder, since when, and what the fold keeps, after events that follow."""
    memory = ball.Memory.read(stored)
    for event in events:
        memory = ball.step(memory, event)
        now = ball.holder_of(memory).value
        if now != holder:
            holder, since = now, event.at if now else None
    return holder, since, memory.written()
