"""Writes of a landlord's calendar of payment runs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from contractors import deduction_events as events
from contractors import policies
from contractors.models import PaymentCalendar
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import of_house, record

MOST_DAYS = 120


@transaction.atomic
def save_payment_calendar(
    *, actor: Actor, weekdays: Collection[int], days: Collection[date]
) -> PaymentCalendar:
    """Say on which days a landlord pays; its companies read when they may expect their money.

    Locks the landlord's row. Raises Refused for who doesn't pay, Invalid for too many days and for
    a day of the week on which banks don't work.
    """
    if not policies.pays(actor):
        raise Refused("Seule la comptabilité règle le calendrier de paiement.", code="role")
    if not set(weekdays) <= set(range(5)):
        raise Invalid({"weekdays": ["Du lundi au vendredi."]})
    if len(set(days)) > MOST_DAYS:
        raise Invalid({"days": [f"{MOST_DAYS} dates au plus."]})
    wanted, dates = sorted(set(weekdays)), sorted(set(days))
    own = {"landlord_id": actor.own_id}
    PaymentCalendar.objects.bulk_create([PaymentCalendar(**own)], ignore_conflicts=True)
    calendar = PaymentCalendar.objects.select_for_update(of=("self",)).get(**own)
    if (calendar.weekdays, calendar.days) == (wanted, dates):
        return calendar
    calendar.weekdays, calendar.days = wanted, dates
    calendar.save(update_fields=["weekdays", "days"])
    subject = of_house(pk=calendar.pk, organisation_id=calendar.landlord_id, side=Side.LANDLORD)
    record(events.CalendarSet(), actor=actor, subject=subject, subject_type="payment_calendar")
    return calendar
