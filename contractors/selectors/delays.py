"""In how many days a landlord pays its suppliers, by month, against the legal delay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contractors import rate_book
from contractors.charts import Chart, Value, chart
from contractors.legal_clock import Book, Kind
from contractors.models import Payment
from contractors.money_states import PaymentPurpose
from contractors.services.due_dates import regime_for
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import number

MONTHS = 12
NOTHING = Decimal(0)
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Month:
    """The payments of a month. days: on average, weighted by amount; None without a payment.

    in_time: paid by the due date of their invoice; delay: the legal one on its first day, None
    where no row says.
    """

    first: date
    count: int
    euros: Decimal
    days: Decimal | None
    in_time: int
    delay: int | None

    @property
    def is_over(self) -> bool:
        """Whether the average is longer than the law allows."""
        return self.days is not None and self.delay is not None and self.days > self.delay


@dataclass(frozen=True)
class Delays:
    """The page. year: all twelve months as one; undated: payments of invoices without receipt."""

    months: list[Month]
    year: Month
    undated: int
    chart: Chart | None


def payment_delays(actor: Actor, landlord: Organisation) -> Delays:
    """Return the payment days of the last twelve months, this one included. Two queries."""
    starts = _starts(clock.today())
    book = rate_book.load()
    found: list[Any] = list(
        Payment.objects.filter(
            landlord_id=actor.own_id,
            purpose=PaymentPurpose.INVOICE,
            paid_on__gte=starts[0],
            paid_on__lte=clock.today(),
        )
        .order_by()
        .values("paid_on", "invoice__received_on", "invoice__due_on")
        .annotate(count=Count("pk"), euros=Sum("amount"))
    )
    dated = [row for row in found if row["invoice__received_on"] is not None]
    months = [
        _month(
            first, [row for row in dated if row["paid_on"].replace(day=1) == first], book, landlord
        )
        for first in starts
    ]
    year = _month(starts[-1], dated, book, landlord)
    limit = year.delay
    line = (Decimal(limit), _("délai légal : %d jours") % limit) if limit is not None else None
    return Delays(
        months=months,
        year=year,
        undated=sum(row["count"] for row in found if row["invoice__received_on"] is None),
        chart=chart([_bar(month) for month in months], line=line),
    )


# --- inside -----------------------------------------------------------------------------------


def _starts(today: date) -> list[date]:
    months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
    return [date(month // 12, month % 12 + 1, 1) for month in reversed(months)]


def _month(
    first: date, rows: Iterable[dict[str, Any]], book: Book, landlord: Organisation
) -> Month:
    count = in_time = 0
    euros = weighted = NOTHING
    for row in rows:
        count += row["count"]
        euros += row["euros"]
        weighted += row["euros"] * (row["paid_on"] - row["invoice__received_on"]).days
        if row["invoice__due_on"] is not None and row["paid_on"] <= row["invoice__due_on"]:
            in_time += row["count"]
    delay = book.on(Kind.DELAY, first, regime_for(landlord))
    return Month(
        first=first,
        count=count,
        euros=euros,
        days=(weighted / euros).quantize(TENTH) if euros else None,
        in_time=in_time,
        delay=int(delay.value) if delay is not None else None,
    )


def _bar(month: Month) -> Value:
    label = date_format(month.first, "m/Y")
    if month.days is None:
        return Value(label, "", NOTHING)
    return Value(label, _("%s j") % number(month.days), max(month.days, NOTHING))
