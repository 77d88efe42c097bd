"""Tasks of invoices and blocks: load, call a service, stop. What is due stands in the rows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from contractors import alert_days, services, thresholds
from contractors.alert_days import AlertDays
from contractors.blocking import CONTRACTOR
from contractors.causes import CauseCode
from contractors.models import (
    BankCheck,
    Block,
    BlockedAlert,
    BlockHow,
    Paper,
    PaperAsk,
    PaperDemand,
    PaperShare,
    ReceivedInvoice,
    Retention,
    Subcontract,
)
from contractors.papers import EXPIRED_STEP
from contractors.selectors.digest import digest_of
from contractors.services.alerts import held_by_landlords
from contractors.services.digests import settled
from contractors.subcontract_states import SubcontractState
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Role, scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import Membership, Organisation, Partnership
from nexxio.core.notifications import bell
from nexxio.core.scoping import system_scope
from orders.models import Order
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
        return sum(_one(_tell, member=member) for house in houses for member in _untold(house))


def _untold(house: UUID) -> list[Membership]:
    """Return who works at a house's desk today and was not looked at yet."""
    desk = bell.members_with(house, Role.MANAGER, Role.CLERK)
    done = settled(house)
    members = bell.present(house, desk.select_related("user", "organisation"))
    return [member for member in members if member.pk not in done]


def _tell(*, member: Membership) -> bool:
    reader = actor_of(member)
    with scope_of(reader):
        waits = bool(digest_of(reader, member.organisation.slug))
    clockwork = replace(SYSTEM, organisation_id=reader.own_id)
    return services.tell_morning(actor=clockwork, reader=reader, waits=waits)


def chase_due() -> int:
    """Chase all that is due, each in a transaction of its own. Returns how many were told."""
    with system_scope("contractors: chase what blocks invoices"):
        days = alert_days.load()
        for block in _unanswered(days):
            _one(
                services.look_at_order,
                actor=replace(SYSTEM, organisation_id=block.landlord_id),
                order_id=block.order_id,
                days=days,
            )
        due = Block.objects.filter(remind_at__lte=clock.now()).order_by("remind_at")
        keys: list[UUID] = list(due.values_list("pk", flat=True)[:STEP])
        told = sum(_one(services.remind_block, block_id=pk, days=days) for pk in keys)
        waiting = ReceivedInvoice.objects.filter(remind_at__lte=clock.now())
        files: list[UUID] = list(waiting.order_by("remind_at").values_list("pk", flat=True)[:STEP])
        told += sum(_one(services.remind_received, received_id=pk, days=days) for pk in files)
        awaited = Order.objects.filter(invoice_remind_at__lte=clock.now())
        unbilled: list[UUID] = list(
            awaited.order_by("invoice_remind_at").values_list("pk", flat=True)[:STEP]
        )
        return told + sum(_one(services.remind_to_invoice, order_id=pk) for pk in unbilled)


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


@shared_task(name="nexxio.contractors.chase_papers", ignore_result=True)
def chase_papers() -> None:
    """Remind of papers that expire; tell whose bank details are in force since their hold ended.

    Tell of retentions whose day has come. And accept the subcontractors whom a landlord has left
    without an answer.
    """
    chase_old_papers()


def chase_old_papers() -> int:
    """Do what days and newcomers bring, each in a transaction of its own. Returns how many."""
    with system_scope("contractors: papers that expire, bank details whose hold is over"):
        done = [_one(services.share_paper, **row) for row in _unshared()]
        done += [_one(services.ask_newcomer, **row) for row in _unasked()]
        days = alert_days.load()
        done += [_one(services.remind_paper, paper_id=pk, days=days) for pk in _expiring(days)]
        done += [_one(services.look_at_papers, ask_id=pk) for pk in _not_looked_at()]
        done += [_one(services.tell_in_force, check_id=pk) for pk in _held()]
        done += [_one(services.tell_retention, retention_id=pk) for pk in _to_release()]
        done += [_one(services.accept_by_silence, **row) for row in _kept_silent()]
        return sum(done)


