"""Facts beside each opinion, counted from rows when a quarter is published.

One or two by axis, those of the design. Of values nothing in the product tells a fact: pages say
so. Both houses of a pair see all the rows that are counted of it.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Aggregate,
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
from evaluations.models import BonusContest
from evaluations.quarters import Quarter
from evaluations.wording import FactCode as Code
from evaluations.wording import fact_text, not_measured
from nexxio.core import clock
from nexxio.core.models import Event
from orders.certificate_states import NotFixed
from orders.models import Certificate, Order, OrderPiece, SignOff, Variation, Visit
from orders.states import VisitState
from orders.terms import InvoicePiece
from orders.variation_states import VariationKind

_KEPT = (VisitState.DONE, VisitState.PARTLY_DONE, VisitState.NO_ACCESS)
_WORKED = (VisitState.DONE, VisitState.PARTLY_DONE)
_TOLD = ("visit.on_the_way", "visit.on_site", "visit.done", "visit.no_access")
_REPEAT = timedelta(days=30)
_ANSWER = timedelta(days=10)
NOT_MEASURED = (Axis.VALUES,)
"""Hours of integration, incidents: nothing here records them."""
_BADLY = (NotFixed.UNCLEAN, NotFixed.DAMAGE)
_Window = Quarter | Span


class Fact(NamedTuple):
    """What is counted, and how much: a share in hundredths, a number, days or minutes.

    more: a second one beside the same axis.
    """

    code: str
    value: Decimal
    more: Any = None

    @property
    def text(self) -> str:
        """The fact in words, with the second one."""
        told = fact_text(self.code, self.value)
        return f"{told} · {self.more.text}" if self.more else told

    @property
    def parts(self) -> list[Fact]:
        """The fact and the second one, each by itself."""
        return [self._replace(more=None), *(self.more.parts if self.more else [])]


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def facts_of(
    quarter: _Window, *, landlord_id: UUID, contractor_id: UUID | None = None
) -> dict[str, Fact]:
    """Return, by subject, what can be counted of a quarter or month, of a landlord and a company.

    Of all its companies without one. A dozen queries, as the system or in the scope of a house:
    what is counted of a pair, both of its houses see.
    """
    own: dict[str, Any] = {"landlord_id": landlord_id}
    if contractor_id is not None:
        own["contractor_id"] = contractor_id
    counted = {
        **_done(quarter, own),
        **_issued(quarter, own),
        **_visits(quarter, own),
        **_told(quarter, own),
        **_payments(quarter, own),
        **_variations(quarter, own),
        **_signatures(quarter, own),
        **_contests(quarter, own),
        **_complaints(quarter, own),
        **_waste(quarter, own),
    }
    found: dict[str, Fact] = {}
    for subject, codes in _BESIDE.items():
        known = [Fact(code, counted[code]) for code in codes if code in counted]
        if known:
            found[subject] = known[0]._replace(more=known[1]) if len(known) > 1 else known[0]
    return found


def none_of(subject: str) -> str:
    """Return what stands where an axis has no fact: that nothing measures it, or nothing at all."""
    return not_measured() if subject in NOT_MEASURED else ""


# --- inside -----------------------------------------------------------------------------------

_BESIDE: dict[str, tuple[Code, ...]] = {
    Axis.AUTONOMY.value: (Code.SETTLED,),
    Axis.COMPETENCE.value: (Code.FIRST_TIME, Code.REPEATS),
    Axis.CONDUCT.value: (Code.LEFT_BADLY,),
    Axis.CONSIDERATION.value: (Code.SIGN_DAYS, Code.WASTED),
    Axis.COOPERATION.value: (Code.ANSWER_DAYS, Code.TAKEN_DAYS),
    Axis.LISTENING.value: (Code.CONTESTS,),
    Axis.ENVIRONMENT.value: (Code.GROUPED, Code.WASTE_SLIPS),
    Axis.ADAPTABILITY.value: (Code.COMPLETE, Code.REGULARISED),
    Axis.EXPERIENCE.value: (Code.TOLD_IN,),
    Axis.TRUST.value: (Code.PAID_IN, Code.PAID_ON_TIME),
    Criterion.QUALITY.value: (Code.FIRST_TIME,),
    Criterion.CLEANLINESS.value: (Code.LEFT_BADLY,),
    Criterion.DELAYS.value: (Code.IN_TIME, Code.APPOINTMENTS),
}
_OF_ORDER = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}
_Counted = dict[Code, Decimal]


def _done(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """Fixed at the first visit: not reopened, and no visit that left something for another one.

    Works that were stopped aren't counted, as little as an order that was replaced before them:
    nothing was finished, in time or not.
    """
    partly = Visit.objects.filter(**_OF_ORDER, state=VisitState.PARTLY_DONE)
    counted = (
        Order.objects.filter(
            **own, done_at__gte=quarter.starts_at, done_at__lt=quarter.ends_at, stopped_for=""
        )
        .order_by()
        .annotate(came_again=Exists(partly))
        .aggregate(
            all=Count("pk"),
            first=Count("pk", filter=Q(reopened=0, came_again=False)),
            dated=Count("pk", filter=Q(target_date__isnull=False)),
            in_time=Count("pk", filter=Q(done_at__date__lte=F("target_date"))),
        )
    )
    return {
        **_share(Code.FIRST_TIME, counted["first"], counted["all"]),
        **_share(Code.IN_TIME, counted["in_time"], counted["dated"]),
    }


def _issued(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """Whether an order left complete, and how soon its company took it."""
    returned = Event.objects.filter(**_OF_ORDER, kind="order.returned")
    counted = (
        Order.objects.filter(**own, issued_at__gte=quarter.starts_at, issued_at__lt=quarter.ends_at)
        .order_by()
        .annotate(was_returned=Exists(returned))
        .aggregate(
            all=Count("pk"),
            complete=Count("pk", filter=Q(was_returned=False)),
            taken=_mean("accepted_at", "issued_at", Q(accepted_at__gte=F("issued_at"))),
        )
    )
    return {
        **_share(Code.COMPLETE, counted["complete"], counted["all"]),
        **_days(Code.TAKEN_DAYS, counted["taken"]),
    }


def _visits(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """Kept or wasted; grouped: the company had another order at the address on the same day.

    A repeat comes back for the same trade to the same dwelling, and counts once 30 days are over.
    """
    same = Visit.objects.filter(**_SAME, state__in=_WORKED).exclude(pk=OuterRef("pk"))
    again = same.filter(
        order__unit_id=OuterRef("order__unit_id"),
        order__trade_id=OuterRef("order__trade_id"),
        window_start__gt=OuterRef("window_start"),
        window_start__lte=OuterRef("window_start") + _REPEAT,
    )
    beside = same.filter(
        order__place_city=OuterRef("order__place_city"),
        order__place_address=OuterRef("order__place_address"),
        window_start__date=OuterRef("window_start__date"),
    ).exclude(order_id=OuterRef("order_id"))
    worked = Q(state__in=_WORKED)
    placed = Q(order__unit_id__isnull=False, order__trade_id__isnull=False)
    over = worked & placed & Q(window_start__lte=clock.now() - _REPEAT)
    counted = (
        Visit.objects.filter(
            **own, window_start__gte=quarter.starts_at, window_start__lt=quarter.ends_at
        )
        .order_by()
        .annotate(again=Exists(again), beside=Exists(beside))
        .aggregate(
            kept=Count("pk", filter=Q(state__in=_KEPT)),
            missed=Count("pk", filter=Q(state=VisitState.CONTRACTOR_NO_SHOW)),
            wasted=Count("pk", filter=Q(state=VisitState.NO_ACCESS)),
            over=Count("pk", filter=over),
            repeated=Count("pk", filter=over & Q(again=True)),
            worked=Count("pk", filter=worked),
            grouped=Count("pk", filter=worked & Q(beside=True)),
        )
    )
    due = counted["kept"] + counted["missed"]
    return {
        **_share(Code.APPOINTMENTS, counted["kept"], due),
        **({Code.WASTED: Decimal(counted["wasted"])} if due else {}),
        **_share(Code.REPEATS, counted["repeated"], counted["over"]),
        **_share(Code.GROUPED, counted["grouped"], counted["worked"]),
    }


_SAME = {"landlord_id": OuterRef("landlord_id"), "contractor_id": OuterRef("contractor_id")}


def _told(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """Minutes from what happened to its record, which is when the tenant's page shows it."""
    after = ExpressionWrapper(F("recorded_at") - F("happened_at"), output_field=DurationField())
    median = (
        Event.objects.filter(
            **own,
            kind__in=_TOLD,
            recorded_at__gte=quarter.starts_at,
            recorded_at__lt=quarter.ends_at,
        )
        .order_by()
        .aggregate(median=_Median(after, output_field=DurationField()))["median"]
    )
    if median is None:
        return {}
    minutes = Decimal(max(median, timedelta(0)).total_seconds()) / 60
    return {Code.TOLD_IN: minutes.quantize(Decimal(1), ROUND_HALF_UP)}


