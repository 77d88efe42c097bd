"""What the clauses of a contract come to over a quarter, from facts. In the scope of either house.

What bonus and malus count (evaluations/bonus_facts.py) is counted the same way here, so that a
clause and a line of a statement never say two things of one order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from evaluations.bonus_facts import units_of
from evaluations.bonus_spans import Span
from evaluations.bonus_sums import Unit
from evaluations.bonus_terms import PACK_PIECES, BonusFact
from evaluations.models import BonusStatement
from evaluations.perimeter_facts import NOTHING, Days, Measure, Part, measured, share
from nexxio.core import clock
from orders.models import Contract, Order, Variation, Visit
from orders.states import Priority

STATUS_MINUTES, LATE_MINUTES = 60, 15
"""Thresholds where no rules of bonus and malus say others."""
ACK, ARRIVAL, NORMAL, ANSWERS, BONUS = "ack", "arrival", "normal", "answers", "bonus"


@dataclass(frozen=True)
class Limits:
    """Up to how many minutes a status is in time, and an arrival after its window."""

    status: int = STATUS_MINUTES
    late: int = LATE_MINUTES


def clause_facts(contract: Contract, span: Span, limits: Limits) -> dict[str, Measure]:
    """Return what was measured on a contract in a quarter, by fact. About fifteen queries."""
    pieces = pack_of(contract)
    units = units_of(contract, span, pieces=pieces)
    days = Days(span.first, span.last)
    return {
        **measured(Part(contract.landlord_id, contract_id=contract.pk), days),
        BonusFact.STATUS: _kept(units, BonusFact.STATUS, limits.status),
        BonusFact.APPOINTMENT: _kept(units, BonusFact.APPOINTMENT, limits.late),
        BonusFact.FIRST_TIME: _kept(units, BonusFact.FIRST_TIME, 0),
        BonusFact.PACK: _kept(units, BonusFact.PACK, 0),
        **_orders(contract, span),
        ANSWERS: _answers(contract, span),
        BONUS: _bonus(contract, span),
    }


def pack_of(contract: Contract) -> list[str]:
    """Return the pieces of a closing pack that a contract asks for."""
    return [piece.value for piece in PACK_PIECES if piece in contract.pieces]


# --- inside -----------------------------------------------------------------------------------


def _kept(units: Iterable[Unit], fact: str, limit: int) -> Measure:
    """Return the share of units within their limit; what wasn't noted isn't counted."""
    counted = [one for one in units if one.fact == fact and (one.failed or one.value is not None)]
    kept = [
        one
        for one in counted
        if not one.failed and not one.unproven and one.value is not None and one.value <= limit
    ]
    return share(len(kept), len(counted))


def _orders(contract: Contract, span: Span) -> dict[str, Measure]:
    """Clocks of urgent orders issued in the quarter, and normal ones done in it.

    Works that were stopped aren't done.
    """
    came = Visit.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        order_id=OuterRef("pk"),
        arrived_at__lte=OuterRef("arrival_due_at"),
    )
    now = clock.now()
    issued = Q(issued_at__gte=span.starts_at, issued_at__lt=span.ends_at)
    done = Q(done_at__gte=span.starts_at, done_at__lt=span.ends_at, target_date__isnull=False)
    done &= ~Q(priority=Priority.URGENT) & Q(stopped_for="")
    ack, arrival = issued & Q(ack_due_at__lt=now), issued & Q(arrival_due_at__lt=now)
    found = (
        Order.objects.filter(
            issued | done, landlord_id=contract.landlord_id, contract_id=contract.pk
        )
        .order_by()
        .annotate(in_time=Exists(came))
        .aggregate(
            ack=Count("pk", filter=ack),
            ack_kept=Count("pk", filter=ack & Q(accepted_at__lte=F("ack_due_at"))),
            arrival=Count("pk", filter=arrival),
            arrival_kept=Count("pk", filter=arrival & Q(in_time=True)),
            normal=Count("pk", filter=done),
            normal_kept=Count("pk", filter=done & Q(done_at__date__lte=F("target_date"))),
        )
    )
    return {name: share(found[f"{name}_kept"], found[name]) for name in (ACK, ARRIVAL, NORMAL)}


def _answers(contract: Contract, span: Span) -> Measure:
    """Extra works asked in the quarter that were answered by their day; silence is late."""
    found = (
        Variation.objects.filter(
            landlord_id=contract.landlord_id,
            order__contract_id=contract.pk,
            asked_at__gte=span.starts_at,
            asked_at__lt=span.ends_at,
            answer_due_at__isnull=False,
        )
        .exclude(state="withdrawn")
        .filter(Q(answered_at__isnull=False) | Q(answer_due_at__lt=clock.now()))
        .order_by()
        .aggregate(
            all=Count("pk"),
            in_time=Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
        )
    )
    return share(found["in_time"], found["all"])


def _bonus(contract: Contract, span: Span) -> Measure:
    """Return the euros excluding VAT of the statements of the quarter that are closed."""
    found = BonusStatement.objects.filter(
        landlord_id=contract.landlord_id,
        contract_id=contract.pk,
        first__gte=span.first,
        last__lte=span.last,
        closed_at__isnull=False,
    ).aggregate(total=Sum("total"), n=Count("pk"))
    return Measure(found["total"], found["n"]) if found["n"] else NOTHING
