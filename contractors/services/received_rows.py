"""What the steps of a received file share: its lock, and the states in which it stays.

The pair of organisations is locked first, then the file. Runs as the system.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from contractors import policies, received_events
from contractors.incoming import IncomingLine, Problem
from contractors.models import Invoice, InvoiceLine, ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.services.comparing import PLAIN as NO_DATA_PROFILE
from contractors.services.received_ladder import plan_reminders
from contractors.states import LineOrigin
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Partnership
from nexxio.core.outbox import record


def lock_received(received_id: UUID) -> ReceivedInvoice:
    """Lock a file, and before it the pair of organisations that it is between."""
    found: ReceivedInvoice = ReceivedInvoice.objects.get(pk=received_id)
    pair = {"landlord_id": found.landlord_id, "contractor_id": found.contractor_id}
    # So that of two files of one invoice, read at once, the second finds the first.
    Partnership.objects.select_for_update(of=("self",)).get(**pair)
    locked: ReceivedInvoice = (
        ReceivedInvoice.objects.select_related("landlord", "contractor", "order")
        .select_for_update(of=("self",))
        .get(pk=received_id)
    )
    return locked


def refuse(
    received: ReceivedInvoice, problem: Problem, actor: Actor, *, saved: list[str] | None = None
) -> ReceivedInvoice:
    """Refuse a locked file and say why. saved: what else was written on its row."""
    received.state, received.problems = ReceivedState.REFUSED, [problem.as_json()]
    received.save(update_fields=["state", "problems", *(saved or ())])
    event = received_events.ReceivedRefused(rule=problem.rule)
    record(event, actor=actor, subject=received, subject_type="received")
    return received


def wait(received: ReceivedInvoice, problem: Problem, actor: Actor) -> ReceivedInvoice:
    """Let a locked file wait for somebody, with what is missing; told once."""
    repeated = received.state == ReceivedState.WAITING and received.problems
    received.state, received.problems = ReceivedState.WAITING, [problem.as_json()]
    received.save(update_fields=["state", "problems", "order"])
    share(received)
    plan_reminders(received)
    if not repeated:
        event = received_events.ReceivedWaiting(rule=problem.rule)
        record(event, actor=actor, subject=received, subject_type="received")
    return received


def ask(received: ReceivedInvoice, actor: Actor) -> ReceivedInvoice:
    """Let a locked file wait for its company's word; its landlord doesn't see it yet."""
    received.state, received.problems = ReceivedState.TO_CONFIRM, []
    received.save(update_fields=["state", "problems", "order"])
    event = received_events.ReceivedAsked()
    record(event, actor=actor, subject=received, subject_type="received")
    return received


def share(received: ReceivedInvoice) -> None:
    """Let the other side see it; a landlord of Chorus Pro only once it was filed there."""
    by_contractor = received.side == Side.CONTRACTOR
    if received.shared_at or (by_contractor and policies.goes_by_chorus(received.landlord)):
        return
    received.shared_at = clock.now()
    received.save(update_fields=["shared_at"])


def received_on(received: ReceivedInvoice) -> date:
    """Return the day from which the delay runs: never before the invoice's own date, nor before
    its landlord could read what it says (a plain PDF is completed by its sender first).
    """
    assert received.issued_on is not None
    on = max(received.arrived_on, received.issued_on)
    plain = received.side == Side.CONTRACTOR and received.profile == NO_DATA_PROFILE
    if plain and received.shared_at is not None:
        on = max(on, clock.day_of(received.shared_at))
    return on


def line_of(invoice: Invoice, line: IncomingLine, rank: int) -> InvoiceLine:
    """Return a line of the file as one of its invoice."""
    assert invoice.contractor_id is not None
    return InvoiceLine(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        invoice=invoice,
        origin=LineOrigin.FREE,
        rank=rank,
        code=line.code,
        label=line.label,
        unit=line.unit,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        quantity=line.quantity,
        total_without_vat=line.total,
    )
