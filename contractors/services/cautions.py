"""What the law says of an act that the landlord is about to do: shown before, recorded with it."""

from __future__ import annotations

from contractors import causes_book, legality, policies
from contractors.causes import CauseRule
from contractors.legality import Act, History, Intent, Warned
from contractors.models import Invoice
from contractors.services.due_dates import (
    commitment_given_on,
    interruptions_of,
    order_number_given_on,
    regime_of,
    said_of,
)
from nexxio.core import clock


def cautions_of(invoice: Invoice, act: Act, cause: CauseRule) -> list[Warned]:
    """Return what the law has to say today, the gravest first. Landlord and order are loaded."""
    today = clock.today()
    said = said_of(invoice, cause.code)
    intent = Intent(act=act, cause=cause, on=today, said=said)
    return legality.warnings(intent, _history(invoice))


def codes_of(invoice: Invoice, act: Act, cause: CauseRule) -> tuple[str, ...]:
    """Return the codes of the warnings, to be recorded with the act."""
    return tuple(str(warned.code) for warned in cautions_of(invoice, act, cause))


# --- inside -----------------------------------------------------------------------------------


def _history(invoice: Invoice) -> History:
    return History(
        amount=invoice.total_with_vat,
        is_public=regime_of(invoice).is_public,
        invoiced_on=invoice.issued_on,
        due_on=invoice.due_on,
        order_number_given_on=order_number_given_on(invoice),
        commitment_given_on=commitment_given_on(invoice),
        interruptions=interruptions_of(invoice, causes_book.load()),
        chorus_only=policies.goes_by_chorus(invoice.landlord),
        came_through_chorus=bool(invoice.chorus_number),
    )
