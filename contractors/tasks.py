"""Tasks of invoices and blocks: load, call a service, stop. What is due stands in the rows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task

from contractors import services
from contractors.blocking import CONTRACTOR, SIGN_OFF_WAIT
from contractors.causes import CauseCode
from contractors.models import Block, BlockHow
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.scoping import system_scope

logger = logging.getLogger(__name__)

STEP = 200


@shared_task(name="nexxio.contractors.chase_blocks", ignore_result=True)
def chase_blocks() -> None:
    """Tell again who holds a block; pass on what a tenant leaves without an answer."""
    chase_due()


def chase_due() -> int:
    """Chase all that is due, each in a transaction of its own. Returns how many were told."""
    with system_scope("contractors: chase what blocks invoices"):
        for block in _unanswered():
            _one(
                services.look_at_order,
                actor=replace(SYSTEM, organisation_id=block.landlord_id),
                order_id=block.order_id,
            )
        due = Block.objects.filter(remind_at__lte=clock.now()).order_by("remind_at")
        keys: list[UUID] = list(due.values_list("pk", flat=True)[:STEP])
        return sum(_one(services.remind_block, block_id=pk) for pk in keys)


def _unanswered() -> list[Block]:
    """Return sign-offs that a tenant has had 72 hours for: the landlord checks from then on."""
    return list(
        Block.objects.filter(
            cause=CauseCode.SIGN_OFF,
            side=CONTRACTOR,
            closed_at__isnull=True,
            opened_how=BlockHow.FACT,
            order__done_at__lte=clock.now() - SIGN_OFF_WAIT,
        ).order_by("opened_at")[:STEP]
    )


def _one(service: Callable[..., Any], **row: Any) -> bool:
    """Do one; a failure is logged and holds up no other."""
    try:
        return service(**row) is not None
    except Exception:
        logger.exception("a block could not be chased")
        if "block_id" in row:  # later again, behind those that can be
            later = clock.now() + timedelta(hours=1)
            Block.objects.filter(pk=row["block_id"]).update(remind_at=later)
        return False
