"""When an invoice that was granted is likely to be paid: at its landlord's next payment run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contractors.models import Invoice, PaymentCalendar
from contractors.pay_runs import next_run
from contractors.states import GRANTED
from nexxio.core import clock
from nexxio.core.actors import Actor

LANDLORD = "landlord__payment_calendar"
"""What to load with invoices whose payment is looked for: no query more."""


@dataclass(frozen=True)
class Expected:
    """The day of a payment run. is_late: it comes after the legal due date."""

    on: date
    is_late: bool


def own_calendar(actor: Actor) -> PaymentCalendar | None:
    """Return the calendar of the actor's landlord."""
    return PaymentCalendar.objects.filter(landlord_id=actor.own_id).first()


def expected_of(invoice: Invoice) -> Expected | None:
    """Return the run that pays an invoice; None before it is granted or without a calendar.

    Its landlord is loaded with its calendar (LANDLORD). A run that has passed without a payment
    didn't pay it: the next one counts.
    """
    if invoice.is_credit or invoice.state not in GRANTED:
        return None
    calendar: PaymentCalendar | None = getattr(invoice.landlord, "payment_calendar", None)
    if calendar is None:
        return None
    granted_on = clock.day_of(invoice.state_since)
    on = next_run(calendar.weekdays, calendar.days, max(granted_on, clock.today()))
    if on is None:
        return None
    return Expected(on, is_late=invoice.due_on is not None and on > invoice.due_on)
