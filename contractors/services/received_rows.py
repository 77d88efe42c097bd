"""What the steps of a received file share: its lock, and the states in which it stays.

The pair of organisations is locked first, then the file. Runs as the system.
"""

from __future__ import annotations

from uuid import UUID

from contractors import policies, received_events
from contractors.incoming import Problem
from contractors.models import ReceivedInvoice
from contractors.received_states import ReceivedState
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
    if not repeated:
        event = received_events.ReceivedWaiting(rule=problem.rule)
        record(event, actor=actor, subject=received, subject_type="received")
    return received


def share(received: ReceivedInvoice) -> None:
    """Let the other side see it; a landlord of Chorus Pro only once it was filed there."""
    by_contractor = received.side == Side.CONTRACTOR
    if received.shared_at or (by_contractor and policies.goes_by_chorus(received.landlord)):
        return
    received.shared_at = clock.now()
    received.save(update_fields=["shared_at"])
