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
from orders import ball
from orders.models import Order


def happening_of(row: Event) -> ball.Happening:
    """Return an event as the fold reads it."""
    return ball.Happening(
        row.kind,
        row.payload,
        row.recorded_at,
        has_tenant=row.reader_case_id is not None,
        subject=str(row.subject_id),
    )


@projects(*ball.KINDS)
def keep_holders(rows: list[Event]) -> None:
    """Write who has the orders after some events: one reading, one update for equal outcomes."""
    by_order: dict[UUID, list[Event]] = defaultdict(list)
    for row in rows:
        if row.order_id is not None:
            by_order[row.order_id].append(row)
    landlords = {row.landlord_id for row in rows}
    mine = Order.objects.filter(landlord_id__in=landlords)
    stored = mine.filter(pk__in=list(by_order)).values_list("pk", "holder", "held_since", "ball")
    outcomes: dict[tuple[str, datetime | None, str], list[UUID]] = defaultdict(list)
    for pk, holder, since, memory in stored:
        outcome = after(holder, since, memory, map(happening_of, by_order[pk]))
        if outcome != (holder, since, memory):
            outcomes[outcome[0], outcome[1], json.dumps(outcome[2])].append(pk)
    for (holder, since, written), keys in outcomes.items():
        mine.filter(pk__in=keys).update(holder=holder, held_since=since, ball=json.loads(written))


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
