"""What playing the game costs a company and brings it, counted from its own events and rows.

Read in the company's own scope: all its landlords, or one. Nothing is counted by person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
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
    QuerySet,
    Sum,
)

from contractors.models import IN_CIRCUIT, Block, BlockSide, Invoice, Payment
from contractors.money_states import PaymentPurpose
from contractors.states import BILLS, ENDED
from evaluations.bonus_spans import Span
from evaluations.models import BonusStatement, Thanks
from nexxio.core import clock
from nexxio.core.models import Event
from orders.models import NoAccessProof, Order, Photo, Visit
from orders.states import VisitState

NOTHING = Decimal(0)
PROMPT = timedelta(hours=1)
"""Told so soon after it happened, a fact was told in time."""
LATE = timedelta(days=1)
"""Told so long after it happened, it was a late entry: the office had to catch up."""
_TOLD = ("visit.on_the_way", "visit.on_site", "visit.done", "visit.no_access")
_CAME = (VisitState.DONE, VisitState.PARTLY_DONE, VisitState.NO_ACCESS)
_WORKED = (VisitState.DONE, VisitState.PARTLY_DONE)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """In hundredths; None of nothing."""
        return Decimal(100 * self.part) / self.whole if self.whole else None


@dataclass(frozen=True)
class Counted:
    """One period. Days are averages, None without a payment; euros excluding VAT (bonus).

    given: told in time, dated arrivals, photos, reports, proven absences, appointments kept.
    brought: payment days, unblocked invoices, blocks of its own that it lifted, bonus, thanks.
    """

    orders: int
    told_in_time: Share
    late_entries: int
    arrivals: Share
    photos: Share
    reports: Share
    absences: Share
    appointments: Share
    payment_days: Decimal | None
    payments: int
    unblocked: Share
    lifted: int
    lifted_days: Decimal | None
    bonus: Decimal
    statements: int
    thanks: int


def counted(contractor_id: UUID, span: Span, *, landlord_id: UUID | None = None) -> Counted:
    """Count a period of a company, with one landlord or all of them. Nine queries."""
    own: dict[str, Any] = {"contractor_id": contractor_id}
    if landlord_id is not None:
        own["landlord_id"] = landlord_id
    return Counted(
        **_works(own, span),
        **_events(own, span),
        **_visits(own, span),
        **_payments(own, span),
        **_invoices(own, span),
        **_lifted(own, span),
        **_bonus(own, span),
        thanks=Thanks.objects.filter(**own, told_at__gte=span.starts_at, told_at__lt=span.ends_at)
        .exclude(from_side="contractor")
        .count(),
    )


# --- inside -----------------------------------------------------------------------------------

_OF_ORDER = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}


def _works(own: dict[str, Any], span: Span) -> dict[str, Any]:
    """Finished orders, and those with a photo that shows the work."""
    photos = Photo.objects.filter(**_OF_ORDER, withdrawn_at__isnull=True).exclude(moment="door")
    refused = Visit.objects.filter(**_OF_ORDER, photos_refused=True)
    found = (
        Order.objects.filter(**own, done_at__gte=span.starts_at, done_at__lt=span.ends_at)
        .order_by()
        .annotate(has_photo=Exists(photos), refused=Exists(refused))
        .aggregate(
            all=Count("pk"),
            due=Count("pk", filter=Q(has_photo=True) | Q(refused=False)),
            shown=Count("pk", filter=Q(has_photo=True)),
        )
    )
    return {"orders": found["all"], "photos": Share(found["shown"], found["due"])}


def _events(own: dict[str, Any], span: Span) -> dict[str, Any]:
    """What was told of visits: within the hour, or more than a day after it had happened."""
    after = F("recorded_at") - F("happened_at")
    found = (
        Event.objects.filter(
            **own, kind__in=_TOLD, recorded_at__gte=span.starts_at, recorded_at__lt=span.ends_at
        )
        .order_by()
        .annotate(after=ExpressionWrapper(after, output_field=DurationField()))
        .aggregate(
            all=Count("pk"),
            prompt=Count("pk", filter=Q(after__lte=PROMPT)),
            late=Count("pk", filter=Q(after__gt=LATE)),
        )
    )
    return {"told_in_time": Share(found["prompt"], found["all"]), "late_entries": found["late"]}


def _visits(own: dict[str, Any], span: Span) -> dict[str, Any]:
    came, worked = Q(state__in=_CAME), Q(state__in=_WORKED)
    absent = Q(state=VisitState.NO_ACCESS)
    proof = NoAccessProof.objects.filter(
        landlord_id=OuterRef("landlord_id"), visit_id=OuterRef("pk")
    )
    found = (
        Visit.objects.filter(**own, window_start__gte=span.starts_at, window_start__lt=span.ends_at)
        .order_by()
        .annotate(has_proof=Exists(proof))
        .aggregate(
            came=Count("pk", filter=came),
            dated=Count("pk", filter=came & Q(arrived_at__isnull=False)),
            worked=Count("pk", filter=worked),
            told=Count("pk", filter=worked & ~Q(report="")),
            absent=Count("pk", filter=absent),
            proven=Count("pk", filter=absent & Q(has_proof=True)),
            missed=Count("pk", filter=Q(state=VisitState.CONTRACTOR_NO_SHOW)),
        )
    )
    return {
        "arrivals": Share(found["dated"], found["came"]),
        "reports": Share(found["told"], found["worked"]),
        "absences": Share(found["proven"], found["absent"]),
        "appointments": Share(found["came"], found["came"] + found["missed"]),
    }


def _payments(own: dict[str, Any], span: Span) -> dict[str, Any]:
    took = ExpressionWrapper(F("paid_on") - F("invoice__received_on"), output_field=DurationField())
    found = (
        Payment.objects.filter(
            **own,
            purpose=PaymentPurpose.INVOICE,
            paid_on__gte=span.first,
            paid_on__lte=span.last,
            invoice__received_on__isnull=False,
        )
        .order_by()
        .aggregate(days=Avg(took), count=Count("pk"))
    )
    return {"payment_days": _days(found["days"]), "payments": found["count"]}


def _invoices(own: dict[str, Any], span: Span) -> dict[str, Any]:
    """Invoices handed over in the period, and those that nothing has held since."""
    held = Block.objects.filter(
        ~IN_CIRCUIT, landlord_id=OuterRef("landlord_id"), invoice_id=OuterRef("pk")
    )
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        **own, kind__in=BILLS, filed_at__gte=span.starts_at, filed_at__lt=span.ends_at
    ).exclude(state__in=ENDED)
    found = (
        rows.order_by()
        .annotate(held=Exists(held))
        .aggregate(all=Count("pk"), free=Count("pk", filter=Q(held=False)))
    )
    return {"unblocked": Share(found["free"], found["all"])}


def _lifted(own: dict[str, Any], span: Span) -> dict[str, Any]:
    """Blocks that waited for the company, and that it answered."""
    held = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    found = (
        Block.objects.filter(
            **own,
            side=BlockSide.CONTRACTOR,
            closed_at__gte=span.starts_at,
            closed_at__lt=span.ends_at,
        )
        .order_by()
        .aggregate(count=Count("pk"), days=Avg(held))
    )
    return {"lifted": found["count"], "lifted_days": _days(found["days"])}


def _bonus(own: dict[str, Any], span: Span) -> dict[str, Any]:
    found = (
        BonusStatement.objects.filter(
            **own, closed_at__gte=span.starts_at, closed_at__lt=span.ends_at
        )
        .order_by()
        .aggregate(total=Sum("total"), count=Count("pk"))
    )
    return {"bonus": found["total"] or NOTHING, "statements": found["count"]}


def _days(length: timedelta | None) -> Decimal | None:
    return None if length is None else clock.in_days(length)
