"""Writes of tenants' sign-offs, and of the check that follows when it isn't fixed.

The order is locked first. A tenant's word is never taken from the order's printed code.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from orders import certificate_events as events
from orders import certificate_policies
from orders.certificate_states import CheckOutcome, NotFixed, SignOffHow, SignRefusal
from orders.models import Order, SealState, SignOff, Visit
from orders.obstacles import obstacle_to
from orders.services.bulk import input_again
from orders.services.certificates import open_check
from orders.services.drafts import draft_order
from orders.services.moves import lock_order
from orders.services.orders import reopen_order
from orders.services.reserves import add_reserve
from orders.states import OrderState, VisitState

MENTION = "Constate le passage, ne vaut pas renonciation."
MAX_NAME = 80


@dataclass(frozen=True, kw_only=True)
class SignOffInput:
    """What a tenant signs. reason: of NotFixed, where it isn't fixed."""

    name: str
    satisfied: bool
    reason: str = ""
    note: str = ""


@transaction.atomic
def sign_on_screen(*, actor: Actor, visit_id: UUID, data: SignOffInput) -> SignOff:
    """Keep what the tenant signed on the technician's screen, at the end of the visit.

    The same word sent again, as after a lost answer, is kept once. The screen is the company's:
    what the tenant said isn't fixed stays for the landlord to check. Locks the order. Raises
    Refused on paper, without a tenant and away from the visit.
    """
    visit = Visit.objects.get(pk=visit_id)
    order = lock_order(visit.order_id)
    visit.refresh_from_db()
    if not certificate_policies.takes_sign_off(actor, visit):
        raise Refused("La signature se recueille sur place, à la fin du passage.", code="state")
    return _kept(visit, data) or _sign(order, visit, actor, data, SignOffHow.SCREEN)