def _payments(quarter: _Window, own: dict[str, Any]) -> _Counted:
    took = ExpressionWrapper(F("paid_on") - F("invoice__received_on"), output_field=DurationField())
    counted = (
        Payment.objects.filter(
            **own,
            purpose=PaymentPurpose.INVOICE,
            paid_on__gte=quarter.first,
            paid_on__lte=quarter.last,
            invoice__received_on__isnull=False,
        )
        .order_by()
        .aggregate(
            days=Avg(took),
            due=Count("pk", filter=Q(invoice__due_on__isnull=False)),
            in_time=Count("pk", filter=Q(paid_on__lte=F("invoice__due_on"))),
        )
    )
    days = counted["days"]
    return {
        **({} if days is None else {Code.PAID_IN: Decimal(days.days)}),
        **_share(Code.PAID_ON_TIME, counted["in_time"], counted["due"]),
    }


def _variations(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """Extra works that the company asked for: answered while it was there, and after how long."""
    there = Visit.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        order_id=OuterRef("order_id"),
        arrived_at__lte=OuterRef("asked_at"),
        finished_at__gte=OuterRef("answered_at"),
    )
    answered = Q(answered_at__isnull=False)
    before, after = Q(kind=VariationKind.VARIATION), Q(kind=VariationKind.REGULARISATION)
    counted = (
        Variation.objects.filter(
            **own, asked_at__gte=quarter.starts_at, asked_at__lt=quarter.ends_at
        )
        .exclude(state="withdrawn")
        .order_by()
        .annotate(in_visit=Exists(there))
        .aggregate(
            asked=Count("pk", filter=before),
            there=Count("pk", filter=before & answered & Q(in_visit=True)),
            answer=_mean("answered_at", "asked_at", before & answered),
            regular=_mean("answered_at", "asked_at", after & answered),
        )
    )
    return {
        **_share(Code.SETTLED, counted["there"], counted["asked"]),
        **_days(Code.ANSWER_DAYS, counted["answer"]),
        **_days(Code.REGULARISED, counted["regular"]),
    }


