"""Facts of a part of a landlord's works (agency, trade or one contract) between two days.

Counted from rows in the reader's own scope, as facts of a quarter are (evaluations/facts.py):
appointments on the day agreed, works on the day they were done, payments on the day they came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
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
)

from contractors.models import IN_CIRCUIT, Block, Invoice, Payment
from contractors.money_states import PaymentPurpose
from contractors.states import BILLS, ENDED
from evaluations.pilot_book import PilotFact
from nexxio.core import clock
from nexxio.core.models import Event
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order, Variation, Visit
from orders.states import VisitState
from orders.variation_states import VariationKind, VariationState

PROMPT = timedelta(hours=1)
_TOLD = ("visit.on_the_way", "visit.on_site", "visit.done", "visit.no_access")
_CAME = (VisitState.DONE, VisitState.PARTLY_DONE, VisitState.NO_ACCESS)
_GRANTED = (VariationState.GRANTED, VariationState.PARTLY_GRANTED)
_TENTH, _DAY = Decimal("0.1"), timedelta(days=1)
_OF_ORDER = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}


@dataclass(frozen=True)
class Part:
    """Which orders: of a landlord, and of an agency, a trade or a contract where they are given."""

    landlord_id: UUID
    agency_id: UUID | None = None
    trade: str = ""
    contract_id: UUID | None = None

    def orders(self, prefix: str = "") -> dict[str, Any]:
        """Return the filters of orders, or of rows that reach their order by `prefix`."""
        found: dict[str, Any] = {"landlord_id": self.landlord_id}
        if self.agency_id is not None:
            found[f"{prefix}agency_id"] = self.agency_id
        if self.trade:
            found[f"{prefix}trade_id"] = self.trade
        if self.contract_id is not None:
            found[f"{prefix}contract_id"] = self.contract_id
        return found


@dataclass(frozen=True)
class Days:
    """From one day to another, both counted."""

    first: date
    last: date

    @property
    def starts_at(self) -> datetime:
        """Its first instant, in Paris."""
        return clock.start_of(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first instant that isn't in it any more."""
        return clock.start_of(self.last + _DAY)

    @property
    def before(self) -> Days:
        """As many days, right before."""
        last = self.first - _DAY
        return Days(last - (self.last - self.first), last)


@dataclass(frozen=True)
class Measure:
    """What was counted. value: percent or days, None of nothing; n: of how many."""

    value: Decimal | None
    n: int


NOTHING = Measure(None, 0)


def measured(part: Part, days: Days) -> dict[str, Measure]:
    """Return every fact of a part and a time. Seven queries, in the scope of one of its houses."""
    return {
        **_done(part, days),
        **_issued(part, days),
        **_visits(part, days),
        **_told(part, days),
        **_certificates(part, days),
        **_payments(part, days),
        **_invoices(part, days),
    }


def share(part: int, whole: int) -> Measure:
    """Return so many of so many, in percent."""
    if not whole:
        return NOTHING
    return Measure((Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP), whole)


# --- inside -----------------------------------------------------------------------------------


def _done(part: Part, days: Days) -> dict[str, Measure]:
    partly = Visit.objects.filter(**_OF_ORDER, state=VisitState.PARTLY_DONE)
    extra = Variation.objects.filter(**_OF_ORDER, kind=VariationKind.VARIATION, state__in=_GRANTED)
    found = (
        Order.objects.filter(
            **part.orders(),
            done_at__gte=days.starts_at,
            done_at__lt=days.ends_at,
            stopped_for="",  # what was stopped isn't finished: evaluations/facts.py
        )
        .order_by()
        .annotate(came_again=Exists(partly), has_extra=Exists(extra))
        .aggregate(
            all=Count("pk"),
            first=Count("pk", filter=Q(reopened=0, came_again=False)),
            extra=Count("pk", filter=Q(has_extra=True)),
            dated=Count("pk", filter=Q(target_date__isnull=False)),
            in_time=Count("pk", filter=Q(done_at__date__lte=F("target_date"))),
        )
    )
    return {
        PilotFact.FIRST_TIME: share(found["first"], found["all"]),
        PilotFact.EXTRA: share(found["extra"], found["all"]),
        PilotFact.IN_TIME: share(found["in_time"], found["dated"]),
    }


