"""Who has an invoice that nothing blocks: the landlord's own circuit (B20), until it is paid.

It holds nothing back and stops no clock; it says at whose desk the invoice is, so that this desk
is reminded like any other. It comes and goes with the invoice's own events and has none itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from contractors import causes_book
from contractors.causes import CauseCode
from contractors.models import Block, BlockHow, BlockSide, Invoice
from contractors.states import GRANTED, JUDGED
from nexxio.core import clock
from nexxio.core.models import Department

CAUSE = CauseCode.INTERNAL_CIRCUIT


def is_circuit(block: Block) -> bool:
    """Tell whether a block only says who has the invoice now."""
    return block.cause == CAUSE and block.opened_how == BlockHow.FACT


def keep_circuit(
    invoice: Invoice, there: Block | None, others: Iterable[Block]
) -> tuple[Block | None, bool]:
    """Open the row of an invoice, or let it stand; return it, and whether it has to be closed.

    there: its open one. others: what else is open on it.
    """
    if not _wants(invoice, others):
        return there, there is not None
    return there or _open(invoice), False


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


# --- inside -----------------------------------------------------------------------------------


def _wants(invoice: Invoice, others: Iterable[Block]) -> bool:
    """What is granted has only to be paid; what is to be judged waits for whoever blocks it."""
    if invoice.is_credit or invoice.filed_at is None:
        return False
    if invoice.state in GRANTED:
        return True
    return invoice.state in JUDGED and not any(block.amount for block in others)


def _open(invoice: Invoice) -> Block:
    rule = causes_book.cause_on(CAUSE, clock.today())
    block = Block(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        order_id=invoice.order_id,
        invoice=invoice,
        cause=CAUSE,
        amount=Decimal(0),
        side=BlockSide.LANDLORD,
        department=(rule.department if rule else "") or str(Department.COMPTABILITE),
        opened_at=clock.now(),
    )
    block.save(force_insert=True)
    return block