def _signatures(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """How long certificates that were decided in the time had waited for it."""
    found = (
        Certificate.objects.filter(
            **own,
            asked_at__isnull=False,
            decided_at__gte=quarter.starts_at,
            decided_at__lt=quarter.ends_at,
        )
        .order_by()
        .aggregate(days=_mean("decided_at", "asked_at", Q()))
    )
    return _days(Code.SIGN_DAYS, found["days"])


def _contests(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """What a tenant says isn't settled, and lines of bonus that a company contests: done in time?

    Only what had its ten days.
    """
    until = min(quarter.ends_at, clock.now() - _ANSWER)
    checks = (
        SignOff.objects.filter(
            **own, satisfied=False, created_at__gte=quarter.starts_at, created_at__lt=until
        )
        .order_by()
        .aggregate(
            all=Count("pk"),
            in_time=Count("pk", filter=Q(checked_at__lte=F("created_at") + _ANSWER)),
        )
    )
    lines = (
        BonusContest.objects.filter(
            **own, contested_at__gte=quarter.starts_at, contested_at__lt=until
        )
        .order_by()
        .aggregate(
            all=Count("pk"),
            in_time=Count("pk", filter=Q(answered_at__lte=F("contested_at") + _ANSWER)),
        )
    )
    return _share(Code.CONTESTS, checks["in_time"] + lines["in_time"], checks["all"] + lines["all"])


def _complaints(quarter: _Window, own: dict[str, Any]) -> _Counted:
    """How often a tenant said that his home was left dirty or damaged, among all who signed."""
    found = (
        SignOff.objects.filter(
            **own, created_at__gte=quarter.starts_at, created_at__lt=quarter.ends_at
        )
        .order_by()
        .aggregate(all=Count("pk"), badly=Count("pk", filter=Q(satisfied=False, reason__in=_BADLY)))
    )
    return {Code.LEFT_BADLY: Decimal(found["badly"])} if found["all"] else {}


def _waste(quarter: _Window, own: dict[str, Any]) -> _Counted:
    given = OrderPiece.objects.filter(
        **own,
        kind=InvoicePiece.WASTE,
        withdrawn_at__isnull=True,
        created_at__gte=quarter.starts_at,
        created_at__lt=quarter.ends_at,
    ).count()
    return {Code.WASTE_SLIPS: Decimal(given)} if given else {}


def _mean(end: str, start: str, which: Q) -> Avg:
    took = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    return Avg(took, filter=which)


def _days(code: Code, length: timedelta | None) -> _Counted:
    return {} if length is None else {code: clock.in_days(length)}


def _share(code: Code, part: int, whole: int) -> _Counted:
    if not whole:
        return {}
    return {code: (Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP)}
