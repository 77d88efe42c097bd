"""Writes of reductions: works less than ordered, proposed by a party or noted at the certificate.

The order is locked first, then the reduction. What was agreed is a variation below zero, so that an
order always comes to its lines and what was granted, more or less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from nexxio.core.transitions import apply
from orders import reduction_events as events
from orders import variation_policies
from orders.models import Order, Variation, VariationLine, VariationTerms
from orders.services.amounts import Due, due_of, settle
from orders.services.moves import lock_order
from orders.services.pricing import COPIED
from orders.services.variation_kinds import ANSWER_DAYS
from orders.variation_states import (
    REDUCTION,
    TYPED_REDUCTIONS,
    ReductionReason,
    ReductionRefusal,
    VariationKind,
    VariationState,
)
from orders.working_days import after_working_days


@dataclass(frozen=True, kw_only=True)
class ReductionInput:
    """A proposal as typed. quantities: what stays due of each line; the others stay whole."""

    reason: str
    quantities: Mapping[UUID, Decimal]
    note: str = ""


@transaction.atomic
def ask_reduction(*, actor: Actor, order_id: UUID, data: ReductionInput) -> Variation:
    """Propose less than is due; the other party answers.

    Locks the order. Raises Conflict while another one is open or where the order doesn't allow it,
    Invalid for what was typed.
    """
    order = lock_order(order_id)
    if not variation_policies.can_reduce(actor, order, open_reduction(order)):
        raise Conflict("Une moins-value est déjà ouverte, ou la commande ne le permet pas.")
    if data.reason not in dict(TYPED_REDUCTIONS):
        raise Invalid({"reason": ["Choisissez un motif."]})
    dues = due_of(order)
    _require_less(dues, data.quantities)
    now = clock.now()
    due_at = after_working_days(now, ANSWER_DAYS, order.where)
    reduction = _new(
        order,
        state=VariationState.ASKED,
        reason=data.reason,
        asked_by=actor.side.value,
        answer_due_at=due_at,
        remind_at=due_at,
    )
    _write(order, reduction, dues, data.quantities, note=data.note)
    event = events.ReductionAsked(
        number=reduction.number, by=reduction.asked_by, reason=reduction.reason
    )
    _record(event, reduction, order, actor)
    return reduction


@transaction.atomic
def grant_reduction(*, actor: Actor, reduction_id: UUID, note: str = "") -> Variation:
    """Agree to less: the order's amount goes down at once. Locks the order.

    Raises Refused where the order has gone to a state in which nothing is proposed.
    """
    reduction, order = _lock(reduction_id)
    event = events.ReductionGranted(number=reduction.number, by=reduction.asked_by)
    moved = _move("grant", reduction, order, actor, event=event, changes=_answered())
    terms = VariationTerms.objects.filter(landlord_id=order.landlord_id, variation=reduction)
    terms.update(answer_note=note.strip()[:500], answered_by_id=actor.user_id)
    _take_off(reduction, order, actor)
    return moved


@transaction.atomic
def reject_reduction(*, actor: Actor, reduction_id: UUID, reason: str, note: str = "") -> Variation:
    """Don't agree to less, with a coded reason. Raises Invalid without one."""
    if reason not in ReductionRefusal.values:
        raise Invalid({"reason": ["Choisissez un motif."]})
    reduction, order = _lock(reduction_id)
    event = events.ReductionRejected(number=reduction.number, by=reduction.asked_by, reason=reason)
    moved = _move("reject", reduction, order, actor, event=event, changes=_answered())
    terms = VariationTerms.objects.filter(landlord_id=order.landlord_id, variation=reduction)
    terms.update(
        granted=Decimal(0),
        answer_reason=reason,
        answer_note=note.strip()[:500],
        answered_by_id=actor.user_id,
    )
    return moved


@transaction.atomic
def withdraw_reduction(*, actor: Actor, reduction_id: UUID) -> Variation:
    """Take back what was proposed."""
    reduction, order = _lock(reduction_id)
    event = events.ReductionWithdrawn(number=reduction.number, by=reduction.asked_by)
    return _move("withdraw", reduction, order, actor, event=event, changes={"remind_at": None})


def certify_less(
    order: Order, actor: Actor, kept: Mapping[UUID, Decimal], *, by: Side, note: str
) -> Variation | None:
    """Take off an order what its certificate, just signed, says less than is due; None if nothing.

    kept: the certified quantity of each line. by: who said less. A proposal that waits is settled
    by it. The order is locked.
    """
    end_reduction(order, actor)
    dues = due_of(order)
    if all(kept.get(due.key, due.quantity) == due.quantity for due in dues):
        return None
    reduction = _new(
        order,
        state=VariationState.GRANTED,
        reason=ReductionReason.CERTIFIED,
        asked_by=by.value,
        answered_at=clock.now(),
    )
    _write(order, reduction, dues, kept, note=note)
    _take_off(reduction, order, actor)
    certified = events.ReductionCertified(number=reduction.number, by=by.value)
    _record(certified, reduction, order, actor)
    return reduction


