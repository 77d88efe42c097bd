"""When a company's invoices are likely to be paid: by week, across its landlords."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contractors.causes import CauseCode
from contractors.charts import Chart, Value, chart
from contractors.models import Block, BlockHow, Invoice, Payment, Retention
from contractors.money_states import PaymentPurpose
from contractors.selectors.runs import LANDLORD, expected_of
from contractors.states import BILLS, ENDED, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.templatetags.ui import number

WEEKS = 12
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Share:
    """A part of an invoice, and when it is expected. on: a day, None for one that isn't known.

    is_announced: the landlord says that it has paid; is_blocked: held, so expected on no day.
    """

    landlord: str
    amount: Decimal
    on: date | None = None
    is_announced: bool = False
    is_blocked: bool = False


@dataclass(frozen=True)
class Week:
    """What is expected in a week, from its Monday: on due dates, and announced as paid."""

    first: date
    count: int = 0
    due: Decimal = NOTHING
    announced: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """Both."""
        return self.due + self.announced

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)


@dataclass(frozen=True)
class LandlordSums:
    """What one landlord still has to pay."""

    name: str
    expected: Decimal = NOTHING
    late: Decimal = NOTHING
    blocked: Decimal = NOTHING
    unknown: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.expected + self.late + self.blocked + self.unknown


@dataclass(frozen=True)
class Forecast:
    """Open invoices, each euro once: in a week, later, late, blocked, or on no known day."""

    weeks: list[Week]
    later: Decimal
    late: Decimal
    blocked: Decimal
    unknown: Decimal
    landlords: list[LandlordSums]
    chart: Chart | None

    @property
    def expected(self) -> Decimal:
        """What the weeks come to."""
        return sum((week.total for week in self.weeks), NOTHING)

    @property
    def total(self) -> Decimal:
        """All that is open."""
        return self.expected + self.later + self.late + self.blocked + self.unknown


def forecast(actor: Actor) -> Forecast:
    """Return a company's forecast: four queries, whatever it has open."""
    today = clock.today()
    shares = _shares(actor)
    monday = today - timedelta(days=today.weekday())
    weeks = [Week(monday + timedelta(weeks=n)) for n in range(WEEKS)]
    found = {week.first: week for week in weeks}
    sums = {"later": NOTHING, "late": NOTHING, "blocked": NOTHING, "unknown": NOTHING}
    houses: dict[str, LandlordSums] = {}
    for share in shares:
        where = _place(share, today, weeks[-1].last)
        house = houses.get(share.landlord) or LandlordSums(share.landlord)
        column = "expected" if where in {"week", "later"} else where
        houses[share.landlord] = replace(house, **{column: getattr(house, column) + share.amount})
        if where == "week":
            first = _monday(share, today)
            found[first] = _added(found[first], share)
        else:
            sums[where] += share.amount
    filled = [found[week.first] for week in weeks]
    return Forecast(
        weeks=filled,
        landlords=sorted(houses.values(), key=lambda house: (-house.total, house.name)),
        chart=chart([_bar(week) for week in filled]),
        **sums,
    )


# --- inside -----------------------------------------------------------------------------------


def _shares(actor: Actor) -> list[Share]:
    """Split each open invoice into what is expected and what is blocked."""
    invoices = list(
        Invoice.objects.filter(contractor_id=actor.own_id, filed_at__isnull=False, kind__in=BILLS)
        .exclude(state__in=ENDED)
        .exclude(_is_settled())
        .select_related(LANDLORD)
    )
    keys = [invoice.pk for invoice in invoices]
    held = dict(
        Block.objects.filter(
            contractor_id=actor.own_id, invoice_id__in=keys, closed_at__isnull=True, amount__gt=0
        )
        # What is late for no other reason counts as late, not as blocked.
        .exclude(cause=str(CauseCode.INTERNAL_CIRCUIT), opened_how=BlockHow.FACT)
        .order_by()
        .values_list("invoice_id")
        .annotate(held=Max("amount"))
    )
    said: dict[UUID, list[Payment]] = {}
    for payment in Payment.objects.filter(
        contractor_id=actor.own_id, invoice_id__in=keys, purpose=PaymentPurpose.INVOICE
    ):
        said.setdefault(payment.invoice_id, []).append(payment)
    found: list[Share] = []
    for invoice in invoices:
        run = expected_of(invoice)
        day = run.on if run is not None else invoice.due_on
        found += _of(invoice, held.get(invoice.pk, NOTHING), said.get(invoice.pk, []), day)
    return [*found, *_retained(actor)]


def _is_settled() -> Q:
    """Return what is paid, and of which nothing is contested any more."""
    admitted = Coalesce("admitted", "total_with_vat")
    return Q(state=InvoiceState.PAID, total_with_vat__lte=admitted + F("credited"))


def _retained(actor: Actor) -> list[Share]:
    """Return what is held back as a guarantee, on the day on which it is to be released."""
    rows = Retention.objects.filter(
        contractor_id=actor.own_id, released_on__isnull=True, amount__gt=0
    ).select_related("landlord")
    return [
        Share(row.landlord.name, row.amount, row.release_on, is_blocked=row.opposed_at is not None)
        for row in rows
    ]


def _of(
    invoice: Invoice, held: Decimal, payments: list[Payment], day: date | None
) -> Iterable[Share]:
    name, total = invoice.landlord.name, invoice.net
    for payment in payments:
        if payment.share_id is None and payment.confirmed_at is None:
            yield Share(name, payment.amount, payment.paid_on, is_announced=True)
    if invoice.admitted is not None:
        paid = sum((payment.amount for payment in payments), NOTHING)
        free, blocked = max(invoice.owed - paid, NOTHING), invoice.contested
    else:
        stopped = invoice.state in (InvoiceState.DISPUTED, InvoiceState.SUSPENDED)
        blocked = total if stopped else min(held, total)
        free = total - blocked
    if free > 0:
        yield Share(name, free, day)
    if blocked > 0:
        yield Share(name, blocked, is_blocked=True)


def _place(share: Share, today: date, last: date) -> str:
    """Return where a share counts. What is said to be paid is awaited now, however long ago."""
    if share.is_blocked:
        return "blocked"
    if share.on is None:
        return "unknown"
    if share.on < today:
        return "week" if share.is_announced else "late"
    return "week" if share.on <= last else "later"


def _monday(share: Share, today: date) -> date:
    assert share.on is not None
    day = max(share.on, today)
    return day - timedelta(days=day.weekday())


def _added(week: Week, share: Share) -> Week:
    column = "announced" if share.is_announced else "due"
    changed = {column: getattr(week, column) + share.amount, "count": week.count + 1}
    return replace(week, **changed)


def _bar(week: Week) -> Value:
    text = _("%s €") % number(week.total, 0) if week.total else ""
    return Value(date_format(week.first, "d/m"), text, week.due, week.announced)
