"""record(): the event, and one delivery per durable subscriber, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from nexxio.core import clock, nudge
from nexxio.core.actors import Actor, Side
from nexxio.core.db.copying import insert_all
from nexxio.core.events import EventType
from nexxio.core.models import Delivery, Event, PartyModel
from nexxio.core.projections import project
from nexxio.core.subscriptions import subscribers_of


@dataclass(frozen=True)
class Subject:
    """What an event is about when that isn't a row with parties of its own."""

    pk: UUID
    landlord_id: UUID
    contractor_id: UUID | None = None
    tenant_id: UUID | None = None
    reader_case_id: UUID | None = None


def of_house(*, pk: UUID, organisation_id: UUID, side: str) -> Subject:
    """Return a subject that one organisation alone reads, whichever its side.

    An event belongs to a landlord in the database; of a contractor's own house he is both.
    """
    own = organisation_id if side == Side.CONTRACTOR else None
    return Subject(pk=pk, landlord_id=organisation_id, contractor_id=own)


@dataclass(frozen=True)
class Entry:
    """An event to be recorded, and what it is about."""

    event: EventType
    subject: PartyModel | Subject
    subject_type: str
    order_id: UUID | None = None
    case_id: UUID | None = None
    happened_at: datetime | None = None


def record(
    event: EventType,
    *,
    actor: Actor,
    subject: PartyModel | Subject,
    subject_type: str,
    order_id: UUID | None = None,
    case_id: UUID | None = None,
    happened_at: datetime | None = None,
    on_behalf_of: str = "",
) -> Event:
    """Record what has just been done. Must run inside the transaction that did it.

    The event may be read by whoever may read `subject` now and finds a sentence for his side.
    happened_at: UTC; the present when None. Nothing is locked. Raises RuntimeError outside a
    transaction, because a change and its event must commit together.
    """
    entry = Entry(event, subject, subject_type, order_id, case_id, happened_at)
    (row,) = record_all([entry], actor=actor, on_behalf_of=on_behalf_of)
    return row


def record_all(entries: Sequence[Entry], *, actor: Actor, on_behalf_of: str = "") -> list[Event]:
    """Record many events at once, in their order: two statements, however many there are.

    What is kept of them beside (core/projections) is written before it returns.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() must be called in the transaction of the change.")
    now = clock.now()
    rows = [_event(entry, actor, on_behalf_of, now) for entry in entries]
    insert_all(Event, rows)
    insert_all(
        Delivery,
        [
            Delivery(event=row, subscriber=found.name, next_attempt_at=now)
            for row in rows
            for found in subscribers_of(row.kind)
        ],
    )
    project(rows)
    nudge.after_commit()
    return rows


def _event(entry: Entry, actor: Actor, on_behalf_of: str, now: datetime) -> Event:
    event, subject = entry.event, entry.subject
    return Event(
        landlord_id=subject.landlord_id,
        contractor_id=subject.contractor_id if Side.CONTRACTOR in event.wording else None,
        tenant_id=subject.tenant_id if Side.TENANT in event.wording else None,
        reader_case_id=subject.reader_case_id if Side.TENANT in event.wording else None,
        kind=event.kind,
        version=event.version,
        subject_type=entry.subject_type,
        subject_id=subject.pk,
        order_id=entry.order_id,
        case_id=entry.case_id,
        actor_side=actor.side.value,
        actor_user_id=actor.user_id,
        actor_organisation_id=actor.organisation_id,
        on_behalf_of=on_behalf_of,
        payload=event.payload(),
        happened_at=entry.happened_at or now,
        recorded_at=now,
        channel=actor.channel.value,
    )
