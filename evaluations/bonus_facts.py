"""What bonus and malus measure, from rows of orders and invoices; what tenants' results say.

Each fact counts on its own day: an appointment and its statuses on the day agreed, the rest on the
day the works were done. Nothing is asked, or kept, of who did them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from contractors.models import Invoice, Payment
from contractors.money_states import PaymentPurpose
from contractors.states import BILLS, ENDED, OVER, InvoiceState
from evaluations.axes import Axis, Direction
from evaluations.bonus_spans import Span
from evaluations.bonus_sums import NOTHING, Unit
from evaluations.bonus_terms import LATEST_ARRIVAL_HOURS, BonusFact, Neutral
from evaluations.models import BonusDocument, Dimension, Result
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.models import Event
from orders.certificate_states import CertificateState, CheckOutcome
from orders.models import Certificate, Contract, Order, Photo, PhotoMoment, SignOff, Visit
from orders.services.signed import TOOK_PLACE
from orders.states import VisitState
from orders.terms import InvoicePiece

_CAME = (VisitState.DONE, VisitState.PARTLY_DONE, VisitState.NO_ACCESS)
_STATUSES = ("visit.on_the_way", "visit.on_site", "visit.done", "visit.no_access")
_NOT_WAITING = (*OVER, InvoiceState.DISPUTED, InvoiceState.SUSPENDED)
_ASKED = (Axis.COMPETENCE, Axis.CONDUCT, Axis.EXPERIENCE)
"""What every tenant is asked (evaluations/migrations/0003)."""
_HUNDREDTH = Decimal("0.01")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Opinion:
    """What tenants think of a company, as published. mean: of what every tenant is asked."""

    quarter: Quarter
    mean: Decimal
    n: int


def units_of(
    contract: Contract, span: Span, *, until: Span | None = None, pieces: Sequence[str] = ()
) -> list[Unit]:
    """Return all that was measured on a contract from the first day of `span` on. Four queries.

    until: the last period, `span` itself by default. pieces: what a closing pack holds.
    """
    ends_at = (until or span).ends_at
    visits = list(
        Visit.objects.filter(
            landlord_id=contract.landlord_id,
            order__contract_id=contract.pk,
            state__in=[*_CAME, VisitState.CONTRACTOR_NO_SHOW],
            window_start__gte=span.starts_at,
            window_start__lt=ends_at,
        ).order_by("window_start", "id")
    )
    orders = _orders(contract, span.starts_at, ends_at, [visit.order_id for visit in visits])
    delays = _status_delays(contract, [visit.pk for visit in visits])
    late = _told_late(contract, visits)
    found = [
        unit for visit in visits for unit in _of_visit(visit, orders[visit.order_id], delays, late)
    ]
    for order in orders.values():
        if _is_finished(order) and span.starts_at <= order.done_at < ends_at:
            found += _of_works(order, pieces)
    return found


def invoiced(contract: Contract, span: Span, *, until: Span | None = None) -> dict[date, Decimal]:
    """Return the works invoiced on a contract by day, excluding VAT, less credit notes. One query.

    An invoice counts by its date, once its landlord has it; one that was given up doesn't count.
    Nor do documents of bonus and malus themselves: they are no works.
    """
    notes = (
        Invoice.objects.filter(
            landlord_id=OuterRef("landlord_id"),
            credits_id=OuterRef("pk"),
            state=InvoiceState.APPLIED,
        )
        .exclude(Exists(BonusDocument.objects.filter(invoice_id=OuterRef("pk"))))
        .order_by()
        .values("credits_id")
        .annotate(sum=Sum("total_without_vat"))
        .values("sum")
    )
    rows: QuerySet[Invoice, Any] = (
        Invoice.objects.filter(
            landlord_id=contract.landlord_id,
            order__contract_id=contract.pk,
            kind__in=BILLS,
            filed_at__isnull=False,
            issued_on__gte=span.first,
            issued_on__lte=(until or span).last,
        )
        .exclude(state__in=ENDED)
        .values_list("issued_on", F("total_without_vat") - Coalesce(notes, NOTHING))
    )
    found: dict[date, Decimal] = {}
    for day, euros in rows:
        found[day] = found.get(day, NOTHING) + euros
    return found


def opinions(contract: Contract) -> list[Opinion]:
    """Return what was published of a contract's company, the newest quarter first. One query."""
    rows = Result.objects.filter(
        landlord_id=contract.landlord_id,
        direction=Direction.TENANT_REPAIR,
        dimension=Dimension.CONTRACTOR,
        key=str(contract.contractor_id),
        subject__in=_ASKED,
        mean__isnull=False,
    )
    means: dict[date, list[tuple[Decimal, int]]] = {}
    for row in rows.order_by("-quarter", "subject"):
        if row.mean is not None:
            means.setdefault(row.quarter, []).append((row.mean, row.n))
    return [
        Opinion(
            Quarter(quarter),
            (sum((mean for mean, _n in told), NOTHING) / len(told)).quantize(
                _HUNDREDTH, ROUND_HALF_UP
            ),
            min(n for _mean, n in told),
        )
        for quarter, told in means.items()
    ]


