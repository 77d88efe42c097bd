"""What the services of visits and appointments share. An order is locked before its visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.events import EventType
from nexxio.core.models import Membership
from nexxio.core.outbox import record
from orders import events
from orders.closed_days import why_closed
from orders.models import Order, Visit
from orders.services.moves import lock_order, move_visit_state
from orders.services.reminders import plan_reminders
from orders.wording import window_text
from orders.working_days import zone_name

LONG_BEFORE = timedelta(hours=12)
"""How long before its window something of a visit may have happened."""


def lock_visit(visit_id: UUID) -> tuple[Visit, Order]:
    """Lock a visit's order, then the visit. Raises Visit.DoesNotExist when it isn't visible."""
    visit = Visit.objects.get(pk=visit_id)
    order = lock_order(visit.order_id)
    return Visit.objects.select_for_update(of=("self",)).get(pk=visit_id), order


def new_visit(
    order: Order, *, start: datetime, end: datetime, technician_id: UUID | None, first_name: str
) -> Visit:
    """Keep the next visit of a locked order, proposed. first_name: the technician's, or ""."""
    last = Visit.objects.filter(landlord_id=order.landlord_id, order_id=order.pk).aggregate(
        last=Max("number")
    )["last"]
    visit = Visit(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        tenant_id=order.tenant_id,
        reader_case_id=order.reader_case_id,
        order=order,
        number=(last or 0) + 1,
        zone=zone_name(order.where),
        window_start=start,
        window_end=end,
        technician_id=technician_id,
        technician_first_name=first_name,
    )
    visit.carry_zone()
    visit.save(force_insert=True)
    return visit


def confirm(
    visit: Visit,
    order: Order,
    actor: Actor,
    *,
    call_noted: bool,
    window: Mapping[str, datetime] | None = None,
) -> Visit:
    """Let a proposed visit stand, at `window` where one was chosen, and plan its reminders."""
    by_phone = call_noted and actor.side is not Side.TENANT and visit.reader_case_id is not None
    start, end = visit.window_start, visit.window_end
    if window is not None:
        start, end = window["window_start"], window["window_end"]
    stands = move_visit_state(
        "confirm",
        visit.pk,
        order,
        actor,
        event=events.VisitConfirmed(start=start, end=end),
        changes={"confirmed_at": clock.now(), "call_noted": call_noted, **(window or {})},
        on_behalf_of=Side.TENANT.value if by_phone else "",
    )
    plan_reminders(stands)
    return stands


def record_visit(event: EventType, visit: Visit, order: Order, actor: Actor) -> None:
    """Record what happened to a visit beside its states."""
    record(
        event,
        actor=actor,
        subject=visit,
        subject_type="visit",
        order_id=order.pk,
        case_id=order.case_id,
    )


def check_window(start: datetime, end: datetime) -> None:
    """Raise Invalid for a window upside down or over."""
    if end <= start:
        raise Invalid({"end": ["La fin du créneau doit suivre son début."]})
    if end <= clock.now():
        raise Invalid({"date": ["Ce créneau est déjà passé."]})


def require_open(
    order: Order, windows: Sequence[tuple[datetime, datetime]], *, agreed: bool
) -> None:
    """Raise Invalid for a window of a closed day or of the night, unless that was agreed.

    Closed to all, or to the houses that it takes (`why_closed`). Works that press don't wait for
    opening hours.
    """
    if agreed or order.is_pressing:
        return
    for (start, end), why in zip(windows, why_closed(order, windows), strict=True):
        if why:
            text = f"{why} ({window_text(start, end)}) : cochez cette case si c’est convenu."
            raise Invalid({"off_hours": [text]})


def check_moment(visit: Visit, happened_at: datetime | None) -> None:
    """Raise Invalid for a fact of another day, as a phone whose clock is wrong tells it.

    Who comes before the day that was agreed tells of an hour just past: that is no mistake.
    """
    if happened_at is None:
        return
    if happened_at < min(visit.window_start, clock.now()) - LONG_BEFORE:
        text = "Cette heure est bien avant le rendez-vous : vérifiez l’heure du téléphone."
        raise Invalid({"happened_at": [text]})


def first_name_of(member: Membership | None) -> str:
    """Return what landlord and tenant learn of a technician; "" for nobody."""
    return member.user.get_short_name() if member else ""


def own_technician(technician_id: UUID | None, actor: Actor) -> Membership | None:
    """Return a technician of the actor's own company. Raises Invalid for anybody else."""
    if technician_id is None:
        return None
    found = (
        Membership.objects.filter(
            pk=technician_id,
            organisation_id=actor.own_id,
            is_active=True,
            roles__contains=[Role.TECHNICIAN.value],
        )
        .select_related("user")
        .first()
    )
    if found is None:
        raise Invalid({"technician": ["Ce technicien n’est pas dans votre équipe."]})
    return found
