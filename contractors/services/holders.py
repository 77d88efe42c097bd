"""Who holds a block: a person of the landlord's service says so; or it is passed on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from contractors import alert_days, events, policies
from contractors.models import Block, BlockHolder
from contractors.services.blocks import holder_of, plan, rule_of
from contractors.services.moves import required
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Department
from nexxio.core.outbox import Subject, record
from orders.services.moves import lock_order

TO_CONTRACTOR, TO_LANDLORD = str(Side.CONTRACTOR), str(Side.LANDLORD)


@transaction.atomic
def see_to_block(*, actor: Actor, block_id: UUID) -> BlockHolder:
    """Say that the actor sees to a block of his own service; his landlord's people alone read it.

    A colleague who had it has it no longer; twice by the same changes nothing. Locks its order and
    the block. Raises Refused for whoever isn't of that service.
    """
    block = _lock(block_id)
    if not policies.can_take(actor, block):
        raise Refused("Seul le service qui tient ce blocage s’en occupe.", code="service")
    own = {"landlord_id": block.landlord_id, "block_id": block.pk}
    row = BlockHolder.objects.filter(**own).first() or BlockHolder(**own)
    is_his = row.user_id == actor.user_id and row.taken_at >= block.held_since
    if is_his or actor.user_id is None:
        return row
    row.user_id, row.taken_at = actor.user_id, clock.now()
    row.save()
    record(
        events.BlockTaken(cause=block.cause),
        actor=actor,
        subject=Subject(pk=block.pk, landlord_id=block.landlord_id),  # no company reads it
        subject_type="block",
        order_id=block.order_id,
    )
    return row


@transaction.atomic
def pass_block(*, actor: Actor, block_id: UUID, to: str, note: str) -> Block:
    """Give what is to be judged to the other side, or to another service of the landlord.

    to: "contractor", "landlord" (the service that the cause names), or for a landlord one of its
    services. The other side reads the reason. Alerts count anew for whoever has it then. Locks its
    order and the block. Raises Invalid for a desk that is none or has it already, Conflict where
    that side has one of the same cause.
    """
    reason = required(note, "Dites pourquoi vous le passez.")
    block = _lock(block_id)
    rule = rule_of(block.cause)
    refusal = policies.why_not_pass(actor, block, rule)
    if refusal is not None:
        raise refusal
    side, department = to, ""
    if to == TO_LANDLORD and actor.side is Side.CONTRACTOR:
        assert block.invoice is not None
        department = holder_of(rule, block.invoice.department)[1]
    elif to in Department.values and actor.side is Side.LANDLORD:
        side, department = TO_LANDLORD, to
    elif to != TO_CONTRACTOR or actor.side is Side.CONTRACTOR:
        raise Invalid({"to": ["Choisissez à qui le passer."]})
    if (side, department) == (block.side, block.department):
        raise Invalid({"to": ["Ce service le tient déjà."]})
    same: dict[str, Any] = {"landlord_id": block.landlord_id, "invoice_id": block.invoice_id}
    twin = Block.objects.filter(
        **same, cause=block.cause, side=side, closed_at__isnull=True
    ).exclude(pk=block.pk)
    if twin.exists():
        raise Conflict("Un blocage de la même cause y est déjà ouvert.")
    block.side, block.department, block.passed_at = side, department, clock.now()
    block.passed_side, block.passed_note, block.remind_at = actor.side, reason, None
    block.save(
        update_fields=[
            *("side", "department", "passed_at", "passed_side", "passed_note", "remind_at"),
        ]
    )
    plan(block, block.invoice, alert_days.load())
    event = events.BlockPassed(cause=block.cause, side=side, department=department)
    record(event, actor=actor, subject=block, subject_type="block", order_id=block.order_id)
    return block


def _lock(pk: UUID) -> Block:
    found = Block.objects.get(pk=pk)
    if found.order_id is not None:
        lock_order(found.order_id)
    locked: Block = (
        Block.objects.select_related("invoice").select_for_update(of=("self",)).get(pk=pk)
    )
    return locked