def opinion_for(told: Iterable[Opinion], span: Span) -> Opinion | None:
    """Return the newest opinion that was published by the end of a period; None without one."""
    day = span.following.first
    return next((each for each in told if each.quarter.publishes_on <= day), None)


def neutrals_of(landlord_id: UUID, orders: Iterable[UUID]) -> dict[UUID, str]:
    """Return which of some orders may cost nothing as of now, and why. One query."""
    rows: QuerySet[Order, Any] = (
        Order.objects.filter(landlord_id=landlord_id, pk__in=set(orders))
        .annotate(neutral=_neutral())
        .exclude(neutral="")
        .values_list("pk", "neutral")
    )
    return dict(rows)


# --- inside -----------------------------------------------------------------------------------


def _orders(
    contract: Contract, starts_at: datetime, ends_at: datetime, visited: Sequence[UUID]
) -> dict[UUID, Any]:
    """Return the orders done in a time, and those visited, with why they may cost nothing."""
    done = Q(contract_id=contract.pk, done_at__gte=starts_at, done_at__lt=ends_at)
    rows = (
        Order.objects.filter(done | Q(pk__in=set(visited)), landlord_id=contract.landlord_id)
        .annotate(
            works=Coalesce(F("budget__total_without_vat"), NOTHING),
            neutral=_neutral(),
            has_before=Exists(_photos(PhotoMoment.BEFORE)),
            has_after=Exists(_photos(PhotoMoment.AFTER)),
            photos_refused=Exists(Visit.objects.filter(**_OF_ORDER, photos_refused=True)),
            has_sign_off=Exists(_settled()),
            came_again=Exists(Visit.objects.filter(**_OF_ORDER, state=VisitState.PARTLY_DONE)),
        )
        .order_by("done_at", "id")
    )
    return {order.pk: order for order in rows}


def _is_finished(order: Any) -> bool:
    """Tell whether works are done: those that were stopped bring nothing and cost nothing."""
    return order.done_at is not None and not order.stopped_for


def _neutral() -> Case:
    """Return, as an expression on an order, why it may cost nothing as of now."""
    return Case(
        When(Exists(_returned()), then=Value(Neutral.RETURNED.value)),
        When(Exists(_signed_late()), then=Value(Neutral.SIGNATURE.value)),
        When(Exists(_paid_late()), then=Value(Neutral.PAYMENT.value)),
        default=Value(""),
        output_field=CharField(),
    )


_OF_ORDER = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}


def _returned() -> QuerySet[Event]:
    return Event.objects.filter(**_OF_ORDER, kind="order.returned")


def _signed_late() -> QuerySet[Certificate]:
    """Certificates that weren't signed within the contract's delay; silence counts as late."""
    late = Q(decided_at__gt=F("due_at")) | Q(state=CertificateState.TACIT)
    waits = Q(state=CertificateState.TO_SIGN, due_at__lt=clock.now())
    return Certificate.objects.filter(late | waits, **_OF_ORDER)


