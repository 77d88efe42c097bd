"""Writes of appointments: several windows to choose from. The order is locked first, always."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from orders import policies
from orders.appointment_events import SlotsProposed, SlotWithdrawn, VisitLapsed
from orders.events import VisitMoved
from orders.models import Order, Visit, VisitSlot
from orders.services import visit_parts
from orders.services.moves import lock_order, move_visit_state, open_visit
from orders.services.reminders import is_open_offer, plan_answer_reminder
from orders.states import VisitState
from orders.windows import Window, free_windows

FEWEST_SLOTS = 2
MOST_SLOTS = 5
MOST_SWITCHES = 3
"""Moves of a tenant without a word to anybody: the company plans anew each time."""
_CHANGED = "Ce rendez-vous a changé entre-temps : regardez où il en est."


@transaction.atomic
def propose_slots(
    *,
    actor: Actor,
    order_id: UUID,
    windows: Sequence[Window],
    technician_id: UUID | None = None,
    off_hours: bool = False,
) -> Visit:
    """Offer two to five windows (UTC) for one visit: whoever waits for it picks one.

    Until then the visit stands at the first of them, proposed. Locks the order. Raises Invalid
    for a window that is over, upside down or offered twice, and for too few or too many; off hours
    as `propose_visit`; Conflict when another appointment is open or the order isn't accepted.
    """
    offered = sorted(windows)
    if not FEWEST_SLOTS <= len(offered) <= MOST_SLOTS:
        raise Invalid({"windows": [f"Proposez de {FEWEST_SLOTS} à {MOST_SLOTS} créneaux."]})
    if len(set(offered)) < len(offered):
        raise Invalid({"windows": ["Ce créneau est proposé deux fois."]})
    for start, end in offered:
        visit_parts.check_window(start, end)
    order = lock_order(order_id)
    if not policies.can_propose_visit(actor, order, open_visit(order)):
        raise Conflict("Un rendez-vous est déjà ouvert, ou la commande n’est pas prise en charge.")
    visit_parts.require_open(order, offered, agreed=off_hours)
    technician = visit_parts.own_technician(technician_id, actor)
    start, end = offered[0]
    visit = visit_parts.new_visit(
        order,
        start=start,
        end=end,
        technician_id=technician.pk if technician else None,
        first_name=visit_parts.first_name_of(technician),
    )
    _offer(visit, offered)
    plan_answer_reminder(visit, offered[-1][0])
    event = SlotsProposed(count=len(offered), start=start, end=end)
    visit_parts.record_visit(event, visit, order, actor)
    return visit


@transaction.atomic
def choose_slot(*, actor: Actor, visit_id: UUID, slot_id: UUID, call_noted: bool = False) -> Visit:
    """Pick one of the windows offered: the visit stands there, the others lapse.

    The tenant by link, the contractor after a call that it notes, the landlord. Locks order and
    visit. Raises Conflict when the window was taken back or another one was picked meanwhile,
    Refused for one that is over, and to a contractor who notes no call.
    """
    visit, order = visit_parts.lock_visit(visit_id)
    slot = VisitSlot.objects.filter(
        landlord_id=visit.landlord_id, visit_id=visit.pk, pk=slot_id
    ).first()
    if slot is None:
        raise Invalid({"slot": ["Ce créneau n’est pas proposé pour ce rendez-vous."]})
    return _choose(visit, order, slot, actor, call_noted=call_noted)


def choose_only_slot(visit: Visit, order: Order, actor: Actor, *, call_noted: bool) -> Visit:
    """Pick the one window that is left of a locked, proposed visit. Raises Refused for several."""
    left = live_slots(visit)
    if len(left) > 1:
        raise Refused("Choisissez un des créneaux proposés.", code="slot")
    if not left:
        raise Refused("Ces créneaux sont passés : il en faut d’autres.", code="past")
    return _choose(visit, order, left[0], actor, call_noted=call_noted)


@transaction.atomic
def switch_slot(*, actor: Actor, visit_id: UUID, slot_id: UUID) -> Visit:
    """Take another of the windows that were offered, in place of the one that stands.

    The tenant, until the eve of both at 18 h. The old visit is rescheduled; the new one stands at
    once, and keeps the windows. Locks order and visit. Raises Conflict for a window that was
    taken back, Refused past the cut-off.
    """
    visit, order = visit_parts.lock_visit(visit_id)
    now = clock.now()
    _require_movable(visit, order, actor)
    if not policies.can_switch(actor, visit, now):
        raise Conflict(_CHANGED)
    offered = VisitSlot.objects.filter(
        landlord_id=visit.landlord_id, visit_id=visit.pk, withdrawn_at__isnull=True
    )
    slots = {slot.pk: (slot.window_start, slot.window_end) for slot in offered}
    if slot_id not in slots:
        raise Conflict("Ce créneau n’est plus proposé : choisissez-en un autre.")
    window = slots[slot_id]
    if window[0] == visit.window_start or now >= policies.cut_off_before(window[0]):
        raise Refused("Ce créneau est trop proche : choisissez-en un autre.", code="past")
    new = _moved_to(window, visit, order, actor)
    chosen = next(each for each in _offer(new, slots.values()) if each.window_start == window[0])
    return _choose(new, order, chosen, actor, call_noted=False)


@transaction.atomic
def take_window(*, actor: Actor, visit_id: UUID, start: datetime) -> Visit:
    """Take one of the company's free windows, in place of what stands or is proposed.

    The tenant, until the eve at 18 h of an appointment that stands. The old visit is rescheduled,
    the new one stands at once, with the same technician. Locks order and visit, and the
    technician's calendar against other tenants. Raises Conflict for a window that isn't free (any
    more), Refused past the cut-off and after MOST_SWITCHES.
    """
    visit, order = visit_parts.lock_visit(visit_id)
    _require_movable(visit, order, actor)
    if not policies.can_take_window(actor, visit, clock.now()):
        raise Conflict(_CHANGED)
    free = {window[0]: window for window in free_windows(visit, order, hold=True)}
    if start not in free:
        raise Conflict("Ce créneau vient d’être pris : choisissez-en un autre.")
    new = _moved_to(free[start], visit, order, actor)
    return visit_parts.confirm(new, order, actor, call_noted=False)


@transaction.atomic
def withdraw_slot(*, actor: Actor, visit_id: UUID, slot_id: UUID) -> VisitSlot:
    """Take one of the windows back, as long as another one is left.

    Raises Conflict when the visit was confirmed meanwhile, Refused for the last one (the
    appointment itself is then given up) and for who isn't at the contractor's desk.
    """
    visit, order = visit_parts.lock_visit(visit_id)
    if not policies.can_withdraw_slot(actor, visit):
        if policies.is_contractors_desk(actor):
            raise Conflict("Un créneau a déjà été choisi, ou le rendez-vous a été annulé.")
        raise Refused("Seule l’entreprise retire un créneau qu’elle a proposé.", code="role")
    left = live_slots(visit)
    slot = next((found for found in left if found.pk == slot_id), None)
    if slot is None:
        raise Conflict("Ce créneau n’est déjà plus proposé.")
    others = [found for found in left if found.pk != slot_id]
    if not others:
        raise Refused("C’est le dernier créneau : annulez plutôt le rendez-vous.", code="last")
    slot.withdrawn_at = clock.now()
    slot.save(update_fields=["withdrawn_at"])
    visit.window_start, visit.window_end = others[0].window_start, others[0].window_end
    visit.version += 1
    visit.save(update_fields=["window_start", "window_end", "version"])
    event = SlotWithdrawn(start=slot.window_start, end=slot.window_end)
    visit_parts.record_visit(event, visit, order, actor)
    return slot


@transaction.atomic
def lapse_visit(*, visit_id: UUID) -> Visit | None:
    """End an appointment whose windows have all passed without an answer: it is to be planned anew.

    Runs as the system. Locks order and visit; None when somebody was faster.
    """
    visit, order = visit_parts.lock_visit(visit_id)
    if visit.state != VisitState.PROPOSED or is_open_offer(visit, clock.now()):
        return None
    actor = replace(SYSTEM, organisation_id=order.landlord_id)
    return move_visit_state("lapse", visit.pk, order, actor, event=VisitLapsed())


def has_slots(visit: Visit) -> bool:
    """Tell whether the visit was offered at several moments."""
    return VisitSlot.objects.filter(landlord_id=visit.landlord_id, visit_id=visit.pk).exists()


def live_slots(visit: Visit) -> list[VisitSlot]:
    """Return the windows that may still be picked, the earliest first; none once it stands."""
    if visit.state != VisitState.PROPOSED:
        return []
    return list(
        VisitSlot.objects.filter(
            landlord_id=visit.landlord_id,
            visit_id=visit.pk,
            withdrawn_at__isnull=True,
            window_end__gt=clock.now(),
        ).order_by("window_start")
    )


def _require_movable(visit: Visit, order: Order, actor: Actor) -> None:
    """Raise Refused where it is too late for a tenant to move, or he has done so too often."""
    if policies.is_past_cut_off(visit, clock.now()):
        raise Refused("Il est trop tard pour déplacer ce rendez-vous : appelez.", code="cut_off")
    if not policies.can_visit("move", actor, visit):
        raise Conflict(_CHANGED)
    moved = Visit.objects.filter(
        landlord_id=visit.landlord_id, order_id=order.pk, state=VisitState.RESCHEDULED, reason=""
    )
    if moved.count() >= MOST_SWITCHES:
        raise Refused("Vous avez déjà déplacé ce rendez-vous trois fois : appelez.", code="often")


def _moved_to(window: Window, visit: Visit, order: Order, actor: Actor) -> Visit:
    """Let a visit go for a new one at another time, with the same technician, proposed."""
    start, end = window
    old = move_visit_state("move", visit.pk, order, actor, event=VisitMoved(start=start, end=end))
    return visit_parts.new_visit(
        order,
        start=start,
        end=end,
        technician_id=old.technician_id,
        first_name=old.technician_first_name,
    )


def _offer(visit: Visit, windows: Iterable[Window]) -> list[VisitSlot]:
    slots = [
        VisitSlot(
            landlord_id=visit.landlord_id,
            contractor_id=visit.contractor_id,
            tenant_id=visit.tenant_id,
            reader_case_id=visit.reader_case_id,
            order_id=visit.order_id,
            visit=visit,
            zone=visit.zone,
            window_start=start,
            window_end=end,
        )
        for start, end in windows
    ]
    for slot in slots:
        slot.carry_zone()
    return VisitSlot.objects.bulk_create(slots)


def _choose(
    visit: Visit, order: Order, slot: VisitSlot, actor: Actor, *, call_noted: bool
) -> Visit:
    if visit.state == VisitState.PROPOSED:
        _require_offered(slot)
    if actor.side is Side.CONTRACTOR and not call_noted:
        raise Refused("Notez l’appel au locataire pour choisir à sa place.", code="call")
    window = {"window_start": slot.window_start, "window_end": slot.window_end}
    stands = visit_parts.confirm(visit, order, actor, call_noted=call_noted, window=window)
    slot.chosen_at = clock.now()
    slot.save(update_fields=["chosen_at"])
    return stands


def _require_offered(slot: VisitSlot) -> None:
    if slot.withdrawn_at is not None:
        raise Conflict("L’entreprise a retiré ce créneau entre-temps : choisissez-en un autre.")
    if slot.window_end <= clock.now():
        raise Refused("Ce créneau est passé : choisissez-en un autre.", code="past")