def _issued(part: Part, days: Days) -> dict[str, Measure]:
    returned = Event.objects.filter(**_OF_ORDER, kind="order.returned")
    found = (
        Order.objects.filter(
            **part.orders(), issued_at__gte=days.starts_at, issued_at__lt=days.ends_at
        )
        .order_by()
        .annotate(was_returned=Exists(returned))
        .aggregate(all=Count("pk"), complete=Count("pk", filter=Q(was_returned=False)))
    )
    return {PilotFact.COMPLETE: share(found["complete"], found["all"])}


def _visits(part: Part, days: Days) -> dict[str, Measure]:
    found = (
        Visit.objects.filter(
            **part.orders("order__"),
            window_start__gte=days.starts_at,
            window_start__lt=days.ends_at,
        )
        .order_by()
        .aggregate(
            came=Count("pk", filter=Q(state__in=_CAME)),
            missed=Count("pk", filter=Q(state=VisitState.CONTRACTOR_NO_SHOW)),
            wasted=Count("pk", filter=Q(state=VisitState.NO_ACCESS)),
        )
    )
    return {
        PilotFact.APPOINTMENTS: share(found["came"], found["came"] + found["missed"]),
        PilotFact.WASTED: share(found["wasted"], found["came"]),
    }


def _told(part: Part, days: Days) -> dict[str, Measure]:
    rows = Event.objects.filter(
        landlord_id=part.landlord_id,
        order_id__in=Order.objects.filter(**part.orders()).order_by().values("pk"),
        kind__in=_TOLD,
        recorded_at__gte=days.starts_at,
        recorded_at__lt=days.ends_at,
    )
    found = rows.order_by().aggregate(
        all=Count("pk"),
        prompt=Count("pk", filter=Q(recorded_at__lte=F("happened_at") + PROMPT)),
    )
    return {PilotFact.TOLD: share(found["prompt"], found["all"])}


def _certificates(part: Part, days: Days) -> dict[str, Measure]:
    """By the day that the answer was due on: what waits beyond it is late, and so is silence."""
    answered = (CertificateState.SIGNED, CertificateState.REFUSED)
    due = Certificate.objects.filter(
        **part.orders("order__"), due_at__gte=days.starts_at, due_at__lt=days.ends_at
    ).exclude(state__in=[CertificateState.DRAFT, CertificateState.EXPIRED])
    found = (
        due.filter(Q(decided_at__isnull=False) | Q(due_at__lt=clock.now()))
        .order_by()
        .aggregate(
            all=Count("pk"),
            in_time=Count("pk", filter=Q(state__in=answered, decided_at__lte=F("due_at"))),
        )
    )
    return {PilotFact.SIGNED: share(found["in_time"], found["all"])}


def _payments(part: Part, days: Days) -> dict[str, Measure]:
    took = ExpressionWrapper(F("paid_on") - F("invoice__received_on"), output_field=DurationField())
    found = (
        Payment.objects.filter(
            **part.orders("invoice__order__"),
            purpose=PaymentPurpose.INVOICE,
            paid_on__gte=days.first,
            paid_on__lte=days.last,
            invoice__received_on__isnull=False,
        )
        .order_by()
        .aggregate(
            all=Count("pk"),
            days=Avg(took),
            due=Count("pk", filter=Q(invoice__due_on__isnull=False)),
            in_time=Count("pk", filter=Q(paid_on__lte=F("invoice__due_on"))),
        )
    )
    mean = found["days"]
    length = None if mean is None else Decimal(mean.total_seconds()) / 86400
    return {
        PilotFact.PAID_IN: Measure(
            None if length is None else length.quantize(_TENTH, ROUND_HALF_UP), found["all"]
        ),
        PilotFact.PAID_ON_TIME: share(found["in_time"], found["due"]),
    }


def _invoices(part: Part, days: Days) -> dict[str, Measure]:
    held = Block.objects.filter(
        ~IN_CIRCUIT, landlord_id=OuterRef("landlord_id"), invoice_id=OuterRef("pk")
    )
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        **part.orders("order__"),
        kind__in=BILLS,
        filed_at__gte=days.starts_at,
        filed_at__lt=days.ends_at,
    ).exclude(state__in=ENDED)
    found = (
        rows.order_by()
        .annotate(held=Exists(held))
        .aggregate(all=Count("pk"), free=Count("pk", filter=Q(held=False)))
    )
    return {PilotFact.UNBLOCKED: share(found["free"], found["all"])}
