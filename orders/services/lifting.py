"""The record that all reserves are lifted: written with the last one, printed and sealed after."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.events import EventType
from nexxio.core.models import Event
from nexxio.core.outbox import record
from orders import certificate_events as events
from orders import certificate_policies
from orders.models import LiftingRecord, Order, Reserve, SealState
from orders.services import seal_states
from orders.services.certificate_content import fingerprint
from orders.services.moves import lock_order

SEAL = "lifting.pdf"


def write_lifting(*, actor: Actor, order: Order) -> LiftingRecord:
    """Write the record of a locked order whose reserves are all lifted, in the caller's
    transaction.
    """
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    content = _content(order)
    row = LiftingRecord.objects.create(
        **own,
        contractor_id=order.contractor_id,
        number=LiftingRecord.objects.filter(**own).count() + 1,
        content=content,
        content_sha256=fingerprint(content),
    )
    _record(events.LiftingRecorded(number=row.number), row, order, actor)
    return row


def open_lifting_seal(*, event: Event) -> None:
    """Open the job that prints and seals. As the system, in the relay."""
    row = LiftingRecord.objects.get(pk=event.subject_id)
    seal_states.open_job(row, kind=SEAL, name="lifting", event=event)


@transaction.atomic
def ask_lifting_seal(*, actor: Actor, order_id: UUID) -> LiftingRecord:
    """Ask again for the newest record's PDF that could not be sealed.

    Locks the order, by which all who write its records go. Raises Refused where there is none to
    ask.
    """
    order = lock_order(order_id)
    row = seal_states.prepare_again(
        last_lifting(order), partial(certificate_policies.can_ask_seal, actor)
    )
    _record(events.LiftingSealAsked(number=row.number), row, order, actor)
    return row


@transaction.atomic
def fail_lifting_seal(*, actor: Actor, lifting: LiftingRecord) -> LiftingRecord:
    """Note that the PDF could not be sealed, so that the page offers to try again.

    Locks the order, then the record.
    """
    order = lock_order(lifting.order_id)
    row = _lock(lifting)
    if seal_states.note_failed(row):
        _record(events.LiftingSealFailed(number=row.number), row, order, actor)
    return row


@transaction.atomic
def keep_sealed_lifting(*, actor: Actor, lifting: LiftingRecord, pdf: bytes) -> LiftingRecord:
    """Keep the sealed PDF, and tell both sides. One that is there already stays as it is.

    Locks the order, then the record.
    """
    order = lock_order(lifting.order_id)
    row = _lock(lifting)
    if row.seal == SealState.SEALED:
        return row
    name = f"levee-des-reserves-{order.reference}-{row.number}.pdf"
    seal_states.keep_file(row, "lifting", pdf, name=name)
    _record(events.LiftingSealed(number=row.number), row, order, actor)
    return row


def last_lifting(order: Order) -> LiftingRecord | None:
    """Return the newest record of an order, with its file."""
    found = LiftingRecord.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return found.select_related("file").order_by("-number").first()


# --- inside -----------------------------------------------------------------------------------


def _lock(lifting: LiftingRecord) -> LiftingRecord:
    row: LiftingRecord = LiftingRecord.objects.select_for_update(of=("self",)).get(pk=lifting.pk)
    return row


def _content(order: Order) -> dict[str, Any]:
    reserves = Reserve.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return {
        "reference": order.reference,
        "title": order.title,
        "place": ", ".join(filter(None, (order.place_address, order.place_city, order.place_unit))),
        "landlord": order.landlord.name,
        "contractor": order.contractor.name if order.contractor else "",
        "contract": order.contract.number if order.contract else "",
        "reserves": [
            {
                "number": one.number,
                "text": one.text,
                "due_on": one.due_on.isoformat(),
                "answer": one.answer,
                "lifted_at": one.lifted_at.isoformat() if one.lifted_at else "",
            }
            for one in reserves.order_by("number")
        ],
    }


def _record(event: EventType, row: LiftingRecord, order: Order, actor: Actor) -> None:
    record(
        event,
        actor=actor,
        subject=row,
        subject_type="lifting",
        order_id=order.pk,
        case_id=order.case_id,
    )
