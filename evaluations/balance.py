"""What playing the game costs a company and brings it, counted from its own events and rows.

Read in the company's own scope: all its landlords, or one. Nothing is counted by person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
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
from nexxio.core.actors import Channel, Side
from nexxio.core.models import Event
from orders.models import NoAccessProof, Order, Photo, Visit
from orders.states import VisitState

NOTHING = Decimal(0)
PROMPT = timedelta(hours=1)
"""Told so soon after it happened, a fact was told in time."""
LATE = timedelta(days=1)
"""Told so long after it happened, it was a late entry: the office had to catch up."""
_TOLD = ("visit.on_the_way", "visit.on_site", "visit.done", "visit.no_access")
_BY_TENANT = ("visit.confirmed", "visit.rescheduled", "visit.tenant_answered")
"""A slot chosen or moved by link, an absence answered in one tap: each was a call once."""
_BY_HAND = (Channel.WEB, Channel.PHONE_APP, Channel.OFFICE, Channel.LINK, Channel.PAPER)
ACT_MINUTES = 1
"""What an act typed or tapped by the company is counted for: a convention, said on the page."""
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
    """One period. Days are averages, None without a payment; bonus excludes VAT, the rest doesn't.

    given: told in time, dated arrivals, photos, reports, proven absences, appointments kept.
    brought: payment days, unblocked invoices, calls avoided, bonus, thanks; euros invoiced in the
    period, those of them that something held, euros paid in it. cost: acts typed or tapped, late
    entries, blocks of its own that it lifted.
    """

    orders: int
    told_in_time: Share
    late_entries: int
    calls: int
    acts: int
    arrivals: Share
    photos: Share
    reports: Share
    absences: Share
    appointments: Share
    payment_days: Decimal | None
    payments: int
    paid: Decimal
    unblocked: Share
    invoiced: Decimal
    blocked: Decimal
    lifted: int
    lifted_days: Decimal | None
    bonus: Decimal
    statements: int
    thanks: int

    @property
    def minutes(self) -> Decimal | None:
        """Minutes of typing by order done, by the convention; None without an order."""
        return Decimal(ACT_MINUTES * self.acts) / self.orders if self.orders else None


def counted(
    contractor_id: UUID, spans: Sequence[Span], *, landlord_id: UUID | None = None
) -> list[Counted]:
    """Count periods of a company, with one landlord or all of them. Eight queries in all."""
    own: dict[str, Any] = {"contractor_id": contractor_id}
    if landlord_id is not None:
        own["landlord_id"] = landlord_id
    parts = [
        part(own, spans)
        for part in (_works, _events, _visits, _payments, _invoices, _lifted, _bonus, _thanks)
    ]
    return [
        Counted(**{name: value for part in parts for name, value in part[n].items()})
        for n in range(len(spans))
    ]


# --- inside -----------------------------------------------------------------------------------

_OF_ORDER = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}
_Found = list[dict[str, Any]]


def _by_span(
    rows: QuerySet[Any], moment: str, spans: Sequence[Span], what: Mapping[str, tuple[Any, Q]]
) -> _Found:
    """Return, by period, what is counted of rows by their moment (a time or a day). One query.

    what: by name, how it is counted, and of which rows.
    """
    is_day = moment.endswith("_on")
    edges = [
        (one.first, one.following.first) if is_day else (one.starts_at, one.ends_at)
        for one in spans
    ]
    within = [Q(**{f"{moment}__gte": first, f"{moment}__lt": end}) for first, end in edges]
    of_all = {
        f"{moment}__gte": min(first for first, _end in edges),
        f"{moment}__lt": max(end for _first, end in edges),
    }
    counted = {
        f"{name}_{n}": make(filter=which & span)
        for name, (make, which) in what.items()
        for n, span in enumerate(within)
    }
    found = rows.filter(**of_all).order_by().aggregate(**counted)
    return [{name: found[f"{name}_{n}"] for name in what} for n in range(len(spans))]


_ALL = Q()
_COUNT = partial(Count, "pk")


def _works(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    """Finished orders, and those with a photo that shows the work."""
    photos = Photo.objects.filter(**_OF_ORDER, withdrawn_at__isnull=True).exclude(moment="door")
    refused = Visit.objects.filter(**_OF_ORDER, photos_refused=True)
    rows = Order.objects.filter(**own).annotate(has_photo=Exists(photos), refused=Exists(refused))
    what = {
        "all": (_COUNT, _ALL),
        "due": (_COUNT, Q(has_photo=True) | Q(refused=False)),
        "shown": (_COUNT, Q(has_photo=True)),
    }
    return [
        {"orders": found["all"], "photos": Share(found["shown"], found["due"])}
        for found in _by_span(rows, "done_at", spans, what)
    ]


def _events(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    """What was told of visits: within the hour, or more than a day after it had happened.

    And what the tenant settled without a call, and all that the company typed or tapped.
    """
    after = F("recorded_at") - F("happened_at")
    told = Q(kind__in=_TOLD)
    by_tenant = Q(kind__in=_BY_TENANT, actor_side=Side.TENANT)
    by_us = Q(actor_side=Side.CONTRACTOR, order_id__isnull=False, channel__in=_BY_HAND)
    rows = Event.objects.filter(told | by_tenant | by_us, **own).annotate(
        after=ExpressionWrapper(after, output_field=DurationField())
    )
    what = {
        "all": (_COUNT, told),
        "prompt": (_COUNT, told & Q(after__lte=PROMPT)),
        "late": (_COUNT, told & Q(after__gt=LATE)),
        "calls": (_COUNT, by_tenant),
        "acts": (_COUNT, by_us),
    }
    return [
        {
            "told_in_time": Share(found["prompt"], found["all"]),
            "late_entries": found["late"],
            "calls": found["calls"],
            "acts": found["acts"],
        }
        for found in _by_span(rows, "recorded_at", spans, what)
    ]


def _visits(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    came, worked = Q(state__in=_CAME), Q(state__in=_WORKED)
    absent = Q(state=VisitState.NO_ACCESS)
    proof = NoAccessProof.objects.filter(
        landlord_id=OuterRef("landlord_id"), visit_id=OuterRef("pk")
    )
    rows = Visit.objects.filter(**own).annotate(has_proof=Exists(proof))
    what = {
        "came": (_COUNT, came),
        "dated": (_COUNT, came & Q(arrived_at__isnull=False)),
        "worked": (_COUNT, worked),
        "told": (_COUNT, worked & ~Q(report="")),
        "absent": (_COUNT, absent),
        "proven": (_COUNT, absent & Q(has_proof=True)),
        "missed": (_COUNT, Q(state=VisitState.CONTRACTOR_NO_SHOW)),
    }
    return [
        {
            "arrivals": Share(found["dated"], found["came"]),
            "reports": Share(found["told"], found["worked"]),
            "absences": Share(found["proven"], found["absent"]),
            "appointments": Share(found["came"], found["came"] + found["missed"]),
        }
        for found in _by_span(rows, "window_start", spans, what)
    ]


def _payments(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    took = ExpressionWrapper(F("paid_on") - F("invoice__received_on"), output_field=DurationField())
    rows = Payment.objects.filter(**own, purpose=PaymentPurpose.INVOICE)
    dated = Q(invoice__received_on__isnull=False)
    what = {
        "days": (partial(Avg, took), dated),
        "count": (_COUNT, dated),
        "euros": (partial(Sum, "amount"), _ALL),
    }
    return [
        {
            "payment_days": _days(found["days"]),
            "payments": found["count"],
            "paid": found["euros"] or NOTHING,
        }
        for found in _by_span(rows, "paid_on", spans, what)
    ]


def _invoices(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    """Invoices handed over in the period, and those that nothing has held since."""
    held = Block.objects.filter(
        ~IN_CIRCUIT, landlord_id=OuterRef("landlord_id"), invoice_id=OuterRef("pk")
    )
    rows: QuerySet[Invoice] = (
        Invoice.objects.filter(**own, kind__in=BILLS)
        .exclude(state__in=ENDED)
        .annotate(held=Exists(held))
    )
    euros = partial(Sum, "total_with_vat")
    what = {
        "all": (_COUNT, _ALL),
        "free": (_COUNT, Q(held=False)),
        "euros": (euros, _ALL),
        "blocked": (euros, Q(held=True)),
    }
    return [
        {
            "unblocked": Share(found["free"], found["all"]),
            "invoiced": found["euros"] or NOTHING,
            "blocked": found["blocked"] or NOTHING,
        }
        for found in _by_span(rows, "filed_at", spans, what)
    ]


def _lifted(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    """Blocks that waited for the company, and that it answered."""
    held = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    rows = Block.objects.filter(**own, side=BlockSide.CONTRACTOR)
    what = {"count": (_COUNT, _ALL), "days": (partial(Avg, held), _ALL)}
    return [
        {"lifted": found["count"], "lifted_days": _days(found["days"])}
        for found in _by_span(rows, "closed_at", spans, what)
    ]


def _bonus(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    rows = BonusStatement.objects.filter(**own)
    what = {"total": (partial(Sum, "total"), _ALL), "count": (_COUNT, _ALL)}
    return [
        {"bonus": found["total"] or NOTHING, "statements": found["count"]}
        for found in _by_span(rows, "closed_at", spans, what)
    ]


def _thanks(own: dict[str, Any], spans: Sequence[Span]) -> _Found:
    rows = Thanks.objects.filter(**own).exclude(from_side=Side.CONTRACTOR)
    return _by_span(rows, "told_at", spans, {"thanks": (_COUNT, _ALL)})


def _days(length: timedelta | None) -> Decimal | None:
    return None if length is None else clock.in_days(length)
