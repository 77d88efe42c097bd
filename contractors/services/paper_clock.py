"""What the clock and the workers do with papers: reminded, shared, asked for, looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from contractors import alert_days, paper_events
from contractors.alert_days import AlertDays
from contractors.causes import CauseCode
from contractors.models import Block, BlockHow, Paper, PaperAsk, PaperDemand, PaperShare
from contractors.papers import step_of
from contractors.services.paper_facts import is_lacking
from contractors.services.papers import ask_companies, copy_for
from nexxio.core import clock, jobs
from nexxio.core.actors import SYSTEM, Side
from nexxio.core.outbox import Subject, of_house, record
from orders.models import Order
from orders.states import FINISHED, OrderState

LOOK = "papers.look"


@transaction.atomic
def remind_paper(*, paper_id: UUID, days: AlertDays | None = None) -> Paper | None:
    """Remind a company of a paper that will soon be over, or is; once at each step.

    A clock that stood still tells the last step only. days: of the run; read where there is none.
    As the system; locks the paper. None when somebody was faster or a newer one came.
    """
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper_id)
    step = step_of(paper.expires_on, clock.today(), (days or alert_days.load()).of_papers())
    told = paper.reminded
    if paper.replaced_at is not None or step is None or (told is not None and told <= step):
        return None
    paper.reminded = step
    paper.save(update_fields=["reminded"])
    own = paper.organisation_id
    record(
        paper_events.PaperExpiring(code=paper.code, until=paper.expires_on, days=step),
        actor=replace(SYSTEM, organisation_id=own),
        subject=of_house(pk=paper.pk, organisation_id=own, side=Side.CONTRACTOR),
        subject_type="paper",
    )
    return paper


@transaction.atomic
def share_paper(*, paper_id: UUID, landlord_id: UUID) -> PaperShare | None:
    """Give a landlord that works with the company since then its copy. As the system.

    Locks the paper. None when it has one, or a newer paper came.
    """
    paper: Paper = (
        Paper.objects.select_related("file").select_for_update(of=("self",)).get(pk=paper_id)
    )
    has_one = PaperShare.objects.filter(landlord_id=landlord_id, paper=paper).exists()
    if has_one or paper.replaced_at is not None:
        return None
    with default_storage.open(paper.file.storage_path) as kept:
        data = kept.read()
    share = copy_for(paper, landlord_id, data, paper.file.media_type, paper.file.name)
    record(
        paper_events.PaperShared(code=paper.code),
        actor=replace(SYSTEM, organisation_id=landlord_id),
        subject=Subject(pk=paper.pk, landlord_id=landlord_id, contractor_id=paper.organisation_id),
        subject_type="paper",
    )
    return share


@transaction.atomic
def ask_newcomer(*, landlord_id: UUID, contractor_id: UUID) -> PaperAsk | None:
    """Ask a company that came after its landlord's demand, and leave it the notice.

    As the system; locks the demand. None where nothing is asked any more, or it was asked already.
    """
    own = {"landlord_id": landlord_id}
    demand = PaperDemand.objects.select_for_update(of=("self",)).filter(**own, is_on=True).first()
    pair = {**own, "contractor_id": contractor_id}
    if demand is None or PaperAsk.objects.filter(**pair).exists():
        return None
    notice = clock.today() + timedelta(days=demand.notice_days)
    actor = replace(SYSTEM, organisation_id=landlord_id)
    ask_companies(actor, landlord_id, [contractor_id], max(demand.counts_from, notice))
    return PaperAsk.objects.get(**pair)


@transaction.atomic
def look_at_papers(*, ask_id: UUID) -> PaperAsk:
    """Note whether a company owes a landlord a paper today. Idempotent; as the system.

    Where that has changed, a worker looks at their orders again, since what lacks holds invoices
    (B17). Locks the ask.
    """
    ask = PaperAsk.objects.select_for_update(of=("self",)).get(pk=ask_id)
    today = clock.today()
    found = is_lacking(ask, today)
    changed = found != ask.is_lacking
    ask.is_lacking, ask.looked_on = found, today
    ask.save(update_fields=["is_lacking", "looked_on"])
    if changed:
        actor = replace(SYSTEM, organisation_id=ask.landlord_id)
        jobs.ask(kind=LOOK, actor=actor, payload={"ask": str(ask.pk)})
    return ask


def orders_to_look_at(ask: PaperAsk) -> list[UUID]:
    """Return the orders whose block for papers may have to open or to close."""
    pair = {"landlord_id": ask.landlord_id, "contractor_id": ask.contractor_id}
    held = Block.objects.filter(
        **pair,
        cause=CauseCode.PAPERS_EXPIRED,
        opened_how=BlockHow.FACT,
        closed_at__isnull=True,
        order_id__isnull=False,
    ).values_list("order_id", flat=True)
    if not ask.is_lacking:
        return list(dict.fromkeys(held.order_by("opened_at")))
    under_way = (OrderState.ACCEPTED, OrderState.PARTLY_DONE)
    states = [state for state in (*under_way, *FINISHED) if state != OrderState.CLOSED]
    rows = Order.objects.filter(**pair, state__in=states).exclude(pk__in=list(held))
    return list(rows.order_by("done_at", "pk").values_list("pk", flat=True))
