"""Works done and not invoiced at the end of a period: a landlord's FNP, a company's FAE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from contractors.models import Invoice
from contractors.selectors.accounts import MOST, Period
from contractors.states import GIVEN_UP, InvoiceState
from contractors.unsettled import Unsettled, unsettled_of
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

    @property
    def as_row(self) -> Unsettled:
        """The same as a row of the file, beside sums that no order asks for."""
        order = self.order
        assert order.contractor is not None
        return Unsettled(
            done_on=self.done_on,
            reference=order.reference,
            external_number=order.external_number,
            title=order.title,
            trade=order.trade.label if order.trade else "",
            department=order.department,
            landlord=order.landlord.name,
            contractor=order.contractor.name,
            state=str(OrderState(order.state).label),
            commitment=order.budget.commitment_number,
            ordered=order.budget.total_without_vat,
            invoiced=self.invoiced,
            rest=self.rest,
        )


def unbilled_rows(actor: Actor, period: Period) -> list[Unsettled]:
    """Return the file of what isn't invoiced: orders, then what is owed beside them."""
    rows = [found.as_row for found in unbilled_of(actor, period)]
    return [*rows, *unsettled_of(actor, period.last)]


def unbilled_of(actor: Actor, period: Period) -> list[Unbilled]:
    """Return what was done by the last day of a period and not invoiced on it, the oldest first.

    At most MOST of them, and one more where there are others. An invoice counts by its date; a
    company's own file stands for all of its order. One query.
    """
    found = (
        _done(actor, period.last)
        .annotate(invoiced=Coalesce(Subquery(_invoiced(period.last)), NOTHING))
        .filter(~Exists(_bills(period.last).filter(came_as_file=True)))
        .filter(budget__total_without_vat__gt=F("invoiced"))
        .select_related("landlord", "contractor", "budget", "trade")
        .order_by("done_at", "id")
    )
    return [
        Unbilled(
            order=order,
            done_on=clock.day_of(order.done_at),
            invoiced=order.invoiced,
            rest=order.budget.total_without_vat - order.invoiced,
        )
        for order in found[: MOST + 1]
        if order.done_at is not None
    ]


# --- inside -----------------------------------------------------------------------------------


def _done(actor: Actor, last: date) -> QuerySet[Order]:
    """Return orders done by a day: those not closed yet, and those invoiced only afterwards."""
    key = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    end = clock.start_of(last + timedelta(days=1))
    later = Invoice.objects.filter(**{key: actor.own_id}, issued_on__gt=last).values("order_id")
    still = [state for state in FINISHED if state != OrderState.CLOSED]
    return Order.objects.filter(
        Q(state__in=still) | Q(pk__in=later), **{key: actor.own_id}, done_at__lt=end
    )


def _bills(last: date) -> QuerySet[Invoice]:
    """Return an order's invoices of a day, as `services.remaining` counts them: whatever a part of
    one was credited for isn't invoiced again; one credited in whole is as if it had never been.
    """
    notes = Invoice.objects.filter(
        landlord_id=OuterRef("landlord_id"), credits_id=OuterRef("pk"), issued_on__lte=last
    )
    # A landlord meets no invoice before it is filed; a company doesn't count its own draft either.
    rows = Invoice.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        order_id=OuterRef("pk"),
        issued_on__lte=last,
        filed_at__isnull=False,
        credits__isnull=True,
    ).exclude(state__in=GIVEN_UP)
    return rows.exclude(Exists(notes), state=InvoiceState.CREDITED).order_by()


def _invoiced(last: date) -> QuerySet[Invoice, Any]:
    return _bills(last).values("order_id").annotate(sum=Sum("total_without_vat")).values("sum")