def end_reduction(order: Order, actor: Actor) -> None:
    """Withdraw a proposal that waits: its order is certified or given up. The order is locked."""
    waiting = open_reduction(order)
    if waiting is None:
        return
    _move(
        "withdraw",
        waiting,
        order,
        actor,
        event=events.ReductionWithdrawn(number=waiting.number, by=waiting.asked_by),
        changes={"remind_at": None},
        checked=True,
    )


def open_reduction(order: Order) -> Variation | None:
    """Return the proposal that waits for the other party."""
    return Variation.objects.filter(
        landlord_id=order.landlord_id,
        order_id=order.pk,
        kind=VariationKind.REDUCTION,
        state=VariationState.ASKED,
    ).first()


# --- inside -----------------------------------------------------------------------------------


def _lock(reduction_id: UUID) -> tuple[Variation, Order]:
    order = lock_order(Variation.objects.get(pk=reduction_id).order_id)
    locked = Variation.objects.select_for_update(of=("self",)).get(pk=reduction_id)
    return locked, order


def _require_less(dues: list[Due], kept: Mapping[UUID, Decimal]) -> None:
    known = {due.key: due.quantity for due in dues}
    if set(kept) - set(known) or any(not 0 <= kept[key] <= known[key] for key in kept):
        raise Invalid({"quantities": ["Une quantité va de zéro à ce qui est dû."]})
    if all(kept.get(key, quantity) == quantity for key, quantity in known.items()):
        raise Invalid({"quantities": ["Baissez au moins une quantité."]})


def _new(order: Order, **values: Any) -> Variation:
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    rows = Variation.objects.filter(**own, kind=VariationKind.REDUCTION)
    last = rows.aggregate(last=Max("number"))["last"]
    reduction = Variation(
        **own,
        contractor_id=order.contractor_id,
        kind=VariationKind.REDUCTION,
        number=(last or 0) + 1,
        asked_at=clock.now(),
        **values,
    )
    with explained():
        reduction.save(force_insert=True)
    return reduction


def _write(
    order: Order,
    reduction: Variation,
    dues: list[Due],
    kept: Mapping[UUID, Decimal],
    *,
    note: str,
) -> None:
    """Write what is taken off each line, below zero. A line's sum is that of what was and stays."""
    assert order.contractor_id is not None
    own = {"landlord_id": order.landlord_id, "contractor_id": order.contractor_id}
    lines = [
        VariationLine(
            **own,
            variation=reduction,
            shown=True,
            rank=rank,
            of_line_id=None if due.extra else due.key,
            of_extra_id=due.key if due.extra else None,
            quantity=kept[due.key] - due.quantity,
            total_without_vat=due.total_for(kept[due.key]) - due.total_without_vat,
            **{name: getattr(due.line, name) for name in COPIED},
        )
        for rank, due in enumerate(dues, start=1)
        if kept.get(due.key, due.quantity) < due.quantity
    ]
    VariationTerms(
        **own,
        variation=reduction,
        shown=True,
        note=note.strip()[:500],
        asked=sum((line.total_without_vat for line in lines), Decimal(0)),
    ).save(force_insert=True)
    VariationLine.objects.bulk_create(lines)


def _take_off(reduction: Variation, order: Order, actor: Actor) -> None:
    own = {"landlord_id": order.landlord_id, "variation_id": reduction.pk}
    for line in VariationLine.objects.filter(**own):
        line.granted_quantity = line.quantity
        line.granted_without_vat = line.total_without_vat
        line.save(update_fields=["granted_quantity", "granted_without_vat"])
    terms = VariationTerms.objects.get(**own)
    terms.granted = terms.asked
    terms.save(update_fields=["granted"])
    # The amount is the landlord's to write, also when it is the company that agrees.
    if actor.side is not Side.CONTRACTOR:
        settle(order)
        return
    scope = Scope(kind=ScopeKind.LANDLORD, landlord_id=order.landlord_id, entry_id=actor.entry_id)
    with open_scope(scope):
        settle(order)


def _answered() -> dict[str, Any]:
    return {"answered_at": clock.now(), "remind_at": None}


def _move(
    name: str,
    reduction: Variation,
    order: Order,
    actor: Actor,
    *,
    event: EventType,
    changes: Mapping[str, Any],
    checked: bool = False,
) -> Variation:
    def policy(who: Actor, row: Variation) -> Refused | None:
        if name == "grant" and order.state not in variation_policies.ASKED_IN[row.kind]:
            return Refused("La commande a changé d’état : rien ne peut en être ôté.", code="state")
        if checked or variation_policies.can_do(name, who, row):
            return None
        return Refused("C’est à l’autre partie de le faire.", code="role")

    return apply(
        REDUCTION,
        name,
        model=Variation,
        pk=reduction.pk,
        actor=actor,
        policy=policy,
        changes=changes,
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
    )


def _record(event: EventType, reduction: Variation, order: Order, actor: Actor) -> None:
    record(
        event,
        actor=actor,
        subject=reduction,
        subject_type="variation",
        order_id=order.pk,
        case_id=order.case_id,
    )
