"""What a roll-out is measured by, observed from rows: one value a visit, order or invoice.

As the system. Only what has an agency and a trade is observed. Values are whole numbers in the
unit of their indicator (impact_terms.py). Definitions follow the facts beside opinions (facts.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Max, Q

from contractors.models import Invoice
from contractors.money_states import PaymentPurpose
from contractors.states import BILLS, ENDED
from evaluations.impact_terms import TERMS, Indicator
from nexxio.core import clock
from orders.models import Visit
from orders.states import VisitState

CAME = (VisitState.DONE, VisitState.PARTLY_DONE, VisitState.NO_ACCESS)
_WORKED = (VisitState.DONE, VisitState.PARTLY_DONE)
_REPEAT = timedelta(days=TERMS[Indicator.REPEATS].settles)
_HELD = timedelta(days=TERMS[Indicator.BLOCKED].settles)
_PAID = TERMS[Indicator.PAYMENT].settles
_CHUNK = 2000
ALL = 100
"""A share's yes: its mean is in hundredths."""

Perimeter = tuple[UUID, str]


class Seen(NamedTuple):
    """One observation: where (agency and trade), on which day in Paris, how much."""

    perimeter: Perimeter
    day: date
    value: int


def observed(
    indicator: Indicator, *, landlord_id: UUID, since: date, until: date
) -> Iterator[Seen]:
    """Yield what was observed of a landlord from a day on, until another one (not included)."""
    return _READ[indicator](landlord_id, since, until)


# --- inside -----------------------------------------------------------------------------------


_PLACED = {"order__agency__isnull": False, "order__trade__isnull": False}


def _appointments(landlord_id: UUID, since: date, until: date) -> Iterator[Seen]:
    """Appointments whose window has begun: somebody came, or nobody did."""
    rows = Visit.objects.filter(
        **_PLACED,
        landlord_id=landlord_id,
        window_start__gte=clock.start_of(since),
        window_start__lt=clock.start_of(until),
        state__in=(*CAME, VisitState.CONTRACTOR_NO_SHOW),
    ).order_by()
    fields = ("order__agency_id", "order__trade_id", "window_start", "state")
    for agency, trade, start, state in rows.values_list(*fields).iterator(_CHUNK):
        yield Seen((agency, trade), clock.day_of(start), ALL if state in CAME else 0)


def _repeats(landlord_id: UUID, since: date, until: date) -> Iterator[Seen]:
    """Orders by their first visit with works: did somebody come again for the same trade?

    To the same place, within 30 days, for this order or another one. Visits are read from 60 days
    earlier, so that a second visit isn't taken for a first one.
    """
    rows = Visit.objects.filter(
        **_PLACED,
        landlord_id=landlord_id,
        state__in=_WORKED,
        window_start__gte=clock.start_of(since) - 2 * _REPEAT,
        window_start__lt=clock.start_of(until) + _REPEAT,
    ).order_by("order__unit_id", "order__trade_id", "window_start", "pk")
    fields = ("order__unit_id", "order__trade_id", "order__agency_id", "order_id", "window_start")
    found = rows.values_list(*fields).iterator(_CHUNK)
    for _place, visits in groupby(found, key=lambda row: row[:2]):
        yield from _of_place(list(visits), since, until)


def _of_place(visits: list[Any], since: date, until: date) -> Iterator[Seen]:
    known: set[UUID] = set()
    for index, (_unit, trade, agency, order, start) in enumerate(visits):
        day = clock.day_of(start)
        if order not in known and since <= day < until:
            again = index + 1 < len(visits) and visits[index + 1][4] <= start + _REPEAT
            yield Seen((agency, trade), day, ALL if again else 0)
        known.add(order)


def _invoices(landlord_id: UUID) -> Any:
    rows = Invoice.objects.filter(
        **_PLACED, landlord_id=landlord_id, kind__in=BILLS, filed_at__isnull=False
    )
    return rows.exclude(state__in=ENDED).order_by()


def _blocked(landlord_id: UUID, since: date, until: date) -> Iterator[Seen]:
    """Invoices handed over: by how much the largest block of the first 30 days held them."""
    early = Q(blocks__opened_at__lte=F("filed_at") + _HELD)
    rows = (
        _invoices(landlord_id)
        .filter(filed_at__gte=clock.start_of(since), filed_at__lt=clock.start_of(until))
        .annotate(held=Max("blocks__amount", filter=early))
    )
    fields = ("order__agency_id", "order__trade_id", "filed_at", "held")
    for agency, trade, filed_at, held in rows.values_list(*fields).iterator(_CHUNK):
        yield Seen((agency, trade), clock.day_of(filed_at), _cents(held))


def _payment(landlord_id: UUID, since: date, until: date) -> Iterator[Seen]:
    """Invoices by the day from which the delay runs: days to the last payment, 60 at most.

    One that isn't paid after 60 days counts for 60: left out, slow payers would look fast.
    """
    ours = Q(payments__purpose=PaymentPurpose.INVOICE)
    rows = (
        _invoices(landlord_id)
        .filter(received_on__gte=since, received_on__lt=until)
        .annotate(paid=Max("payments__paid_on", filter=ours))
    )
    fields = ("order__agency_id", "order__trade_id", "received_on", "paid")
    for agency, trade, received_on, paid in rows.values_list(*fields).iterator(_CHUNK):
        days = _PAID if paid is None else (paid - received_on).days
        yield Seen((agency, trade), received_on, min(max(days, 0), _PAID))


def _cents(euros: Decimal | None) -> int:
    return int((euros or Decimal(0)) * 100)


_READ: dict[Indicator, Callable[[UUID, date, date], Iterator[Seen]]] = {
    Indicator.APPOINTMENTS: _appointments,
    Indicator.REPEATS: _repeats,
    Indicator.BLOCKED: _blocked,
    Indicator.PAYMENT: _payment,
}
