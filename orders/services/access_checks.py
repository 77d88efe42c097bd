"""When nobody opened: the tenant's answer, the company's, the landlord's decision, the clock.

Locks go in one order: the order, its visit, then the check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, files
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.transitions import apply
from orders import access_events as events
from orders import access_policies, policies
from orders.access_states import ACCESS_CHECK, AccessCheckState, answer_days
from orders.models import AccessCheck, NoAccessProof, Order, PhotoMoment, Visit
from orders.services.moves import move_visit_state
from orders.services.photos import keep_photo
from orders.services.visit_parts import lock_visit
from orders.states import VisitState

MAX_NOTICE = 30


def open_access_check(visit: Visit, order: Order, *, proven: bool) -> AccessCheck:
    """Keep the check of a visit that just found nobody, in the caller's transaction."""
    check = AccessCheck(
        landlord_id=visit.landlord_id,
        contractor_id=visit.contractor_id,
        tenant_id=visit.tenant_id,
        reader_case_id=visit.reader_case_id,
        order=order,
        visit=visit,
        proven=proven,
    )
    check.save(force_insert=True)
    return check


@transaction.atomic
def answer_absence(*, actor: Actor, visit_id: UUID, was_here: bool) -> AccessCheck:
    """Keep what the tenant says of a visit that found nobody; he may change it until it is settled.

    "I was there" against an incomplete proof pack asks the company, which has five days; against
    a complete one it asks the landlord. The same answer again changes nothing. Locks order, visit
    and check. Raises Refused to anybody but the visit's tenant, Conflict once it is settled.
    """
    visit, order = lock_visit(visit_id)
    check = _lock(visit)
    if not access_policies.answers(actor, order, visit):
        raise Refused("Ce passage n’attend pas de réponse de votre part.", code="state")
    if _says(check) is was_here:
        return check
    name = "say_away"
    now = clock.now()
    changes: dict[str, Any] = {"answered_at": now, "remind_at": None}
    if was_here:
        # A company that has answered once isn't asked again: two versions, the landlord settles.
        settles = check.proven or check.contested_at is not None
        name = "say_here" if settles else "say_here_unproven"
        days = timedelta(days=answer_days(clock.today()))
        changes["remind_at"] = None if settles else now + days
    proven = check.proven or check.contested_at is not None
    event = events.TenantAnswered(visit_id=visit.pk, was_here=was_here, proven=proven)
    return _move(name, check, order, actor, event=event, changes=changes)


def contest_answer(
    *,
    actor: Actor,
    visit_id: UUID,
    note: str = "",
    notice_number: str = "",
    photo: IO[bytes] | None = None,
) -> AccessCheck:
    """Maintain that the company came, with an explanation and what the proof pack lacked.

    The photo is read before anything is locked; a piece that was there stays as it was. Raises
    Invalid without anything new, Refused for anybody but the company's desk, Conflict where the
    company isn't asked (any more).
    """
    note, notice_number = " ".join(note.split()), notice_number.strip()[:MAX_NOTICE]
    if not note and not notice_number and photo is None:
        raise Invalid({"note": ["Expliquez votre passage, ou ajoutez une pièce qui manquait."]})
    clean = None if photo is None else files.clean_photo(photo)
    with transaction.atomic():
        visit, order = lock_visit(visit_id)
        check = _lock(visit)
        _require("contest", actor, check)
        _complete_proof(visit, order, actor, notice_number, clean)
        proven = not NoAccessProof.objects.get(visit_id=visit.pk).missing
        changes = {
            "company_note": note[:300],
            "proven": proven,
            "contested_at": clock.now(),
            "remind_at": None,
        }
        event = events.AbsenceContested(visit_id=visit.pk, proven=proven)
        return _move("contest", check, order, actor, event=event, changes=changes)


@transaction.atomic
def concede_no_show(*, actor: Actor, visit_id: UUID) -> Visit:
    """Admit that the company did not come. Raises Refused for anybody but the company's desk."""
    return _no_show("concede", actor, visit_id, how="conceded")


@transaction.atomic
def decide_absence(*, actor: Actor, visit_id: UUID, company_came: bool, note: str = "") -> Visit:
    """Settle two contrary statements: the company came, or it did not.

    Raises Refused for anybody but the landlord's desk, Conflict where nothing is to be settled.
    """
    clean = " ".join(note.split())[:300]
    if not company_came:
        return _no_show("find_absent", actor, visit_id, how="decided", decision_note=clean)
    visit, order = lock_visit(visit_id)
    check = _lock(visit)
    _require("uphold", actor, check)
    changes = {"decision_note": clean, "settled_at": clock.now()}
    _move(
        "uphold",
        check,
        order,
        actor,
        event=events.AbsenceUpheld(visit_id=visit.pk),
        changes=changes,
    )
    return visit


