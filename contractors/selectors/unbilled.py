"""Works done and not invoiced at the end of a period: a landlord's FNP, a company's FAE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from contractors.models import Invoice
from contractors.selectors.accounts import Period
from contractors.states import GIVEN_UP, InvoiceKind
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders.models import Order
from orders.states import FINISHED, OrderState

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Unbilled:
    """An order with what of it was not invoiced on that day, euros without VAT. Its parties and
    budget are loaded."""

    order: Order
    done_on: date
    invoiced: Decimal
    rest: Decimal


def unbilled_of(actor: Actor, period: Period) -> list[Unbilled]:
    """Return what was done by the last day of a period and not invoiced on it, the oldest first.

    An invoice counts by its date; a credit note gives back what it credits. One query.
    """
    found = (
        _done(actor, period.last)
        .annotate(invoiced=Coalesce(Subquery(_invoiced(period.last)), NOTHING))
        .filter(budget__total_without_vat__gt=F("invoiced"))
        .select_related("landlord", "contractor", "budget", "trade")
        .order_by("done_at", "id")
    )
    return [
        Unbilled(
            order=order,
            done_on=order.done_at.astimezone(clock.PARIS).date(),
            invoiced=order.invoiced,
            rest=order.budget.total_without_vat - order.invoiced,
        )
        for order in found
        if order.done_at is not None
    ]


# --- inside -----------------------------------------------------------------------------------


def _done(actor: Actor, last: date) -> QuerySet[Order]:
    """Return orders done by a day: those not closed yet, and those invoiced only afterwards."""
    key = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    end = datetime.combine(last + timedelta(days=1), time.min, clock.PARIS)
    later = Invoice.objects.filter(**{key: actor.own_id}, issued_on__gt=last).values("order_id")
    still = [state for state in FINISHED if state != OrderState.CLOSED]
    return Order.objects.filter(
        Q(state__in=still) | Q(pk__in=later), **{key: actor.own_id}, done_at__lt=end
    )


def _invoiced(last: date) -> QuerySet[Invoice, Any]:
    amount = Case(
        When(kind=InvoiceKind.CREDIT_NOTE, then=-F("total_without_vat")),
        default=F("total_without_vat"),
    )
    rows = Invoice.objects.filter(
        landlord_id=OuterRef("landlord_id"), order_id=OuterRef("pk"), issued_on__lte=last
    ).exclude(Q(state__in=GIVEN_UP) | Q(credits__state__in=GIVEN_UP))
    # A landlord meets no invoice before it is filed; a company doesn't count its own draft either.
    filed = rows.filter(filed_at__isnull=False).order_by()
    return filed.values("order_id").annotate(sum=Sum(amount)).values("sum")
