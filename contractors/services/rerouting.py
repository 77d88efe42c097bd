"""An invoice that came to the wrong service goes to the right one, under the same number (B14)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from contractors import events, policies
from contractors.causes import CauseCode
from contractors.models import Invoice
from contractors.services.blocks import close_block_by_hand, open_on
from contractors.services.moves import lock_invoice, record_of, required
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Department


@transaction.atomic
def reroute(*, actor: Actor, invoice_id: UUID, department: str, note: str) -> Invoice:
    """Give an invoice to another service of its landlord; its delay runs on.

    What held it as wrongly addressed ends with it. Locks order and invoice. Raises Invalid for a
    service that is none, or already has it, and without a reason.
    """
    reason = required(note, "Dites pourquoi elle change de service.")
    invoice = lock_invoice(invoice_id)
    if not policies.can_reroute(actor, invoice):
        raise Refused("Cette facture ne change plus de service.", code="state")
    if department not in Department.values:
        raise Invalid({"department": ["Choisissez un service."]})
    wrong = [block for block in open_on(invoice) if block.cause == CauseCode.RECIPIENT]
    if department == invoice.department and not wrong:
        raise Invalid({"department": ["Elle est déjà dans ce service."]})
    invoice.department = department
    invoice.version += 1
    invoice.save(update_fields=["department", "version"])
    record_of(events.InvoiceRerouted(number=invoice.number, department=department), invoice, actor)
    for block in wrong:
        close_block_by_hand(actor=actor, block_id=block.pk, note=reason)
    return invoice
