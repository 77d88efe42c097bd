"""Files that a landlord attaches to an order. They were cleaned before anything is locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, files
from nexxio.core.actors import Actor
from nexxio.core.attachments import Clean
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import StoredFile
from nexxio.core.outbox import Subject, record
from orders import file_events as events
from orders import policies
from orders.models import FileKind, Order, OrderFile
from orders.services.moves import lock_order
from orders.states import Asbestos

MOST_FILES = 20
"""Files that one order takes."""


@transaction.atomic
def attach_files(
    *,
    actor: Actor,
    order_id: UUID,
    cleaned: Sequence[Clean],
    kind: str,
    note: str = "",
    for_contractor: bool = True,
) -> list[OrderFile]:
    """Attach files of one kind to an order that isn't over. Locks it.

    cleaned: by core/attachments. A report before works (RAT) is the order's ground for asbestos
    where it has none. Raises Invalid without a file or a known kind, and above MOST_FILES; Refused
    when the actor may not.
    """
    if kind not in FileKind.values:
        raise Invalid({"kind": ["Dites ce que c’est."]})
    if not cleaned:
        raise Invalid({"uploads": ["Choisissez un fichier."]})
    order = lock_order(order_id)
    if not policies.can_attach(actor, order):
        raise Refused("Cette commande ne reçoit plus de pièces.", code="state")
    there = files_of(order)
    if len(there) + len(cleaned) > MOST_FILES:
        raise Invalid({"uploads": [f"{MOST_FILES} pièces au plus par commande."]})
    party = _readers(order, for_contractor=for_contractor)
    made = []
    for number, one in enumerate(cleaned, len(there) + 1):
        name = f"{order.reference}-{kind}-{number}.{one.ending}"
        stored = files.store(
            one.data,
            media_type=one.media_type,
            name=name,
            tenant_id=None,
            reader_case_id=None,
            **party,
        )
        row = OrderFile(
            order=order,
            file=stored,
            kind=kind,
            note=" ".join(note.split())[:120],
            for_contractor=for_contractor,
            **party,
        )
        row.save(force_insert=True)
        _record(events.FileAttached(file=kind), row, order, actor)
        made.append(row)
    if kind == FileKind.ASBESTOS and not order.asbestos:
        order.asbestos = Asbestos.REPORT
        order.save(update_fields=["asbestos"])
    return made


@transaction.atomic
def withdraw_file(*, actor: Actor, order_id: UUID, file_id: UUID) -> OrderFile:
    """Take an attached file back: nobody but the landlord reads it any more. Locks the order.

    Raises Refused when the actor may not, OrderFile.DoesNotExist for a file of another order.
    """
    order = lock_order(order_id)
    if not policies.can_attach(actor, order):
        raise Refused("Les pièces de cette commande ne changent plus.", code="state")
    row = OrderFile.objects.select_related("file").get(
        landlord_id=order.landlord_id, order_id=order.pk, pk=file_id, withdrawn_at__isnull=True
    )
    _record(events.FileWithdrawn(file=row.kind), row, order, actor)
    row.withdrawn_at = clock.now()
    _read_by(row, None)
    row.save(update_fields=["withdrawn_at"])
    return row


def files_of(order: Order) -> list[OrderFile]:
    """Return the files of an order that the scope reads, oldest first."""
    rows = OrderFile.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, withdrawn_at__isnull=True
    )
    return list(rows.order_by("created_at", "id"))


def open_files(order: Order) -> None:
    """Let the company of an order that leaves read the files that are for it."""
    for row in files_of(order):
        if row.for_contractor and row.contractor_id != order.contractor_id:
            _read_by(row, order.contractor_id)


def copy_files(former: Order, order: Order, *, same_company: bool) -> None:
    """Attach what a former order has to the one that goes on after it or takes its place.

    same_company: both are the same one's. A quote is its company's own: no other one reads it.
    """
    for row in files_of(former):
        if row.kind == FileKind.QUOTE and not same_company:
            continue
        kept = StoredFile.objects.get(pk=row.file_id)
        stored = StoredFile(
            landlord_id=order.landlord_id,
            sha256=kept.sha256,
            media_type=kept.media_type,
            size=kept.size,
            name=kept.name.replace(former.reference, order.reference),
        )
        stored.save(force_insert=True)
        OrderFile(
            landlord_id=order.landlord_id,
            order=order,
            file=stored,
            kind=row.kind,
            note=row.note,
            for_contractor=row.for_contractor,
        ).save(force_insert=True)


# --- inside -----------------------------------------------------------------------------------


def _readers(order: Order, *, for_contractor: bool) -> dict[str, Any]:
    return {
        "landlord_id": order.landlord_id,
        "contractor_id": order.contractor_id if for_contractor else None,
    }


def _read_by(row: OrderFile, contractor_id: UUID | None) -> None:
    row.contractor_id = contractor_id
    row.save(update_fields=["contractor_id"])
    StoredFile.objects.filter(landlord_id=row.landlord_id, pk=row.file_id).update(
        contractor_id=contractor_id
    )


def _record(event: Any, row: OrderFile, order: Order, actor: Actor) -> None:
    record(
        event,
        actor=actor,
        subject=Subject(pk=row.pk, landlord_id=row.landlord_id, contractor_id=row.contractor_id),
        subject_type="order_file",
        order_id=order.pk,
        case_id=order.case_id,
    )