def _unshared() -> list[dict[str, UUID]]:
    """Return papers that count and whose landlord has no copy: it came after they were sent."""
    copies = PaperShare.objects.filter(
        paper_id=OuterRef("pk"), landlord_id=OuterRef(OuterRef("landlord_id"))
    )
    lacking = Paper.objects.filter(
        ~Exists(copies), organisation_id=OuterRef("contractor_id"), replaced_at__isnull=True
    )
    newcomers = Partnership.objects.filter(Exists(lacking)).order_by("created_at")[:STEP]
    return [
        {"paper_id": paper_id, "landlord_id": pair.landlord_id}
        for pair in newcomers
        for paper_id in Paper.objects.filter(
            organisation_id=pair.contractor_id, replaced_at__isnull=True
        ).values_list("pk", flat=True)
    ]


def _unasked() -> list[dict[str, UUID]]:
    """Return companies that came after their landlord had asked all others."""
    asks = PaperAsk.objects.filter(
        landlord_id=OuterRef("landlord_id"), contractor_id=OuterRef("contractor_id")
    )
    asking = PaperDemand.objects.filter(is_on=True).values("landlord_id")
    rows = Partnership.objects.filter(~Exists(asks), landlord_id__in=asking)
    pairs = rows.order_by("created_at").values_list("landlord_id", "contractor_id")[:STEP]
    return [{"landlord_id": landlord, "contractor_id": company} for landlord, company in pairs]


def _expiring(days: AlertDays) -> list[UUID]:
    """Return papers that have reached a step that their company wasn't told."""
    today = clock.today()
    reached = Q(expires_on__lt=today) & ~Q(reminded=EXPIRED_STEP)
    reached |= Q(expires_on__lt=today, reminded__isnull=True)
    for step in days.of_papers():
        untold = Q(reminded__isnull=True) | Q(reminded__gt=step)
        reached |= untold & Q(expires_on__lte=today + timedelta(days=step))
    rows = Paper.objects.filter(reached, replaced_at__isnull=True)
    return list(rows.order_by("expires_on").values_list("pk", flat=True)[:STEP])


def _not_looked_at() -> list[UUID]:
    """Return asks that weren't looked at today: what was there yesterday may be over."""
    stale = Q(looked_on__isnull=True) | Q(looked_on__lt=clock.today())
    return list(PaperAsk.objects.filter(stale).order_by("pk").values_list("pk", flat=True)[:STEP])


def _to_release() -> list[UUID]:
    """Return retentions whose day has come and of which nobody was told."""
    rows = Retention.objects.filter(
        released_on__isnull=True,
        opposed_at__isnull=True,
        told_on__isnull=True,
        release_on__lte=clock.today(),
        amount__gt=0,
    )
    return list(rows.order_by("release_on").values_list("pk", flat=True)[:STEP])


def _held() -> list[UUID]:
    """Return checks of bank details whose hold is over and of which nobody was told."""
    rows = BankCheck.objects.filter(told_at__isnull=True, from_at__lte=clock.now())
    return list(rows.order_by("from_at").values_list("pk", flat=True)[:STEP])


def _kept_silent() -> list[dict[str, Any]]:
    """Return declarations that the landlord has left without an answer for long enough."""
    rows = Subcontract.objects.filter(
        state=SubcontractState.DECLARED, tacit_on__lte=clock.today()
    ).order_by("tacit_on")[:STEP]
    return [
        {
            "actor": replace(SYSTEM, organisation_id=row.landlord_id),
            "subcontract_id": row.pk,
        }
        for row in rows
    ]


def _pairs(rows: QuerySet[Any]) -> Iterable[tuple[UUID, UUID]]:
    return rows.values_list("landlord_id", "contractor_id")


def _unanswered(days: AlertDays) -> list[Block]:
    """Return sign-offs that a tenant has had his time for: the landlord checks from then on."""
    wait = days.sign_off_wait()
    if wait is None:
        return []
    return list(
        Block.objects.filter(
            cause=CauseCode.SIGN_OFF,
            side=CONTRACTOR,
            closed_at__isnull=True,
            opened_how=BlockHow.FACT,
            order__done_at__lte=clock.now() - wait,
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