@transaction.atomic
def declare_no_show(*, actor: Actor, visit_id: UUID) -> Visit:
    """Say that nobody came to an appointment that stood, once its window is over.

    Raises Refused before, and for anybody but the visit's tenant and the landlord's desk.
    """
    visit, order = lock_visit(visit_id)
    permitted = policies.can_visit("declare_no_show", actor, visit)
    if permitted and not policies.can_miss(actor, visit, clock.now()):
        raise Refused("Le créneau n’est pas encore passé.", code="early")
    return move_visit_state(
        "declare_no_show", visit.pk, order, actor, event=events.NobodyCame(how="declared")
    )


@transaction.atomic
def settle_unanswered(*, check_id: UUID) -> AccessCheck | None:
    """Count a company that answered nothing in time as absent; None when it was faster.

    Runs as the system. Locks order, visit and check.
    """
    visit, order = lock_visit(AccessCheck.objects.get(pk=check_id).visit_id)
    check = _lock(visit)
    if check.remind_at is None or check.remind_at > clock.now():
        return None
    actor = replace(SYSTEM, organisation_id=order.landlord_id)
    _count("lapse", check, visit, order, actor, how="lapsed")
    return check


# --- inside -----------------------------------------------------------------------------------


def _lock(visit: Visit) -> AccessCheck:
    found: AccessCheck | None = (
        AccessCheck.objects.select_for_update(of=("self",))
        .filter(landlord_id=visit.landlord_id, visit_id=visit.pk)
        .first()
    )
    if found is None:
        raise Conflict("Ce passage n’a pas été déclaré sans accès.")
    return found


def _says(check: AccessCheck) -> bool | None:
    """Return what the tenant says as it stands, while it may still be changed."""
    if check.state == AccessCheckState.AWAY:
        return False
    here = (AccessCheckState.COMPANY, AccessCheckState.LANDLORD)
    return True if check.state in here else None


def _require(name: str, actor: Actor, check: AccessCheck) -> None:
    transition = ACCESS_CHECK.transitions[name]
    if actor.side not in transition.sides or not policies.desk(actor, actor.side):
        raise Refused("Cette réponse ne vous revient pas.", code="role")
    if check.state not in transition.sources:
        label = ACCESS_CHECK.label(check.state, actor.side)
        raise Conflict(f"Ce contrôle a déjà avancé : « {label} ».")


def _no_show(
    name: str, actor: Actor, visit_id: UUID, *, how: str, decision_note: str = ""
) -> Visit:
    visit, order = lock_visit(visit_id)
    check = _lock(visit)
    _require(name, actor, check)
    return _count(name, check, visit, order, actor, how=how, decision_note=decision_note)


def _count(
    name: str,
    check: AccessCheck,
    visit: Visit,
    order: Order,
    actor: Actor,
    *,
    how: str,
    decision_note: str = "",
) -> Visit:
    """Count a visit as one to which the company did not come: the visit's event tells both."""
    if visit.state != VisitState.NO_ACCESS:
        raise Conflict("Ce passage n’est plus à contrôler.")
    check.state = ACCESS_CHECK.transitions[name].target
    check.settled_at, check.remind_at = clock.now(), None
    check.decision_note = decision_note
    check.version += 1
    check.save(update_fields=["state", "settled_at", "remind_at", "decision_note", "version"])
    event = events.NobodyCame(how=how)
    return move_visit_state("count_no_show", visit.pk, order, actor, event=event)


def _complete_proof(
    visit: Visit, order: Order, actor: Actor, notice_number: str, photo: bytes | None
) -> None:
    proof: NoAccessProof = NoAccessProof.objects.select_for_update(of=("self",)).get(
        visit_id=visit.pk
    )
    added = set()
    if notice_number and not proof.notice_number:
        proof.notice_number = notice_number
        added.add("notice")
    if photo is not None:
        keep_photo(visit, order, actor, photo, moment=PhotoMoment.DOOR)
        added.add("photo")
    proof.missing = [code for code in proof.missing if code not in added]
    proof.save(update_fields=["notice_number", "missing"])


def _move(
    name: str,
    check: AccessCheck,
    order: Order,
    actor: Actor,
    *,
    event: EventType,
    changes: Mapping[str, Any],
) -> AccessCheck:
    return apply(
        ACCESS_CHECK,
        name,
        model=AccessCheck,
        pk=check.pk,
        actor=actor,
        changes=changes,
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
    )
