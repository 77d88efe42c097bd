"""Writes of visits. The order's row is locked before the visit's, always."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, files
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from orders import events, policies
from orders.models import NoAccessProof, Order, PhotoMoment, Visit
from orders.next_steps import NextStep
from orders.services.access_checks import open_access_check
from orders.services.appointments import choose_only_slot, has_slots
from orders.services.certificates import submit_finished
from orders.services.holds import end_hold
from orders.services.late_facts import is_late_end, keep_late_end, late_step
from orders.services.moves import lock_order, move_order, move_visit_state, open_visit
from orders.services.photos import keep_photo
from orders.services.pieces import require_pack
from orders.services.reminders import plan_answer_reminder
from orders.services.variations import require_none_open
from orders.services.visit_parts import (
    check_moment,
    check_window,
    confirm,
    first_name_of,
    lock_visit,
    new_visit,
    own_technician,
    record_visit,
    require_open,
)
from orders.states import VisitState
from orders.working_days import MOST_AHEAD

MIN_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class ProofInput:
    """What the technician leaves when nobody opens."""

    minutes_waited: int
    call_tried: bool = False
    sms_tried: bool = False
    notice_number: str = ""


@transaction.atomic
def propose_visit(
    *,
    actor: Actor,
    order_id: UUID,
    start: datetime,
    end: datetime,
    technician_id: UUID | None = None,
    call_noted: bool = False,
    off_hours: bool = False,
) -> Visit:
    """Offer an appointment (UTC); with `call_noted` the tenant agreed by phone: it is confirmed.

    Locks the order. Raises Invalid for a window in the past or upside down, and for one off hours
    (`require_open`) that nobody agreed to (off_hours); Refused when another appointment is open or
    the order isn't accepted.
    """
    order = lock_order(order_id)
    check_window(start, end)
    if not policies.can_propose_visit(actor, order, open_visit(order)):
        raise Conflict("Un rendez-vous est déjà ouvert, ou la commande n’est pas prise en charge.")
    require_open(order, [(start, end)], agreed=call_noted or off_hours)
    technician = own_technician(technician_id, actor)
    visit = new_visit(
        order,
        start=start,
        end=end,
        technician_id=technician.pk if technician else None,
        first_name=first_name_of(technician),
    )
    record_visit(events.VisitProposed(start=start, end=end), visit, order, actor)
    # Without a tenant to ask (vacant dwelling, common parts) the appointment stands at once.
    if call_noted or order.reader_case_id is None:
        return confirm(visit, order, actor, call_noted=call_noted)
    plan_answer_reminder(visit, start)
    return visit


@transaction.atomic
def confirm_visit(*, actor: Actor, visit_id: UUID, call_noted: bool = False) -> Visit:
    """Confirm an appointment: the tenant by link, the contractor after a call that it notes.

    Raises Refused for a window that is over, and where several are left to choose from.
    """
    visit, order = lock_visit(visit_id)
    if visit.state == VisitState.PROPOSED and has_slots(visit):
        return choose_only_slot(visit, order, actor, call_noted=call_noted)
    if visit.state == VisitState.PROPOSED and visit.window_end <= clock.now():
        raise Refused("Ce créneau est passé : il en faut un autre.", code="past")
    if actor.side is Side.CONTRACTOR and not call_noted:
        raise Refused("Notez l’appel au locataire pour confirmer à sa place.", code="call")
    return confirm(visit, order, actor, call_noted=call_noted)


@transaction.atomic
def move_visit(
    *,
    actor: Actor,
    visit_id: UUID,
    start: datetime,
    end: datetime,
    reason: str = "",
    technician_id: UUID | None = None,
    off_hours: bool = False,
) -> Visit:
    """Replace an appointment by another one, which the tenant confirms again.

    The same technician goes, unless the contractor names another one. Without a tenant to ask it
    stands at once. Raises Invalid without reason when the contractor moves it, and off hours as
    `propose_visit`; Refused to a tenant past the cut-off of an appointment that he confirmed.
    """
    check_window(start, end)
    if actor.side is Side.CONTRACTOR and not reason.strip():
        raise Invalid({"reason": ["Indiquez pourquoi le rendez-vous change."]})
    visit, order = lock_visit(visit_id)
    if actor.side is Side.TENANT and policies.is_past_cut_off(visit, clock.now()):
        raise Refused("Il est trop tard pour déplacer ce rendez-vous : appelez.", code="cut_off")
    if actor.side is not Side.TENANT:
        require_open(order, [(start, end)], agreed=off_hours)
    other = own_technician(technician_id, actor) if actor.side is Side.CONTRACTOR else None
    old = move_visit_state(
        "move",
        visit.pk,
        order,
        actor,
        event=events.VisitMoved(start=start, end=end),
        changes={"reason": reason.strip()[:200]},
    )
    new = new_visit(
        order,
        start=start,
        end=end,
        technician_id=other.pk if other else old.technician_id,
        first_name=first_name_of(other) if other else old.technician_first_name,
    )
    record_visit(events.VisitProposed(start=start, end=end), new, order, actor)
    if other and other.pk != old.technician_id:
        record_visit(events.VisitAssigned(membership_id=other.pk), new, order, actor)
    if actor.side is not Side.TENANT and order.reader_case_id is None:
        return confirm(new, order, actor, call_noted=False)
    plan_answer_reminder(new, start)
    return new


@transaction.atomic
def assign_technician(*, actor: Actor, visit_id: UUID, technician_id: UUID) -> Visit:
    """Choose who goes. Landlord and tenant learn his first name only."""
    visit, order = lock_visit(visit_id)
    if not policies.can_assign(actor, visit):
        raise Refused("Le technicien ne peut plus être changé.", code="state")
    technician = own_technician(technician_id, actor)
    assert technician is not None
    visit.technician = technician
    visit.technician_first_name = first_name_of(technician)
    visit.version += 1
    visit.save(update_fields=["technician", "technician_first_name", "version"])
    record_visit(events.VisitAssigned(membership_id=technician.pk), visit, order, actor)
    return visit


@transaction.atomic
def cancel_visit(*, actor: Actor, visit_id: UUID, reason: str) -> Visit:
    """Give an appointment up (a tenant whom it doesn't suit, the contractor, the landlord)."""
    if not reason.strip():
        raise Invalid({"reason": ["Indiquez un motif."]})
    visit, order = lock_visit(visit_id)
    return move_visit_state(
        "cancel_visit",
        visit.pk,
        order,
        actor,
        event=events.VisitCancelled(),
        changes={"reason": reason.strip()[:200]},
    )


@transaction.atomic
def leave(*, actor: Actor, visit_id: UUID, happened_at: datetime | None = None) -> Visit:
    """The technician is on the way. happened_at (UTC): when, for a fact reported late.

    Sent again with the same moment, as after a lost answer, it is kept once.
    """
    visit, order = lock_visit(visit_id)
    if happened_at is not None and visit.left_at == happened_at:
        return visit
    check_moment(visit, happened_at)
    return move_visit_state(
        "leave",
        visit.pk,
        order,
        actor,
        event=events.TechnicianLeft(),
        changes={"left_at": happened_at or clock.now()},
        late_changes={"left_at": happened_at},
        late_event=late_step("left", events.TechnicianLeft()),
        happened_at=happened_at,
    )


@transaction.atomic
def arrive(*, actor: Actor, visit_id: UUID, happened_at: datetime | None = None) -> Visit:
    """The technician is on site. happened_at: as `leave` takes it."""
    visit, order = lock_visit(visit_id)
    if happened_at is not None and visit.arrived_at == happened_at:
        return visit
    check_moment(visit, happened_at)
    return move_visit_state(
        "arrive",
        visit.pk,
        order,
        actor,
        event=events.TechnicianArrived(),
        changes={"arrived_at": happened_at or clock.now()},
        late_changes={"arrived_at": happened_at},
        late_event=late_step("arrived", events.TechnicianArrived()),
        happened_at=happened_at,
    )


@transaction.atomic
def complete_visit(
    *,
    actor: Actor,
    visit_id: UUID,
    report: str = "",
    next_step: str = "",
    next_kind: str = "",
    next_date: date | None = None,
    in_part: bool = False,
    happened_at: datetime | None = None,
) -> Visit:
    """Finish the visit, and the order with it; in part when something follows.

    Legal from a confirmed visit onward: a technician who tapped nothing on the way still ends
    his order. next_kind: what follows (NextStep; another visit of ours unless said), next_date: the
    day of materials. Raises Invalid when in part without a next step in words, for materials
    without a day to come, or before he arrived; Refused for
    the whole while a variation waits for an answer, and without the pieces that the contract asks
    for first. happened_at: as `leave` takes it; of a visit that has come to another end meanwhile
    it is kept beside (`keep_late_end`).
    """
    if in_part and not next_step.strip():
        raise Invalid({"next_step": ["Indiquez la suite prévue."]})
    kind, expected = _next_of(next_kind, next_date, happened_at) if in_part else ("", None)
    visit, order = lock_visit(visit_id)
    end = VisitState.PARTLY_DONE if in_part else VisitState.DONE
    if _is_told(visit, happened_at, end):
        return visit
    _check_end(visit, happened_at)
    if is_late_end(visit, happened_at, end):
        words, following = report.strip()[:500], next_step.strip()[:300] if in_part else ""
        return keep_late_end(
            visit, order, actor, end, happened_at, report=words, following=following
        )
    if not in_part and policies.can_visit("complete", actor, visit):
        require_none_open(order)
        require_pack(order, report=report)
    visit = move_visit_state(
        "complete_in_part" if in_part else "complete",
        visit.pk,
        order,
        actor,
        event=events.VisitCompleted(in_part=in_part),
        changes={"finished_at": happened_at or clock.now(), "report": report.strip()[:500]},
        happened_at=happened_at,
    )
    now = clock.now()
    move_order(
        "finish_in_part" if in_part else "finish",
        order,
        actor,
        policy=None,  # whoever may complete the visit finishes its order
        changes={
            "next_step": next_step.strip()[:300],
            "next_kind": kind,
            "next_date": expected,
            # The tenant's 72 hours run from recording, not from what the phone says.
            "done_at": None if in_part else now,
        },
        event=events.OrderPartlyDone(next=kind, expected_on=expected)
        if in_part
        else events.OrderDone(),
        happened_at=happened_at,
    )
    if not in_part:
        end_hold(order, actor)
        submit_finished(order, actor)
    return visit


def declare_no_access(
    *,
    actor: Actor,
    visit_id: UUID,
    proof: ProofInput,
    photo: IO[bytes] | None = None,
    happened_at: datetime | None = None,
) -> Visit:
    """Nobody opened. What the proof pack lacks is flagged, and said to both sides.

    Told late of a visit that has come to another end, it is kept beside, with its proofs. The photo
    is read before anything is locked. Raises Invalid when it is none.
    """
    clean = None if photo is None else files.clean_photo(photo)
    return _declare_no_access(actor, visit_id, proof, clean, happened_at)


@transaction.atomic
def _declare_no_access(
    actor: Actor,
    visit_id: UUID,
    proof: ProofInput,
    photo: bytes | None,
    happened_at: datetime | None,
) -> Visit:
    visit, order = lock_visit(visit_id)
    if _is_told(visit, happened_at, VisitState.NO_ACCESS):
        return visit
    _check_end(visit, happened_at)
    missing = _missing(visit, proof, photo, happened_at or clock.now())
    if is_late_end(visit, happened_at, VisitState.NO_ACCESS):
        late = keep_late_end(visit, order, actor, VisitState.NO_ACCESS, happened_at)
        if not NoAccessProof.objects.filter(visit_id=visit.pk).exists():
            _keep_proof(late, order, actor, proof, missing, photo)
        return late
    visit = move_visit_state(
        "declare_no_access",
        visit.pk,
        order,
        actor,
        event=events.NobodyHome(complete=not missing, missing=tuple(missing)),
        changes={"finished_at": happened_at or clock.now()},
        happened_at=happened_at,
    )
    _keep_proof(visit, order, actor, proof, missing, photo)
    open_access_check(visit, order, proven=not missing)
    return visit


def _missing(visit: Visit, proof: ProofInput, photo: bytes | None, gone_at: datetime) -> list[str]:
    """Return the codes of what a proof pack lacks.

    A tenant owes his presence within the window that he was told, no minute before: an arrival
    after it proves nothing, and a wait counts from its beginning, no longer than the clock says.
    """
    arrived = visit.arrived_at
    wait = timedelta(minutes=proof.minutes_waited)
    if arrived is not None:
        wait = min(wait, gone_at - max(arrived, visit.window_start))
    pieces = (
        ("arrival", arrived is not None),
        ("window", arrived is None or arrived <= visit.window_end),
        ("wait", wait >= MIN_WAIT),
        ("call", proof.call_tried),
        ("sms", proof.sms_tried),
        ("photo", photo is not None),
        ("notice", bool(proof.notice_number)),
    )
    return [code for code, there in pieces if not there]


def _keep_proof(
    visit: Visit,
    order: Order,
    actor: Actor,
    proof: ProofInput,
    missing: list[str],
    photo: bytes | None,
) -> None:
    NoAccessProof(
        landlord_id=visit.landlord_id,
        contractor_id=visit.contractor_id,
        visit=visit,
        minutes_waited=proof.minutes_waited,
        call_tried=proof.call_tried,
        sms_tried=proof.sms_tried,
        notice_number=proof.notice_number,
        missing=missing,
    ).save(force_insert=True)
    if photo is not None:
        keep_photo(visit, order, actor, photo, moment=PhotoMoment.DOOR)


def _next_of(kind: str, day: date | None, at: datetime | None) -> tuple[str, date | None]:
    """Return what follows and, of materials only, their day."""
    kind = kind or NextStep.RETURN.value
    if kind not in NextStep.values:
        raise Invalid({"next_kind": ["Choisissez ce qui doit suivre."]})
    if kind != NextStep.MATERIALS:
        return kind, None
    on = clock.day_of(at or clock.now())
    if day is None or day < on:
        raise Invalid({"next_date": ["Indiquez quand les fournitures sont attendues."]})
    if day > on + MOST_AHEAD:
        raise Invalid({"next_date": ["Ce jour est à plus d’un an : vérifiez l’année."]})
    return kind, day


def _is_told(visit: Visit, happened_at: datetime | None, state: VisitState) -> bool:
    """Tell whether this very end of the visit was reported before."""
    told = ((visit.state, visit.finished_at), (visit.late_state, visit.late_at))
    return happened_at is not None and (state, happened_at) in told


def _check_end(visit: Visit, happened_at: datetime | None) -> None:
    check_moment(visit, happened_at)
    arrived = visit.arrived_at
    if happened_at is not None and arrived is not None and happened_at < arrived:
        raise Invalid({"happened_at": ["Cette heure est avant l’arrivée sur place."]})
