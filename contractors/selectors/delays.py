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
from contractors.legal_clock import Book, Facts, Missing, Terms, first_due
from contractors.models import Payment
from contractors.money_states import PaymentPurpose
from contractors.services.payment_facts import PaymentFacts
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

    in_time: paid by the due date of their invoice; delay: what its payments had on average, by
    law or by contract, weighted by amount; the legal one on its first day where none was paid, None
    where no row says.
    """

    first: date
    count: int
    euros: Decimal
    days: Decimal | None
    in_time: int
    delay: Decimal | None

    @property
    def is_over(self) -> bool:
        """Whether the average is longer than law and contracts allow."""
        return self.days is not None and self.delay is not None and self.days > self.delay


@dataclass(frozen=True)
class Delays:
    """The page. year: all twelve months as one; undated: payments of invoices without receipt."""

    months: list[Month]
    year: Month
    undated: int
    chart: Chart | None


def payment_delays(actor: Actor, landlord: Organisation) -> Delays:
    """Return the payment days of the last twelve months, this one included. Four queries."""
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
        .values(
            "paid_on",
            "invoice__issued_on",
            "invoice__received_on",
            "invoice__due_on",
            "invoice__order__contract_id",
            "invoice__kept_terms",
        )
        .annotate(count=Count("pk"), euros=Sum("amount"))
    )
    dated = [row for row in found if row["invoice__received_on"] is not None]
    said = PaymentFacts.of([landlord], (row["invoice__order__contract_id"] for row in dated))
    allowed = Allowed(book, said, landlord)
    months = [
        _month(first, [row for row in dated if row["paid_on"].replace(day=1) == first], allowed)
        for first in starts
    ]
    year = _month(starts[-1], dated, allowed)
    limit = year.delay
    line = (limit, _("délai à tenir : %s jours") % number(limit)) if limit is not None else None
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


@dataclass(frozen=True)
class Allowed:
    """Which delay law and contracts give a payment."""

    book: Book
    said: PaymentFacts
    landlord: Organisation

    def of_row(self, row: dict[str, Any]) -> int | None:
        """Return the delay of a payment's invoice in days; None where no row says."""
        start = row["invoice__received_on"]
        contract_id, kept = row["invoice__order__contract_id"], row["invoice__kept_terms"]
        terms = self.said.terms(self.landlord, contract_id, start, kept)
        facts = Facts(amount=NOTHING, invoiced_on=row["invoice__issued_on"])
        return self._days(facts, terms, start)

    def by_law(self, day: date) -> int | None:
        """Return the delay without a contract."""
        return self._days(Facts(amount=NOTHING), self.said.terms(self.landlord, None, day), day)

    def _days(self, facts: Facts, terms: Terms, start: date) -> int | None:
        try:
            return first_due(facts, terms, self.book, start)[1]
        except Missing:
            return None


def _month(first: date, rows: Iterable[dict[str, Any]], allowed: Allowed) -> Month:
    count = in_time = 0
    euros = weighted = limited = NOTHING
    of_known = NOTHING
    for row in rows:
        count += row["count"]
        euros += row["euros"]
        weighted += row["euros"] * (row["paid_on"] - row["invoice__received_on"]).days
        if row["invoice__due_on"] is not None and row["paid_on"] <= row["invoice__due_on"]:
            in_time += row["count"]
        days = allowed.of_row(row)
        if days is not None:
            of_known += row["euros"]
            limited += row["euros"] * days
    by_law = allowed.by_law(first)
    delay = Decimal(by_law) if by_law is not None else None
    if of_known:
        delay = (limited / of_known).quantize(TENTH)
    return Month(
        first=first,
        count=count,
        euros=euros,
        days=(weighted / euros).quantize(TENTH) if euros else None,
        in_time=in_time,
        delay=delay,
    )


def _bar(month: Month) -> Value:
    label = date_format(month.first, "m/Y")
    if month.days is None:
        return Value(label, "", NOTHING)
    return Value(label, _("%s j") % number(month.days), max(month.days, NOTHING))
