"""The sealed PDF of what a tenant signed: printed once he has, kept, failed, asked for again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.events import EventType
from nexxio.core.models import Event
from nexxio.core.outbox import record
from orders import certificate_events as events
from orders import certificate_policies
from orders.models import Order, SealState, SignOff
from orders.services import seal_states
from orders.services.moves import lock_order

SEAL = "sign_off.pdf"


def open_sign_off_seal(*, event: Event) -> None:
    """Open the job that prints and seals. As the system, in the relay."""
    row = SignOff.objects.get(pk=event.subject_id)
    seal_states.open_job(row, kind=SEAL, name="sign_off", event=event)


@transaction.atomic
def ask_sign_off_seals(*, actor: Actor, order_id: UUID) -> list[SignOff]:
    """Ask again for the PDFs of an order's sign-offs that could not be sealed.

    Locks the order. Raises Refused where there is none to ask.
    """
    order = lock_order(order_id)
    own = SignOff.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    failed = list(own.filter(seal=SealState.FAILED).select_for_update(of=("self",)))
    asked: list[SignOff | None] = [*failed] or [None]
    may = partial(certificate_policies.can_ask_seal, actor)
    rows = [seal_states.prepare_again(row, may) for row in asked]
    for row in rows:
        _record(events.SignOffSealAsked(), row, order, actor)
    return rows


@transaction.atomic
def fail_sign_off_seal(*, actor: Actor, sign_off_id: UUID) -> SignOff:
    """Note that the PDF could not be sealed, so that the page offers to try again.

    Locks the order, then the sign-off.
    """
    row, order = _lock(sign_off_id)
    if seal_states.note_failed(row):
        _record(events.SignOffSealFailed(), row, order, actor)
    return row


@transaction.atomic
def keep_sealed_sign_off(*, actor: Actor, sign_off_id: UUID, pdf: bytes) -> SignOff:
    """Keep the sealed PDF for the tenant and both organisations; one that is there stays.

    Locks the order, then the sign-off.
    """
    row, order = _lock(sign_off_id)
    if row.seal == SealState.SEALED:
        return row
    seal_states.keep_file(
        row,
        "sign_off",
        pdf,
        name=f"bon-d-intervention-{order.reference}.pdf",
        tenant_id=row.tenant_id,
        reader_case_id=row.reader_case_id,
    )
    _record(events.SignOffSealed(), row, order, actor)
    return row


def _lock(pk: UUID) -> tuple[SignOff, Order]:
    found = SignOff.objects.get(pk=pk)
    order = lock_order(found.order_id)
    return SignOff.objects.select_for_update(of=("self",)).get(pk=pk), order


def _record(event: EventType, row: SignOff, order: Order, actor: Actor) -> None:
    record(
        event,
        actor=actor,
        subject=row,
        subject_type="signoff",
        order_id=order.pk,
        case_id=order.case_id,
    )
