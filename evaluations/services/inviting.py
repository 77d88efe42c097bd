"""Who is asked after an order: its tenant, and both houses when something stood out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from evaluations import events, questionnaire
from evaluations.axes import Direction
from evaluations.languages import FRENCH, language_of
from evaluations.models import Evaluation
from evaluations.notable import KINDS, notable_of, ordinary_of
from evaluations.pilot_book import EACH_ORDER
from evaluations.pilot_switches import is_on_for
from evaluations.quarters import ANSWER_DAYS, Quarter, counting_for
from evaluations.services.moves import locked, tell_own_side
from evaluations.states import EvaluationState
from nexxio.core import clock, links
from nexxio.core.actors import Actor
from nexxio.core.models import Event, LinkPurpose, Tenant
from orders.events import OrderDone
from orders.models import Order
from orders.states import Priority

REMIND_AFTER = timedelta(days=5)
QUIET = timedelta(days=30)
"""A tenant is reminded of no other evaluation within so many days."""


@transaction.atomic
def invite_for_order(*, actor: Actor, order_id: UUID) -> list[Evaluation]:
    """Ask for what is to be asked after an order was done; return what is new. As the system.

    Its tenant, where it has one and the works weren't stopped: three fixed questions and two in
    turn, by the link that he has already. Landlord and company: one question each, when something
    notable happened, or where a pilot asks about each order. Nobody is asked twice about an order,
    even when it is done again long after. Locks the order.
    """
    order: Order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("case", "unit")
        .get(pk=order_id)
    )
    if order.contractor_id is None or order.done_at is None:
        return []
    asked = _asked(order)
    made = []
    for direction, subjects, parties in _wanted(order):
        if direction in asked:
            continue
        evaluation = _invitation(order, direction, subjects, **parties)
        evaluation.save(force_insert=True)
        tell_own_side(events.EvaluationInvited(direction=direction.value), evaluation, actor)
        made.append(evaluation)
    if any(one.direction == Direction.TENANT_REPAIR for one in made):
        links.allow(order.case, LinkPurpose.EVALUATE)
    return made


@transaction.atomic
def remind_tenant(*, actor: Actor, evaluation_id: UUID) -> bool:
    """Ask a tenant once more, days after; not if he was reminded of another one lately.

    Nor of works that were taken up again and stopped since: nothing of them is finished.

    As the system. Locks the evaluation. Returns whether he is told; reminded_at is kept either
    way, so that an evaluation is looked at once.
    """
    evaluation, now = locked(evaluation_id), clock.now()
    waits = evaluation.state == EvaluationState.INVITED and evaluation.reminded_at is None
    if not waits or now >= evaluation.closes_at or evaluation.tenant_id is None:
        return False
    # What he was told stays as an event: evaluations are deleted once they are counted.
    is_quiet = (
        _was_stopped(evaluation)
        or Event.objects.filter(
            landlord_id=evaluation.landlord_id,
            tenant_id=evaluation.tenant_id,
            kind=events.EvaluationReminded.kind,
            recorded_at__gt=now - QUIET,
        ).exists()
    )
    evaluation.reminded_at = now
    evaluation.save(update_fields=["reminded_at"])
    if not is_quiet:
        tell_own_side(events.EvaluationReminded(), evaluation, actor)
    return not is_quiet


# --- inside -----------------------------------------------------------------------------------


def _was_stopped(evaluation: Evaluation) -> bool:
    """Tell whether the works that were done once were taken up again, and stopped since."""
    if evaluation.order_id is None:
        return False
    found = Order.objects.filter(pk=evaluation.order_id, landlord_id=evaluation.landlord_id)
    return found.exclude(stopped_for="").exists()


def _asked(order: Order) -> set[str]:
    """Return the directions that were asked about an order, deleted evaluations too."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    asked = set(Evaluation.objects.filter(**own).values_list("direction", flat=True))
    if Direction.LANDLORD_CONTRACTOR in asked:  # both houses are asked together; this row stays
        asked.add(Direction.CONTRACTOR_LANDLORD.value)
    if order.reader_case_id is not None and _tenant_was_asked(order):
        asked.add(Direction.TENANT_REPAIR.value)
    return asked


