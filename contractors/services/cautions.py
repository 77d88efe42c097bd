"""What the law says of an act that the landlord is about to do: shown before, recorded with it."""

from __future__ import annotations

from datetime import date, datetime

from contractors import causes_book, legality, policies
from contractors.causes import CauseCode, CauseRule
from contractors.legality import Act, History, Intent, Warned
from contractors.models import Invoice, ReceivedInvoice
from contractors.services.due_dates import (
    commitment_given_on,
    interruptions_of,
    order_number_given_on,
    regime_of,
    said_of,
)
from contractors.services.payment_facts import regime_for
from nexxio.core import clock
from orders.models import Order


def cautions_of(invoice: Invoice, act: Act, cause: CauseRule) -> list[Warned]:
    """Return what the law has to say today, the gravest first. Landlord and order are loaded."""
    today = clock.today()
    said = said_of(invoice, cause.code)
    intent = Intent(act=act, cause=cause, on=today, said=said)
    return legality.warnings(intent, _history(invoice))


def codes_of(invoice: Invoice, act: Act, cause: CauseRule) -> tuple[str, ...]:
    """Return the codes of the warnings, to be recorded with the act."""
    return tuple(str(warned.code) for warned in cautions_of(invoice, act, cause))


def cautions_of_received(received: ReceivedInvoice) -> list[Warned]:
    """Return what the law has to say of handing back, or putting away, what came in as a file.

    Whatever it is called, it is a refusal of an invoice whose delay runs. Nothing is said of a file
    whose figures nobody knows. Its landlord is loaded.
    """
    rule = causes_book.cause_on(CauseCode.ORDER_NUMBER, clock.today())
    if rule is None or received.total_with_vat is None or received.side is None:
        return []
    intent = Intent(act=Act.HAND_BACK, cause=rule, on=clock.today())
    history = History(
        amount=received.total_with_vat,
        is_public=regime_for(received.landlord).is_public,
        invoiced_on=received.issued_on,
        order_number_given_on=_given_on(received),
        chorus_only=policies.waits_for_chorus(received),
        came_through_chorus=False,
        invited_to_chorus_on=_day(received.invited_at),
    )
    return legality.warnings(intent, history)


def codes_of_received(received: ReceivedInvoice) -> tuple[str, ...]:
    """Return the codes of the warnings, to be recorded with the act."""
    return tuple(str(warned.code) for warned in cautions_of_received(received))


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
        invited_to_chorus_on=_invited_on(invoice),
    )


def _given_on(received: ReceivedInvoice) -> date | None:
    """Since when the company has the number: of its order, or of any where none is found."""
    rows = Order.objects.filter(
        landlord_id=received.landlord_id,
        contractor_id=received.contractor_id,
        issued_at__isnull=False,
    )
    if received.order_id is not None:
        rows = rows.filter(pk=received.order_id)
    return _day(rows.order_by("issued_at").values_list("issued_at", flat=True).first())


def _day(moment: datetime | None) -> date | None:
    return clock.day_of(moment) if moment else None


def _invited_on(invoice: Invoice) -> date | None:
    """On which day its company was invited to Chorus Pro, of one that came as a file."""
    if not invoice.came_as_file:
        return None
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    received = ReceivedInvoice.objects.filter(**own).first()
    return _day(received.invited_at) if received is not None else None
