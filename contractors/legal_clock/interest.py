"""What late payment costs: lines at one rate each, rounded once for the invoice. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from contractors.legal_clock.facts import (
    INTEREST_DUE,
    Book,
    Facts,
    Kind,
    LegalRate,
    Line,
    Missing,
    Reason,
    Result,
    Share,
    Terms,
)

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
_DAY = timedelta(days=1)
# The formula's own: amount × percent × days / 365.
_YEAR = Decimal(365 * 100)
_JULY = 7


@dataclass(frozen=True)
class _Slice:
    """A part of the sum that was paid on one day, or is unpaid."""

    share: Share
    amount: Decimal
    paid_on: date | None


def priced(result: Result, facts: Facts, terms: Terms, book: Book) -> Result:
    """Return the result of a known due date with its sums: None where a rate is missing."""
    assert result.due is not None
    due, as_of = result.due, result.as_of
    slices = [part for part in _slices(facts, as_of) if (part.paid_on or as_of) > due]
    if not slices:
        return nothing_late(result)
    last = max(part.paid_on or result.as_of for part in slices)
    running = any(part.paid_on is None for part in slices)
    result = replace(result, days=(last - result.due).days, running=running)
    try:
        return _with_sums(result, slices, terms, book)
    except Missing as missing:
        return replace(result, reason=missing.reason, missing_on=missing.day)


def nothing_late(result: Result) -> Result:
    """Return the result of an invoice that is not late."""
    return replace(result, rate=NOTHING, interest=NOTHING, indemnity=NOTHING)


def half_year(day: date) -> date:
    """Return the first day of a day's half-year."""
    return date(day.year, _JULY if day.month >= _JULY else 1, 1)


def _with_sums(result: Result, slices: list[_Slice], terms: Terms, book: Book) -> Result:
    assert result.due is not None
    first = result.due + _DAY
    lines = tuple(
        line for part in slices for line in _lines(part, first, result.as_of, terms, book)
    )
    indemnity = book.on(Kind.INDEMNITY, first)
    if indemnity is None:
        raise Missing(Reason.INDEMNITY_MISSING, first)
    exact = sum((line.amount * line.rate * line.days for line in lines), Decimal(0)) / _YEAR
    payable = wait = None
    if terms.regime.is_public:
        last = max(line.last for line in lines)
        wait = book.days(Kind.DAYS, last, INTEREST_DUE)
        payable = None if result.running else last + timedelta(days=wait)
    return replace(
        result,
        lines=lines,
        rate=lines[0].rate,
        interest=exact.quantize(CENT, ROUND_HALF_UP),
        indemnity=indemnity.value.quantize(CENT, ROUND_HALF_UP),
        provisional=any(line.provisional for line in lines) or indemnity.provisional,
        interest_due_on=payable,
        interest_wait=wait if payable is None else None,
    )


def _slices(facts: Facts, as_of: date) -> Iterator[_Slice]:
    """Give payments in their order to the admitted sum, then to the difference."""
    waiting = sorted((item.on, item.amount) for item in facts.payments if item.on <= as_of)
    for share, owed in _shares(facts):
        left = owed
        while left > 0 and waiting:
            day, amount = waiting.pop(0)
            taken = min(left, amount)
            yield _Slice(share, taken, day)
            left -= taken
            if amount > taken:
                waiting.insert(0, (day, amount - taken))
        if left > 0:
            yield _Slice(share, left, None)


def _shares(facts: Facts) -> list[tuple[Share, Decimal]]:
    if facts.admitted is None:
        return [(Share.WHOLE, facts.amount)]
    admitted = min(facts.admitted, facts.amount)
    return [(Share.ADMITTED, admitted), (Share.DIFFERENCE, facts.amount - admitted)]


def _lines(part: _Slice, first: date, as_of: date, terms: Terms, book: Book) -> Iterator[Line]:
    last = part.paid_on or as_of
    for start, end, rate in _periods(first, last, terms, book):
        days = (end - start).days + 1
        yield Line(
            share=part.share,
            amount=part.amount,
            first=start,
            last=end,
            days=days,
            rate=rate.value,
            interest=part.amount * rate.value * days / _YEAR,
            provisional=rate.provisional,
            source=rate.source,
            running=part.paid_on is None and end == last,
        )


def _periods(
    first: date, last: date, terms: Terms, book: Book
) -> Iterator[tuple[date, date, LegalRate]]:
    """Cut the late days where the rate may change."""
    if terms.regime.is_public:
        yield first, last, _rate(book, Kind.LATE_PUBLIC, first)
        return
    if terms.agreed_rate is not None:
        agreed = LegalRate(kind=Kind.LATE_PRIVATE, value=terms.agreed_rate, starts_on=first)
        yield first, last, agreed
        return
    start = first
    while start <= last:
        end = min(last, _end_of_half(start))
        yield start, end, _rate(book, Kind.LATE_PRIVATE, start)
        start = end + _DAY


def _rate(book: Book, kind: Kind, day: date) -> LegalRate:
    """Return the rate that was in force on the first day of a day's half-year."""
    found = book.on(kind, half_year(day))
    if found is None:
        raise Missing(Reason.RATE_MISSING, half_year(day))
    return found


def _end_of_half(day: date) -> date:
    return date(day.year, 12, 31) if day.month >= _JULY else date(day.year, 6, 30)