def _tenant_was_asked(order: Order) -> bool:
    """Tell whether the order was done before, and its tenant was asked then.

    By events, which stay. No invitation names its order, so that no answer can be traced to one:
    a case of several orders that are done again may be asked too little, never twice.
    """
    parties = {"landlord_id": order.landlord_id, "reader_case_id": order.reader_case_id}
    done = list(
        Event.objects.filter(**parties, order_id=order.pk, kind=OrderDone.kind)
        .order_by("recorded_at")
        .values_list("recorded_at", flat=True)[:2]
    )
    if not done[1:]:
        return False
    return Event.objects.filter(
        **parties, kind=events.EvaluationInvited.kind, recorded_at__gte=done[0]
    ).exists()


def _wanted(order: Order) -> list[tuple[Direction, list[str] | None, dict[str, Any]]]:
    """Return direction, subjects (None: those of a tenant) and parties of what is to be asked."""
    found: list[tuple[Direction, list[str] | None, dict[str, Any]]] = []
    if order.reader_case_id is not None and not order.stopped_for:
        parties = {
            "tenant_id": order.tenant_id,
            "reader_case_id": order.reader_case_id,
            "language": _language(order),
        }
        found.append((Direction.TENANT_REPAIR, None, parties))
    kinds = set(
        Event.objects.filter(
            landlord_id=order.landlord_id, order_id=order.pk, kind__in=KINDS
        ).values_list("kind", flat=True)
    )
    notable = notable_of(kinds, urgent=order.priority == Priority.URGENT)
    if notable is None and is_on_for(order, EACH_ORDER):
        notable = ordinary_of(order.pk)
    if notable is not None:
        found.append((Direction.LANDLORD_CONTRACTOR, [notable.of_contractor.value], {}))
        found.append((Direction.CONTRACTOR_LANDLORD, [notable.of_landlord.value], {}))
    return found


def _language(order: Order) -> str:
    """Return the language in which the tenant is asked first: his own, where we have it."""
    if order.tenant_id is None:
        return FRENCH.code
    spoken = Tenant.objects.filter(pk=order.tenant_id).values_list("language", flat=True).first()
    return language_of(spoken or "").code


def _residence(order: Order, direction: Direction, quarter: Quarter) -> UUID | None:
    """Return the residence in which a tenant's opinion counts; None where it counts in none.

    Once a tenant and quarter: five answers of a residence must not be one household's. By events,
    which stay, as evaluations don't.
    """
    if direction != Direction.TENANT_REPAIR or order.tenant_id is None:
        return None
    asked = Event.objects.filter(
        landlord_id=order.landlord_id,
        tenant_id=order.tenant_id,
        kind=events.EvaluationInvited.kind,
        recorded_at__gte=quarter.starts_at,
    )
    return None if asked.exists() else order.unit.group_id


def _invitation(
    order: Order, direction: Direction, subjects: list[str] | None, **parties: Any
) -> Evaluation:
    assert order.done_at is not None
    assert order.contractor_id is not None
    now, today = clock.now(), clock.today()
    version = questionnaire.version_on(direction, today)
    quarter = counting_for(clock.day_of(order.done_at), today)
    if subjects is None:
        own = questionnaire.own_of(order.landlord_id, direction, quarter.first)
        subjects = questionnaire.of_a_repair(order.pk, version, own)
    return Evaluation(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        direction=direction,
        order_id=order.pk,
        trade_code=order.trade_id or "",
        agency_id=order.agency_id,
        residence_id=_residence(order, direction, quarter),
        quarter=quarter.first,
        version=version,
        subjects=subjects,
        opened_at=now,
        closes_at=now + timedelta(days=ANSWER_DAYS),
        **parties,
    )
