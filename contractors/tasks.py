"""Tasks of invoices and blocks: load, call a service, stop. What is due stands in the rows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db.models import QuerySet, Sum

from contractors import policies, services, thresholds
from contractors.blocking import CONTRACTOR, SIGN_OFF_WAIT
from contractors.causes import CauseCode
from contractors.models import Block, BlockedAlert, BlockHow
from contractors.selectors.digest import digest_of
from contractors.services.alerts import held_by_landlords
from contractors.services.digests import untold
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import Membership, Organisation
from nexxio.core.notifications import bell
from nexxio.core.scoping import system_scope
from orders.working_days import is_working_day

logger = logging.getLogger(__name__)

STEP = 200
MORNING = (7, 11)
"""Hours, in Paris, between which the morning's e-mail leaves."""


@shared_task(name="nexxio.contractors.chase_blocks", ignore_result=True)
def chase_blocks() -> None:
    """Tell again who holds a block; pass on what a tenant leaves without an answer.

    And tell both directions where too much is blocked between them.
    """
    chase_due()
    watch_totals()


@shared_task(name="nexxio.contractors.tell_mornings", ignore_result=True)
def tell_mornings() -> None:
    """Send each desk its morning's e-mail, on working days from seven o'clock in Paris."""
    local = clock.now().astimezone(clock.PARIS)
    if is_working_day(local.date()) and MORNING[0] <= local.hour < MORNING[1]:
        tell_desks()


def tell_desks() -> int:
    """Look at each member of a desk, in a transaction of his own. Returns how many are told."""
    with system_scope("contractors: morning digests"):
        houses = Organisation.objects.filter(is_active=True).values_list("pk", flat=True)
        return sum(_one(_tell, member=member) for house in houses for member in untold(house))


def _tell(*, member: Membership) -> bool:
    reader = actor_of(member)
    if not policies.desk(reader) or not bell.present(reader.own_id, [member]):
        return False
    with scope_of(reader):
        waits = bool(digest_of(reader, member.organisation.slug))
    clockwork = replace(SYSTEM, organisation_id=reader.own_id)
    return services.tell_morning(actor=clockwork, reader=reader, waits=waits)


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


def watch_totals() -> int:
    """Look at each landlord and company between whom much is blocked. Returns how many were told.

    Each in a transaction of its own. Nobody has to be looked at while no threshold is known.
    """
    with system_scope("contractors: watch what is blocked between two houses"):
        threshold = thresholds.threshold_on(clock.today())
        over = set(_pairs(BlockedAlert.objects.filter(is_over=True)))
        if threshold is not None:
            # The sum of all causes is never less than that of the invoices.
            much = held_by_landlords().values("landlord_id", "contractor_id")
            over |= set(_pairs(much.annotate(sum=Sum("amount")).filter(sum__gt=threshold.value)))
        return sum(
            _one(
                services.watch_blocked,
                actor=replace(SYSTEM, organisation_id=landlord_id),
                landlord_id=landlord_id,
                contractor_id=contractor_id,
            )
            for landlord_id, contractor_id in sorted(over)
        )


def _pairs(rows: QuerySet[Any]) -> Iterable[tuple[UUID, UUID]]:
    return rows.values_list("landlord_id", "contractor_id")


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
        return service(**row) not in (None, False)
    except Exception:
        logger.exception("%s failed", service.__name__)
        if "block_id" in row:  # later again, behind those that can be
            later = clock.now() + timedelta(hours=1)
            Block.objects.filter(pk=row["block_id"]).update(remind_at=later)
        return False
