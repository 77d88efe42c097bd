"""The conversation of an order: messages that a side may read, and its own house's notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nexxio.core.actors import Actor, Side
from nexxio.core.attachments import PDF
from orders import talk_policies as policies
from orders.models import (
    Audience,
    InternalNote,
    MessageFile,
    MessageReading,
    NoteFile,
    Order,
    OrderMessage,
)

NOTE = "note"
SHOWN = 200
"""The newest entries that a page shows."""


@dataclass(frozen=True)
class Attached:
    """A file of an entry, at the address that the page makes of its key."""

    pk: UUID
    name: str
    is_image: bool
    size: int


@dataclass(frozen=True)
class Said:
    """A message or a note, as its reader sees it."""

    who: str
    is_mine: bool
    is_note: bool
    text: str
    at: datetime
    readers: str
    read_by: list[str]
    is_new: bool
    files: list[Attached]


@dataclass(frozen=True)
class Readers:
    """Who will read what is sent, to choose from. others: the same, without the writer's side."""

    value: str
    label: str
    others: str


@dataclass(frozen=True)
class Conversation:
    """All that the part of a page shows."""

    said: list[Said]
    choices: list[Readers]
    unread: int
    can_mark: bool
    older: str = ""
    """From when on, backwards, there is more than the page shows; "" at the beginning."""
    is_older: bool = False

    @property
    def can_write(self) -> bool:
        """Tell whether another side can be written to."""
        return any(one.value != NOTE for one in self.choices)


def conversation(actor: Actor, order: Order, *, before: datetime | None = None) -> Conversation:
    """Return what the actor may read on an order, oldest first. Its parties are loaded.

    The newest SHOWN entries, or those before a moment.
    """
    names = _names(order)
    messages, notes = _messages(order, before), _notes(actor, order, before)
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    rows = MessageReading.objects.filter(**own) if messages else ()
    readings = {row.side: row for row in rows}
    mine = readings.get(actor.side)
    said = [_said(actor, message, names, readings, mine) for message in messages]
    said += [_noted(note) for note in notes]
    said.sort(key=lambda one: one.at)
    has_more = len(said) > SHOWN or SHOWN in (len(messages), len(notes))
    said = said[-SHOWN:]
    unread = sum(one.is_new for one in said)
    return Conversation(
        said=said,
        choices=_choices(actor, order, names),
        unread=unread,
        can_mark=bool(unread) and policies.can_mark_read(actor) and before is None,
        older=said[0].at.isoformat() if has_more else "",
        is_older=before is not None,
    )


def _messages(order: Order, before: datetime | None) -> list[OrderMessage]:
    found = OrderMessage.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    if before is not None:
        found = found.filter(created_at__lt=before)
    return list(
        found.select_related("author")
        .prefetch_related("files__file")
        .order_by("-created_at", "-id")[:SHOWN]
    )


def _notes(actor: Actor, order: Order, before: datetime | None) -> list[InternalNote]:
    if actor.side is Side.TENANT or actor.link_id is not None:
        return []
    found = InternalNote.objects.filter(organisation_id=actor.own_id, order_id=order.pk)
    if before is not None:
        found = found.filter(created_at__lt=before)
    return list(
        found.select_related("author")
        .prefetch_related("files__file")
        .order_by("-created_at", "-id")[:SHOWN]
    )


def _names(order: Order) -> dict[str, str]:
    """Return what each side is called by the others."""
    return {
        Side.LANDLORD: order.landlord.name,
        Side.CONTRACTOR: order.contractor.name if order.contractor else "L’entreprise",
        Side.TENANT: "Le locataire",
    }


_SIDES = {
    Audience.ORGANISATIONS: (Side.LANDLORD, Side.CONTRACTOR),
    Audience.EVERYONE: (Side.LANDLORD, Side.CONTRACTOR, Side.TENANT),
    Audience.LANDLORD: (Side.LANDLORD, Side.TENANT),
}


def _said(
    actor: Actor,
    message: OrderMessage,
    names: dict[str, str],
    readings: dict[str, MessageReading],
    mine: MessageReading | None,
) -> Said:
    own = message.side == actor.side
    return Said(
        who=_who(actor, message, names),
        is_mine=own,
        is_note=False,
        text=message.text,
        at=message.created_at,
        readers=f"vous, {_readers(actor, message.audience, names)}",
        read_by=[
            names[side]
            for side, row in sorted(readings.items())
            if side not in (message.side, actor.side)
            and row.read_until >= message.created_at
            and side in _SIDES[Audience(message.audience)]
        ],
        is_new=not own and (mine is None or mine.read_until < message.created_at),
        files=[_attached(one) for one in message.files.all()],
    )


def _noted(note: InternalNote) -> Said:
    return Said(
        who=str(note.author),
        is_mine=True,
        is_note=True,
        text=note.text,
        at=note.created_at,
        readers="votre organisation seulement",
        read_by=[],
        is_new=False,
        files=[_attached(one) for one in note.files.all()],
    )


def _who(actor: Actor, message: OrderMessage, names: dict[str, str]) -> str:
    """Names of persons only inside their organisation; outside, the organisation."""
    if message.side != actor.side:
        return names[message.side]
    if actor.side is Side.TENANT:
        return "Vous"
    return str(message.author) if message.author else names[message.side]


def _readers(actor: Actor, audience: str, names: dict[str, str]) -> str:
    """Return who reads it beside the actor's own side."""
    called = {**names, Side.TENANT: "le locataire"}
    return ", ".join(called[side] for side in _SIDES[Audience(audience)] if side != actor.side)


def _choices(actor: Actor, order: Order, names: dict[str, str]) -> list[Readers]:
    found = [
        Readers(one.value, _all_readers(actor, one, names), _readers(actor, one, names))
        for one in policies.audiences(actor, order)
    ]
    if policies.can_note(actor):
        found.append(Readers(NOTE, f"Note interne : {names[actor.side]} seulement", ""))
    return found


def _all_readers(actor: Actor, audience: Audience, names: dict[str, str]) -> str:
    landlord, contractor = names[Side.LANDLORD], names[Side.CONTRACTOR]
    tenant = "vous" if actor.side is Side.TENANT else "le locataire"
    if audience is Audience.LANDLORD:
        return f"{landlord} et {tenant} seulement"
    if audience is Audience.ORGANISATIONS:
        return f"{landlord} et {contractor}"
    return f"{landlord}, {contractor} et {tenant}"


def _attached(row: MessageFile | NoteFile) -> Attached:
    stored = row.file
    return Attached(
        pk=row.pk,
        name=stored.name,
        is_image=stored.media_type != PDF,
        size=stored.size,
    )
