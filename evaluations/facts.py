"""A fact beside each opinion, counted from rows when a quarter is published."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Avg,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
)

from contractors.models import Payment
from contractors.money_states import PaymentPurpose
from evaluations.axes import Axis, Criterion
from evaluations.bonus_spans import Span
from evaluations.quarters import Quarter
from evaluations.wording import FactCode as Code
from nexxio.core.models import Event
from orders.models import Order, Visit
from orders.states import VisitState

_KEPT = (VisitState.DONE, VisitState.PARTLY_DONE, VisitState.NO_ACCESS)
_EVENTS = {
    "variation.granted": (Axis.AUTONOMY, Code.VARIATIONS),
    "certificate.refused": (Axis.LISTENING, Code.REFUSED),
    "order.returned": (Axis.ADAPTABILITY, Code.RETURNED),
    "hold.overdue": (Axis.COOPERATION, Code.OVERDUE),
}


class Fact(NamedTuple):
    """What is counted, and how much: a share in hundredths, a number, or days."""

    code: str
    value: Decimal


def facts_of(
    quarter: Quarter | Span, *, landlord_id: UUID, contractor_id: UUID | None = None
) -> dict[str, Fact]:
    """Return, by subject, what can be counted of a quarter or month, of a landlord and a company.

    Of all its companies without one. Four queries, as the system or in the scope of a house: what
    is counted of a pair, both of its houses see.
    """
    own: dict[str, Any] = {"landlord_id": landlord_id}
    if contractor_id is not None:
        own["contractor_id"] = contractor_id
    return {
        **_orders(quarter, own),
        **_visits(quarter, own),
        **_payments(quarter, own),
        **_events(quarter, own),
    }


# --- inside -----------------------------------------------------------------------------------


def _orders(quarter: Quarter | Span, own: dict[str, Any]) -> dict[str, Fact]:
    """Fixed at the first visit: not reopened, and no visit that left something for another one."""
    partly = Visit.objects.filter(
        landlord_id=OuterRef("landlord_id"), order_id=OuterRef("pk"), state=VisitState.PARTLY_DONE
    )
    counted = (
        Order.objects.filter(**own, done_at__gte=quarter.starts_at, done_at__lt=quarter.ends_at)
        .order_by()
        .annotate(came_again=Exists(partly))
        .aggregate(
            all=Count("pk"),
            first=Count("pk", filter=Q(reopened=0, came_again=False)),
            dated=Count("pk", filter=Q(target_date__isnull=False)),
            in_time=Count("pk", filter=Q(done_at__date__lte=F("target_date"))),
        )
    )
    found: dict[str, Fact] = {}
    if counted["all"]:
        fact = Fact(Code.FIRST_TIME, _share(counted["first"], counted["all"]))
        found |= {Axis.COMPETENCE.value: fact, Criterion.QUALITY.value: fact}
    if counted["dated"]:
        fact = Fact(Code.IN_TIME, _share(counted["in_time"], counted["dated"]))
        found[Criterion.DELAYS.value] = fact
    return found


def _visits(quarter: Quarter | Span, own: dict[str, Any]) -> dict[str, Fact]:
    counted = (
        Visit.objects.filter(
            **own, window_start__gte=quarter.starts_at, window_start__lt=quarter.ends_at
        )
        .order_by()
        .aggregate(
            kept=Count("pk", filter=Q(state__in=_KEPT)),
            missed=Count("pk", filter=Q(state=VisitState.CONTRACTOR_NO_SHOW)),
            wasted=Count("pk", filter=Q(state=VisitState.NO_ACCESS)),
        )
    )
    due = counted["kept"] + counted["missed"]
    if not due:
        return {}
    return {
        Axis.EXPERIENCE.value: Fact(Code.APPOINTMENTS, _share(counted["kept"], due)),
        Axis.CONSIDERATION.value: Fact(Code.WASTED, Decimal(counted["wasted"])),
    }


def _payments(quarter: Quarter | Span, own: dict[str, Any]) -> dict[str, Fact]:
    took = ExpressionWrapper(F("paid_on") - F("invoice__received_on"), output_field=DurationField())
    days = (
        Payment.objects.filter(
            **own,
            purpose=PaymentPurpose.INVOICE,
            paid_on__gte=quarter.first,
            paid_on__lte=quarter.last,
            invoice__received_on__isnull=False,
        )
        .order_by()
        .aggregate(days=Avg(took))["days"]
    )
    return {} if days is None else {Axis.TRUST.value: Fact(Code.PAID_IN, Decimal(days.days))}


def _events(quarter: Quarter | Span, own: dict[str, Any]) -> dict[str, Fact]:
    rows = (
        Event.objects.filter(
            **own,
            kind__in=_EVENTS,
            recorded_at__gte=quarter.starts_at,
            recorded_at__lt=quarter.ends_at,
        )
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    counted = dict(rows)
    return {
        axis.value: Fact(code, Decimal(counted.get(kind, 0)))
        for kind, (axis, code) in _EVENTS.items()
    }


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP)
