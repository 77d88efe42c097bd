"""Credit notes and later invoices for tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from contractors import services
from contractors.models import Invoice
from nexxio.core.actors import SYSTEM
from nexxio.core.scoping import system_scope
from tests.factories.acting import act
from tests.factories.invoiced import again, handed_over
from tests.factories.world import Party


def credited(
    party: Party,
    invoice: Invoice,
    *,
    quantities: dict[object, Decimal] | None = None,
    reason: str = "error",
) -> Invoice:
    """Take an invoice back, or so much of its lines; return the credit note, filed and applied."""
    prepared = credit_prepared(party, invoice, quantities=quantities, reason=reason)
    return applied(party, prepared)


def credit_prepared(
    party: Party,
    invoice: Invoice,
    *,
    quantities: dict[object, Decimal] | None = None,
    reason: str = "error",
) -> Invoice:
    """Prepare a credit note."""
    return act(
        party,
        "desk",
        services.prepare_credit_note,
        invoice_id=invoice.pk,
        reason=reason,
        note=f"Erreur de saisie, {party.landlord.name}",
        quantities=quantities,
    )


def applied(party: Party, credit: Invoice) -> Invoice:
    """File a credit note, and let the system reduce its invoice as the relay would."""
    filed = handed_over(party, credit)
    with system_scope("tests: credit note"):
        actor = replace(SYSTEM, organisation_id=filed.landlord_id)
        services.apply_credit(actor=actor, credit_id=filed.pk)
    return again(filed)