@transaction.atomic
def note_unsigned(*, actor: Actor, visit_id: UUID, reason: str) -> Visit:
    """Note that the tenant was asked to sign on the screen and didn't: he refuses, or isn't there.

    It settles nothing; he may still sign by his own link. Locks the order. Raises Invalid without
    a reason, Refused as `sign_on_screen`, Conflict where he has signed.
    """
    if reason not in SignRefusal.values:
        raise Invalid({"reason": ["Dites pourquoi personne ne signe."]})
    found = Visit.objects.get(pk=visit_id)
    order = lock_order(found.order_id)
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    if not certificate_policies.takes_sign_off(actor, visit):
        raise Refused("La signature se recueille sur place, à la fin du passage.", code="state")
    if visit.sign_offs.exists():
        raise Conflict("C’est déjà signé.")
    if visit.sign_refused == reason:
        return visit
    visit.sign_refused = reason
    visit.version += 1
    visit.save(update_fields=["sign_refused", "version"])
    record(
        events.NobodySigned(reason=reason),
        actor=actor,
        subject=visit,
        subject_type="visit",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return visit


@transaction.atomic
def sign_from_afar(*, actor: Actor, data: SignOffInput) -> SignOff:
    """Keep what the tenant signed by his own link or code, for the last visit of his case.

    Locks the order. Raises Conflict while the works aren't said to be done.
    """
    found = (
        Order.objects.filter(reader_case_id=actor.case_id).order_by("-created_at").first()
        if actor.side is Side.TENANT and actor.case_id is not None
        else None
    )
    if found is None:
        raise Refused("Seul le locataire signe, par son propre lien.", code="side")
    order = lock_order(found.pk)
    visit = last_visit(order)
    if visit is None or not certificate_policies.signs_off(actor, order, visit):
        raise Conflict("Les travaux ne sont pas terminés : il n’y a rien à signer pour l’instant.")
    return _sign(order, visit, actor, data, SignOffHow.LINK)


@transaction.atomic
def settle_check(*, actor: Actor, order_id: UUID, outcome: str, note: str = "") -> SignOff:
    """Say what the landlord found: it isn't fixed, and the company comes back; or it is.

    Not fixed reopens the order; where it was accepted with reserves, notes another one; where it is
    paid, or its invoice approved, drafts an order of the same works for the landlord. Locks the
    order. Raises Invalid without an outcome, Conflict where nothing is being checked.
    """
    if outcome not in CheckOutcome.values:
        raise Invalid({"outcome": ["Choisissez ce que vous avez constaté."]})
    order = lock_order(order_id)
    if not certificate_policies.can_check(actor):
        raise Refused("Seul le bailleur vérifie.", code="role")
    found = open_check(order)
    if found is None:
        raise Conflict("Il n’y a rien à vérifier sur cette commande.")
    checked = _close(found, order, actor, outcome=CheckOutcome(outcome), note=note)
    if outcome == CheckOutcome.CONFIRMED:
        reason = " · ".join(filter(None, (str(NotFixed(found.reason).label), found.note)))
        if order.state == OrderState.CERTIFIED_WITH_RESERVES:
            add_reserve(order, actor, text=reason)
        elif order.state == OrderState.CLOSED or obstacle_to("reopen", order) is not None:
            _draft_again(order, actor, reason)
        elif order.state in (OrderState.DONE, OrderState.CERTIFIED):
            reopen_order(actor=actor, order_id=order.pk, reason=reason)
    return checked


def last_visit(order: Order) -> Visit | None:
    """Return the order's last finished visit."""
    rows = Visit.objects.filter(
        landlord_id=order.landlord_id,
        order_id=order.pk,
        state__in=(VisitState.DONE, VisitState.PARTLY_DONE),
    )
    return rows.order_by("-number").first()


def statement(order: Order, visit: Visit, data: SignOffInput, how: str, at: str) -> str:
    """Return the canonical text that a sign-off's fingerprint is of."""
    said = {
        "order": order.reference,
        "title": order.title,
        "visit": visit.number,
        "report": visit.report,
        "satisfied": data.satisfied,
        "reason": data.reason,
        "note": data.note,
        "name": data.name,
        "how": how,
        "at": at,
        "mention": MENTION,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _draft_again(order: Order, actor: Actor, reason: str) -> Order:
    """Draft the works again, on a case of their own: what is owed for the first ones stands."""
    again = replace(
        input_again(order),
        title=f"Reprise : {order.title}"[:160],
        description=f"Signalé non réglé après {order.reference} : {reason}\n{order.description}",
        external_number="",
        commitment_number="",
        target_date=None,
        lines=(),
    )
    return draft_order(actor=actor, data=again)


# --- inside -----------------------------------------------------------------------------------


def _clean(data: SignOffInput) -> SignOffInput:
    name = " ".join(data.name.split())
    wrong: dict[str, list[str]] = {}
    if not name or len(name) > MAX_NAME:
        wrong["name"] = ["Indiquez le nom de la personne qui signe."]
    if not data.satisfied and data.reason not in NotFixed.values:
        wrong["reason"] = ["Dites ce qui ne va pas."]
    if wrong:
        raise Invalid(wrong)
    reason = "" if data.satisfied else data.reason
    note = " ".join(data.note.split())[:200]
    return SignOffInput(name=name, satisfied=data.satisfied, reason=reason, note=note)


def _kept(visit: Visit, typed: SignOffInput) -> SignOff | None:
    """Return what was signed on the screen of this visit in the same words, and still stands."""
    data = _clean(typed)
    found: SignOff | None = visit.sign_offs.filter(
        how=SignOffHow.SCREEN,
        satisfied=data.satisfied,
        reason=data.reason,
        note=data.note,
        signer_name=data.name,
        checked_at__isnull=True,
    ).first()
    return found


def _sign(
    order: Order, visit: Visit, actor: Actor, typed: SignOffInput, how: SignOffHow
) -> SignOff:
    data = _clean(typed)
    contested = open_check(order)
    if contested is not None and not data.satisfied:
        raise Conflict("C’est déjà signalé : le bailleur vérifie.")
    if data.satisfied and visit.sign_offs.filter(satisfied=True).exists():
        raise Conflict("C’est déjà signé.")
    now = clock.now()
    text = statement(order, visit, data, how.value, now.isoformat())
    row = SignOff(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        tenant_id=visit.tenant_id,
        reader_case_id=visit.reader_case_id,
        order=order,
        visit=visit,
        satisfied=data.satisfied,
        reason=data.reason,
        note=data.note,
        signer_name=data.name,
        how=how,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        seal=SealState.PREPARING,
        created_at=now,
    )
    with explained():
        row.save(force_insert=True)
    by_hand = Side.TENANT.value if actor.side is not Side.TENANT else ""
    event = events.TenantSigned(satisfied=data.satisfied, reason=data.reason)
    _record(event, row, order, actor, on_behalf_of=by_hand)
    if contested is not None and actor.side is Side.TENANT:  # he says himself that it is fixed now
        _close(contested, order, actor, outcome=CheckOutcome.FIXED, note="")
    return row


def _close(
    found: SignOff, order: Order, actor: Actor, *, outcome: CheckOutcome, note: str
) -> SignOff:
    found.outcome = outcome
    found.check_note = note.strip()[:300]
    found.checked_at = clock.now()
    found.version += 1
    found.save(update_fields=["outcome", "check_note", "checked_at", "version"])
    if actor.side is Side.LANDLORD:
        _record(events.NotFixedChecked(outcome=outcome.value), found, order, actor)
    return found


def _record(
    event: EventType, row: SignOff, order: Order, actor: Actor, *, on_behalf_of: str = ""
) -> None:
    record(
        event,
        actor=actor,
        subject=row,
        subject_type="signoff",
        order_id=order.pk,
        case_id=order.case_id,
        on_behalf_of=on_behalf_of,
    )