def _paid_late() -> QuerySet[Invoice]:
    """Invoices that were paid, or still wait, after their legal due date. No dispute counts."""
    late = Payment.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        invoice_id=OuterRef("pk"),
        purpose=PaymentPurpose.INVOICE,
        paid_on__gt=OuterRef("due_on"),
    )
    waits = Q(due_on__lt=clock.today()) & ~Q(state__in=_NOT_WAITING)
    rows = Invoice.objects.filter(**_OF_ORDER, kind__in=BILLS, due_on__isnull=False)
    return rows.filter(waits | Q(Exists(late)))


def _photos(moment: PhotoMoment) -> QuerySet[Photo]:
    return Photo.objects.filter(**_OF_ORDER, moment=moment, withdrawn_at__isnull=True)


def _settled() -> QuerySet[SignOff]:
    """What a tenant signed last, at the last visit, where it settles the works."""
    own = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("order_id")}
    visits = Visit.objects.filter(**own, state__in=TOOK_PLACE, number__gt=OuterRef("visit__number"))
    newer = SignOff.objects.filter(
        **own, visit_id=OuterRef("visit_id"), created_at__gt=OuterRef("created_at")
    )
    fixed = Q(satisfied=True) | Q(outcome=CheckOutcome.FIXED)
    found = SignOff.objects.filter(fixed, **_OF_ORDER, visit__state__in=TOOK_PLACE)
    return found.exclude(Exists(visits)).exclude(Exists(newer))


def _status_delays(contract: Contract, visits: Sequence[UUID]) -> Mapping[UUID, Decimal]:
    """Return by visit the longest time, in minutes, from a real moment to its being told."""
    rows = Event.objects.filter(
        landlord_id=contract.landlord_id, subject_id__in=list(visits), kind__in=_STATUSES
    ).values_list("subject_id", "happened_at", "recorded_at")
    found: dict[UUID, Decimal] = {}
    for pk, happened_at, recorded_at in rows:
        found[pk] = max(found.get(pk, NOTHING), _minutes(recorded_at - happened_at))
    return found


def _told_late(contract: Contract, visits: Sequence[Visit]) -> set[UUID]:
    """Return the visits whose arrival was told too long after it to prove an appointment kept."""
    rows = Event.objects.filter(
        landlord_id=contract.landlord_id,
        subject_id__in=[visit.pk for visit in visits],
        kind="visit.on_site",
        recorded_at__gt=F("happened_at") + timedelta(hours=LATEST_ARRIVAL_HOURS),
    )
    return set(rows.values_list("subject_id", flat=True))


def _of_visit(
    visit: Visit, order: Any, delays: Mapping[UUID, Decimal], told_late: Container[UUID]
) -> list[Unit]:
    absent = visit.state == VisitState.CONTRACTOR_NO_SHOW
    arrived = None if visit.arrived_at is None else visit.arrived_at - visit.window_end
    common = {
        "order_id": order.pk,
        "on": clock.day_of(visit.window_start),
        "works": order.works,
        "neutral": order.neutral,
    }
    found = [
        Unit(
            fact=BonusFact.APPOINTMENT,
            value=None if arrived is None else _minutes(arrived),
            failed=absent,
            unproven=visit.pk in told_late,
            **common,
        )
    ]
    if not absent:
        found.append(Unit(fact=BonusFact.STATUS, value=delays.get(visit.pk), **common))
    return found


def _of_works(order: Any, pieces: Sequence[str]) -> list[Unit]:
    common = {
        "order_id": order.pk,
        "on": clock.day_of(order.done_at),
        "works": order.works,
        "neutral": order.neutral,
    }
    there = {
        InvoicePiece.PHOTOS_BEFORE: order.has_before or order.photos_refused,
        InvoicePiece.PHOTOS_AFTER: order.has_after or order.photos_refused,
        InvoicePiece.SIGN_OFF: order.has_sign_off,
    }
    missing = sum(1 for piece in pieces if not there[InvoicePiece(piece)])
    again = Decimal(order.reopened + order.came_again)
    found = [Unit(fact=BonusFact.FIRST_TIME, value=again, **common)]
    if pieces:
        found.append(Unit(fact=BonusFact.PACK, value=Decimal(missing), **common))
    return found


def _minutes(length: timedelta) -> Decimal:
    """Return whole minutes, begun ones counted; none below nought."""
    return Decimal(max(-(-length // _MINUTE), 0))
