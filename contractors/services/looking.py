"""Which orders are looked at again when something changes that is not of one order.

Bank details, billing details and a contract's terms decide over many invoices at once: a worker
looks at those that they may hold, or no longer.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet

from contractors.models import Block, Invoice
from contractors.states import CLEARED
from nexxio.core import jobs
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Job, JobState
from orders.models import Order
from orders.states import FINISHED, OrderState

LOOK = "blocks.look"
TERMS = frozenset({"needs_commitment", "pieces", "ends_on", "ceiling", "number", "perimeter"})
"""Terms of a contract that decide what holds an invoice."""
_LOOKED_AT = (OrderState.ACCEPTED, OrderState.PARTLY_DONE, *FINISHED)


def ask_look(
    *, landlord_id: UUID, contractor_id: UUID | None = None, contract_id: UUID | None = None
) -> None:
    """Let a worker look at a landlord's orders with a company, or of a contract. As the system."""
    payload = {
        "contractor": str(contractor_id) if contractor_id else "",
        "contract": str(contract_id) if contract_id else "",
    }
    waiting = Job.objects.filter(
        landlord_id=landlord_id, kind=LOOK, payload=payload, state=JobState.QUEUED
    )
    if not waiting.exists():  # one that hasn't begun will read what has changed meanwhile
        jobs.ask(kind=LOOK, actor=replace(SYSTEM, organisation_id=landlord_id), payload=payload)


def ask_looks_of_house(*, organisation_id: UUID, as_landlord: bool) -> None:
    """Ask for a look at all that one organisation's own details decide over: its open files."""
    if as_landlord:
        ask_look(landlord_id=organisation_id)
        return
    rows = _compared().filter(contractor_id=organisation_id).order_by("landlord_id")
    for landlord_id in rows.values_list("landlord_id", flat=True).distinct():
        ask_look(landlord_id=landlord_id, contractor_id=organisation_id)


def orders_decided_by(
    *, landlord_id: UUID, contractor_id: UUID | None, contract_id: UUID | None
) -> list[UUID]:
    """Return the orders whose blocks may have to open or to close.

    Of a contract those whose works are to be invoiced, or are; of a pair those with a file to be
    compared with what the two say of themselves.
    """
    if contract_id is None:
        rows = _compared().filter(landlord_id=landlord_id, order_id__isnull=False)
        if contractor_id is not None:
            rows = rows.filter(contractor_id=contractor_id)
        return list(
            dict.fromkeys(rows.order_by("filed_at", "pk").values_list("order_id", flat=True))
        )
    of_it = Order.objects.filter(landlord_id=landlord_id, contract_id=contract_id)
    held = Block.objects.filter(
        landlord_id=landlord_id, closed_at__isnull=True, order__contract_id=contract_id
    )
    states = [state for state in _LOOKED_AT if state != OrderState.CLOSED]
    found = of_it.filter(state__in=states) | of_it.filter(pk__in=held.values("order_id"))
    return list(found.order_by("done_at", "pk").values_list("pk", flat=True))


def _compared() -> QuerySet[Invoice]:
    """Filed invoices that came as files and that facts may still hold."""
    return Invoice.objects.filter(filed_at__isnull=False, came_as_file=True).exclude(
        state__in=CLEARED
    )
