"""Files that no order is found for: until when they have to be paid, and who is told again.

Their delay runs since they arrived, invoice or not: whoever has to find the order is reminded on
the same steps as whoever holds a block.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from contractors import alert_days, legal_clock, policies, rate_book, received_events
from contractors.alert_days import AlertDays
from contractors.ladder import Ladder, last_steps, next_step
from contractors.legal_clock import Facts, Missing, Terms
from contractors.models import ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.services.payment_facts import regime_for
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.outbox import record

LOOKED_FOR = frozenset({"NX-NO-ORDER", "NX-UNKNOWN-ORDER", "NX-SEVERAL-ORDERS", "NX-CHORUS"})
"""Why a file waits for somebody, not for works to be over."""


def probable_due_date(received: ReceivedInvoice) -> date | None:
    """Return until when a file has to be paid if its works were done when it arrived.

    None where no delay runs: to be filed with Chorus Pro, a credit note, or figures that nobody
    knows. Its landlord is loaded.
    """
    if received.total_with_vat is None or received.is_credit or received.shared_at is None:
        return None
    if policies.goes_by_chorus(received.landlord) and not received.chorus_number:
        return None
    facts = Facts(
        amount=received.total_with_vat,
        received_on=received.arrived_on,
        invoiced_on=received.issued_on,
    )
    terms = Terms(regime=regime_for(received.landlord))
    try:
        return legal_clock.compute(facts, terms, rate_book.load(), as_of=clock.today()).due
    except Missing:
        return None


def plan_reminders(
    received: ReceivedInvoice, *, after: datetime | None = None, days: AlertDays | None = None
) -> None:
    """Keep since when a locked file waits and when its landlord is told again; null for no more.

    days: of the run; read where there is none.
    """
    if received.waiting_since is None:
        received.waiting_since = clock.now()
    rule = received.problems[0]["rule"] if received.problems else ""
    waits = received.state == ReceivedState.WAITING and rule in LOOKED_FOR
    step = None
    if waits and received.shared_at is not None:
        since = after or received.waiting_since - timedelta(microseconds=1)
        ladder = _ladder(received.waiting_since, days or alert_days.load())
        due_on = probable_due_date(received)
        step = next_step(received.waiting_since, due_on, ladder, after=since)
    received.remind_at = step.at if step else None
    received.save(update_fields=["waiting_since", "remind_at"])


@transaction.atomic
def remind_received(*, received_id: UUID, days: AlertDays | None = None) -> ReceivedInvoice | None:
    """Tell again who has to find the order of a file. As the system; locks its row.

    days: of the run; read where there is none. None when somebody was faster: it has its order, or
    was put away.
    """
    received: ReceivedInvoice = (
        ReceivedInvoice.objects.select_related("landlord")
        .select_for_update(of=("self",))
        .get(pk=received_id)
    )
    now = clock.now()
    if received.remind_at is None or received.remind_at > now:
        return None
    since = received.waiting_since or received.created_at
    days = days or alert_days.load()
    told = last_steps(since, probable_due_date(received), _ladder(since, days), now=now)
    plan_reminders(received, after=now, days=days)
    if received.state != ReceivedState.WAITING:
        return None
    for step in told:
        record(
            received_events.ReceivedLate(level=step.level.value, days=step.days),
            actor=replace(SYSTEM, organisation_id=received.landlord_id),
            subject=received,
            subject_type="received",
        )
    return received if told else None


def _ladder(since: datetime, days: AlertDays) -> Ladder:
    return days.ladder(clock.day_of(since))
