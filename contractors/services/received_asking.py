"""What its company can still mend of a file that it sent in, before its landlord has it.

What only the landlord can end doesn't hold a company's invoice up: it is shown, not asked about.
"""

from __future__ import annotations

from dataclasses import replace

from contractors.blocking import CONTRACTOR
from contractors.matching import Difference
from contractors.models import ReceivedInvoice
from contractors.services.blocks import look_at_order
from contractors.services.comparing import comparison_before
from nexxio.core.actors import Actor, Side
from orders.models import Order


def is_asked(received: ReceivedInvoice, order: Order, actor: Actor) -> bool:
    """Tell whether the company is asked before its file becomes an invoice of a locked order.

    Only of a file of its own that its landlord doesn't see yet, and once.
    """
    unseen = received.shared_at is None and received.confirmed_at is None
    if received.side != Side.CONTRACTOR or not unseen or received.is_credit:
        return False
    blocks = look_at_order(actor=actor, order_id=order.pk)
    mends = any(
        block.side == CONTRACTOR and block.amount > 0 and block.invoice_id is None
        for block in blocks
    )
    return mends or bool(differences_of(received, order))


def differences_of(received: ReceivedInvoice, order: Order) -> tuple[Difference, ...]:
    """Return in what a file isn't what was ordered and certified, the article named before it."""
    compared = comparison_before(received, order)
    of_lines = (
        replace(each, text=f"{row.label} : {each.text}" if row.label else each.text)
        for row in compared.rows
        for each in row.differences
    )
    return tuple(dict.fromkeys([*of_lines, *compared.whole]))
