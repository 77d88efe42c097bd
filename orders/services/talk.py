"""Writes of what is said on an order. Files are cleaned before anything is locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from nexxio.core import attachments, clock, files
from nexxio.core.actors import Actor, Side
from nexxio.core.attachments import Clean
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Notification
from nexxio.core.outbox import of_house, record
from orders import talk_events as events
from orders import talk_policies as policies
from orders.models import (
    Audience,
    InternalNote,
    MessageFile,
    MessageReading,
    NoteFile,
    Order,
    OrderMessage,
    OrderUnread,
)
from orders.services.moves import lock_order

M = TypeVar("M", OrderMessage, InternalNote)
LONGEST = 2000
TENANT_MOST = 20
"""Messages that a tenant may write on one order in a day."""
BELL = "order_message"
_NOTHING = {"text": ["Écrivez un message, ou joignez un fichier."]}


def send_message(
    *,
    actor: Actor,
    order_id: UUID,
    text: str,
    audience: str,
    uploads: Sequence[IO[bytes]] = (),
    send_key: UUID | None = None,
) -> OrderMessage:
    """Say something to the other parties, with photos or PDF files. Locks the order.

    A message that was kept already under its `send_key` is returned as it is. Raises Invalid for
    nothing to say, too long a text, a file that is neither, or readers that the order hasn't;
    Refused when the actor may not write, or a tenant has written TENANT_MOST in a day.
    """
    text = _text(text, uploads)
    # Asked before files are cleaned, which costs, and again once the order is locked.
    _require_measure(actor, order_id)
    cleaned = attachments.clean_all(uploads, field="uploads")
    with transaction.atomic():
        order = lock_order(order_id)
        kept = _sent(OrderMessage.objects.filter(order_id=order.pk), send_key)
        if kept is not None:
            return kept
        if not policies.can_write(actor, order):
            raise Refused("Cette commande ne reçoit plus de messages de votre part.", code="state")
        if audience not in policies.audiences(actor, order):
            raise Invalid({"audience": ["Choisissez qui lira ce message."]})
        _require_measure(actor, order_id)
        return _send(actor, order, text, Audience(audience), cleaned, send_key)


def write_note(
    *,
    actor: Actor,
    order_id: UUID,
    text: str,
    uploads: Sequence[IO[bytes]] = (),
    send_key: UUID | None = None,
) -> InternalNote:
    """Write a note that the actor's own organisation alone reads. Raises as `send_message`."""
    text = _text(text, uploads)
    cleaned = attachments.clean_all(uploads, field="uploads")
    with transaction.atomic():
        order = lock_order(order_id)
        kept = _sent(InternalNote.objects.filter(order_id=order.pk), send_key)
        if kept is not None:
            return kept
        if not policies.can_note(actor) or actor.user_id is None:
            raise Refused("Votre rôle ne le permet pas.", code="role")
        return _note(actor, order, text, cleaned, send_key)


@transaction.atomic
def mark_read(*, actor: Actor, order_id: UUID) -> None:
    """Say that the actor's side has read what was written to it, and quiet his bell about it.

    No event: reading is no fact about the order. Raises Refused for a role that only looks.
    """
    if not policies.can_mark_read(actor):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    order = lock_order(order_id)
    last = (
        OrderMessage.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    if last is None:
        return
    now = clock.now()
    row = MessageReading.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, side=actor.side.value
    ).first()
    if row is None:
        row = MessageReading(order=order, side=actor.side.value, **_all_parties(order))
        row.read_until, row.read_at = last, now
        row.save(force_insert=True)
    elif row.read_until < last:
        row.read_until, row.read_at = last, now
        row.save(update_fields=["read_until", "read_at"])
    OrderUnread.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, side=actor.side.value
    ).delete()
    if actor.user_id is not None:
        Notification.objects.filter(
            user_id=actor.user_id,
            organisation_id=actor.own_id,
            kind=BELL,
            event__order_id=order.pk,
            read_at__isnull=True,
        ).update(read_at=now)


