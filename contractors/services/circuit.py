"""Who has an invoice that nothing blocks: the landlord's own circuit (B20), until it is paid.

Inside the legal delay it holds nothing back and stops no clock; it says at whose desk the invoice
is, so that this desk is reminded like any other. It comes and goes with the invoice's own events
and has none itself. Once the due date has passed the delay is not hidden any more: another row
begins, which holds what is left to pay and is told like any block.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from contractors.causes import CauseCode, CauseRule
from contractors.models import Block, BlockHow, BlockSide, Invoice
from contractors.services.paid import NOTHING
from contractors.states import GRANTED, JUDGED
from nexxio.core import clock
from nexxio.core.models import Department

CAUSE = CauseCode.INTERNAL_CIRCUIT


def is_circuit(block: Block) -> bool:
    """Tell whether a block says who has the invoice now, in time or late."""
    return block.cause == CAUSE and block.opened_how == BlockHow.FACT


def is_silent(block: Block) -> bool:
    """Tell whether it only says so: it holds nothing, and nobody is told that it comes or goes."""
    return is_circuit(block) and not block.amount


def held_in_circuit(invoice: Invoice, others: Iterable[Block], *, paid: Decimal) -> Decimal | None:
    """Return what the circuit holds of an invoice: nothing until it is late, None where it isn't.

    What is granted has only to be paid; what is to be judged waits for whoever blocks it. others:
    what else is open on it. paid: so much of it was.
    """
    rest = list(others)
    if invoice.is_credit or invoice.filed_at is None or any(row.cause == CAUSE for row in rest):
        return None
    judged = invoice.state in JUDGED and not any(row.amount for row in rest)
    if invoice.state not in GRANTED and not judged:
        return None
    if invoice.due_on is None or clock.today() <= invoice.due_on:
        return NOTHING
    return max(invoice.owed - paid, NOTHING)


def late_from(invoice: Invoice) -> datetime | None:
    """Return the first instant at which it is late; None where no due date is known."""
    return clock.start_of(invoice.due_on + timedelta(days=1)) if invoice.due_on else None


def row_of_circuit(invoice: Invoice, amount: Decimal, rule: CauseRule | None) -> Block:
    """Return the row of an invoice that has none, unsaved. rule: what holds of the cause today."""
    return Block(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        order_id=invoice.order_id,
        invoice=invoice,
        cause=CAUSE,
        amount=amount,
        side=BlockSide.LANDLORD,
        department=(rule.department if rule else "") or str(Department.COMPTABILITE),
        opened_at=clock.now(),
        due_at=late_from(invoice) if amount else None,
    )


def end_circuit(invoice: Invoice) -> None:
    """Close the row of an invoice that something else holds from now on."""
    rows = Block.objects.filter(
        landlord_id=invoice.landlord_id,
        invoice_id=invoice.pk,
        cause=CAUSE,
        opened_how=BlockHow.FACT,
        closed_at__isnull=True,
    )
    rows.update(closed_at=clock.now(), closed_how=BlockHow.FACT, remind_at=None)
