"""Reminders of visits: planned at the proposal and at the confirmation, sent once, by day.

A reminder is settled in the transaction that records it, under the locks of order and visit: what
was moved, given up or started meanwhile is never reminded of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.outbox import record
from orders.appointment_events import AnswerReminded, VisitReminded
from orders.models import Order, ReminderMoment, Visit, VisitReminder, VisitSlot
from orders.services.moves import lock_order
from orders.states import VisitState

DAY_BEFORE_AT = time(10)
"""Early enough to change the appointment before the cut-off of the evening."""
HOURS_BEFORE = timedelta(hours=2)
UNANSWERED_AFTER = timedelta(hours=24)
"""How long a tenant has for his answer before he is reminded, once."""
MORNING = time(7, 30)
EVENING = time(20)


def plan_reminders(visit: Visit) -> None:
    """Plan the reminders of a visit that was just confirmed, where a tenant waits for it."""
    _plan(visit, moments_of(visit.window_start, clock.now()))


def plan_answer_reminder(visit: Visit, last_start: datetime) -> None:
    """Plan the one reminder of an appointment that was just proposed to a tenant.

    None where its last window begins sooner: a second message of the same day says nothing new.
    """
    at = clock.now() + UNANSWERED_AFTER
    if at < last_start:
        _plan(visit, {ReminderMoment.UNANSWERED.value: at})


def _plan(visit: Visit, moments: Mapping[str, datetime]) -> None:
    if visit.reader_case_id is None:
        return
    VisitReminder.objects.bulk_create(
        [
            VisitReminder(
                landlord_id=visit.landlord_id,
                contractor_id=visit.contractor_id,
                tenant_id=visit.tenant_id,
                reader_case_id=visit.reader_case_id,
                order_id=visit.order_id,
                visit=visit,
                moment=moment,
                remind_at=at,
            )
            for moment, at in moments.items()
        ]
    )


def moments_of(start: datetime, now: datetime) -> dict[str, datetime]:
    """Return when a visit that starts at `start` is reminded of, what is over left out.

    Two hours before, but never before the morning: of a visit at 8 h the tenant hears at 7 h 30.
    """
    day, zone = clock.day_of(start), clock.zone_at(start)
    planned = {
        ReminderMoment.DAY_BEFORE.value: _at(day - timedelta(days=1), DAY_BEFORE_AT, zone),
        ReminderMoment.HOURS_BEFORE.value: max(start - HOURS_BEFORE, _at(day, MORNING, zone)),
    }
    return {moment: at for moment, at in planned.items() if now < at < start}


@transaction.atomic
def remind_visit(*, reminder_id: UUID) -> VisitReminder | None:
    """Remind a tenant of a visit; None when it fell away, or was put off to the morning.

    Runs as the system. Locks order, visit and reminder, so that it is sent once, and never for a
    visit that no longer stands.
    """
    found = VisitReminder.objects.select_related("visit").get(pk=reminder_id)
    order = lock_order(found.visit.order_id)
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=found.visit_id)
    reminder: VisitReminder = VisitReminder.objects.select_for_update(of=("self",)).get(
        pk=reminder_id
    )
    now, zone = clock.now(), clock.zone_at(visit.window_start)
    if reminder.remind_at is None or reminder.remind_at > now:
        return None
    if is_night(now, zone) and _is_of_use(reminder, visit, _morning_after(now, zone)):
        reminder.remind_at = _morning_after(now, zone)
        reminder.save(update_fields=["remind_at"])
        return None
    sent = not is_night(now, zone) and _is_of_use(reminder, visit, now)
    reminder.remind_at, reminder.reminded_at = None, now if sent else None
    reminder.save(update_fields=["remind_at", "reminded_at"])
    if not sent:
        return None
    _record(reminder, visit, order)
    return reminder


def is_still_to_come(visit_id: UUID) -> bool:
    """Tell whether a tenant may still be told of a visit that stands, when the message leaves.

    A message that was held up is of no use once the visit was moved, given up, or has begun.
    """
    near = (VisitState.CONFIRMED, VisitState.ON_THE_WAY)
    visit = Visit.objects.filter(pk=visit_id, state__in=near).first()
    return visit is not None and not is_night(clock.now(), clock.zone_at(visit.window_start))


def is_on_the_way(visit_id: UUID) -> bool:
    """Tell whether somebody is on the way, when the message leaves: a phone may tell it late."""
    return Visit.objects.filter(pk=visit_id, state=VisitState.ON_THE_WAY).exists()


def is_still_asked(visit_id: UUID) -> bool:
    """Tell whether a tenant still owes an answer by day, when the message leaves."""
    now = clock.now()
    visit = Visit.objects.filter(pk=visit_id, state=VisitState.PROPOSED).first()
    if visit is None or is_night(now, clock.zone_at(visit.window_start)):
        return False
    return is_open_offer(visit, now)


def is_still_proposed(visit_id: UUID) -> bool:
    """Tell whether an appointment that was offered waits for its answer."""
    return Visit.objects.filter(pk=visit_id, state=VisitState.PROPOSED).exists()


def is_open_offer(visit: Visit, at: datetime) -> bool:
    """Tell whether a window of a proposed visit can still be taken at that moment."""
    if visit.state != VisitState.PROPOSED:
        return False
    if visit.window_end > at:
        return True
    return VisitSlot.objects.filter(
        landlord_id=visit.landlord_id,
        visit_id=visit.pk,
        withdrawn_at__isnull=True,
        window_end__gt=at,
    ).exists()


def is_night(now: datetime, zone: tzinfo) -> bool:
    """Tell whether the tenants of a place are left in peace at that moment."""
    return not MORNING <= now.astimezone(zone).time() < EVENING


def quiet_until(now: datetime, zone: tzinfo) -> datetime | None:
    """Return when the tenants of a place may be written to again; None by day."""
    return _morning_after(now, zone) if is_night(now, zone) else None


def _is_of_use(reminder: VisitReminder, visit: Visit, at: datetime) -> bool:
    """Tell whether the visit stands and is still to come; the eve's words are for the eve.

    Of one that waits for its tenant's answer: whether he can still give it.
    """
    if reminder.moment == ReminderMoment.UNANSWERED:
        return is_open_offer(visit, at)
    if visit.state != VisitState.CONFIRMED or at >= visit.window_start:
        return False
    on_the_day = clock.day_of(at, clock.zone_at(visit.window_start)) == _day(visit)
    return reminder.moment != ReminderMoment.DAY_BEFORE or not on_the_day


def _day(visit: Visit) -> date:
    return clock.day_of(visit.window_start)


def _at(day: date, hour: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, hour, zone)


def _morning_after(now: datetime, zone: tzinfo) -> datetime:
    local = now.astimezone(zone)
    days = 1 if local.time() >= MORNING else 0
    return _at(local.date() + timedelta(days=days), MORNING, zone)


def _record(reminder: VisitReminder, visit: Visit, order: Order) -> None:
    stands = VisitReminded(start=visit.window_start, end=visit.window_end, moment=reminder.moment)
    record(
        AnswerReminded() if reminder.moment == ReminderMoment.UNANSWERED else stands,
        actor=replace(SYSTEM, organisation_id=order.landlord_id),
        subject=visit,
        subject_type="visit",
        order_id=order.pk,
        case_id=order.case_id,
    )