@transaction.atomic
def note_unread(*, message_id: UUID) -> None:
    """Note for each organisation that reads a message that it hasn't yet. Idempotent.

    Runs as the system, behind the message's event. Locks the order, as `mark_read` does: what is
    read meanwhile leaves no mark behind.
    """
    message = OrderMessage.objects.get(pk=message_id)
    lock_order(message.order_id)
    own = {"landlord_id": message.landlord_id, "order_id": message.order_id}
    for side, reader in (
        (Side.LANDLORD, message.landlord_id),
        (Side.CONTRACTOR, message.contractor_id),
    ):
        if reader is None or message.side == side:
            continue
        read = MessageReading.objects.filter(
            **own, side=side.value, read_until__gte=message.created_at
        )
        if read.exists():
            continue
        row, is_new = OrderUnread.objects.get_or_create(
            **own,
            side=side.value,
            defaults={
                "contractor_id": message.contractor_id,
                "latest_at": message.created_at,
            },
        )
        if not is_new and row.latest_at < message.created_at:
            row.latest_at = message.created_at
            row.save(update_fields=["latest_at"])


# --- inside -----------------------------------------------------------------------------------


def _text(text: str, uploads: Sequence[IO[bytes]]) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text and not uploads:
        raise Invalid(_NOTHING)
    if len(text) > LONGEST:
        raise Invalid({"text": [f"{LONGEST} caractères au plus."]})
    return text


def _sent(rows: QuerySet[M], send_key: UUID | None) -> M | None:
    return rows.filter(send_key=send_key).first() if send_key is not None else None


def _require_measure(actor: Actor, order_id: UUID) -> None:
    if actor.side is not Side.TENANT:
        return
    today = OrderMessage.objects.filter(
        landlord_id=Order.objects.filter(pk=order_id).values("landlord_id")[:1],
        order_id=order_id,
        side=Side.TENANT.value,
        created_at__gt=clock.now() - timedelta(days=1),
    )
    if today.count() >= TENANT_MOST:
        raise Refused("Vous avez déjà beaucoup écrit aujourd’hui : appelez plutôt.", code="rate")


def _all_parties(order: Order) -> dict[str, Any]:
    return {
        "landlord_id": order.landlord_id,
        "contractor_id": order.contractor_id,
        "tenant_id": order.tenant_id,
        "reader_case_id": order.reader_case_id,
    }


def _send(
    actor: Actor,
    order: Order,
    text: str,
    audience: Audience,
    cleaned: list[Clean],
    send_key: UUID | None,
) -> OrderMessage:
    party = _all_parties(order)
    if audience is Audience.ORGANISATIONS:
        party |= {"tenant_id": None, "reader_case_id": None}
    if audience is Audience.LANDLORD:
        party |= {"contractor_id": None}
    message = OrderMessage(
        order=order,
        side=actor.side.value,
        author_id=actor.user_id,
        audience=audience,
        text=text,
        send_key=send_key,
        **party,
    )
    message.save(force_insert=True)
    for number, one in enumerate(cleaned, 1):
        name = f"{order.reference}-message-{number}.{one.ending}"
        stored = files.store(one.data, media_type=one.media_type, name=name, **party)
        MessageFile(message=message, file=stored, **party).save(force_insert=True)
    record(
        events.MessageSent(audience=audience.value, files=len(cleaned)),
        actor=actor,
        subject=message,
        subject_type="message",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return message


def _note(
    actor: Actor, order: Order, text: str, cleaned: list[Clean], send_key: UUID | None
) -> InternalNote:
    assert actor.user_id is not None
    note = InternalNote(
        organisation_id=actor.own_id,
        order_id=order.pk,
        author_id=actor.user_id,
        text=text,
        send_key=send_key,
    )
    note.save(force_insert=True)
    # An event with order_id would be read by whoever holds the printed order.
    subject = of_house(pk=order.pk, organisation_id=actor.own_id, side=actor.side)
    for number, one in enumerate(cleaned, 1):
        stored = files.store(
            one.data,
            landlord_id=subject.landlord_id,
            contractor_id=subject.contractor_id,
            tenant_id=None,
            reader_case_id=None,
            media_type=one.media_type,
            name=f"{order.reference}-note-{number}.{one.ending}",
        )
        NoteFile(organisation_id=actor.own_id, note=note, file=stored).save(force_insert=True)
    event = events.NoteWritten(note_id=note.pk, files=len(cleaned))
    record(event, actor=actor, subject=subject, subject_type="note")
    return note
