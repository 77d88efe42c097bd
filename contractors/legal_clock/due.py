"""When an invoice is due: its start, its delay, the one interruption that counts. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from contractors.legal_clock.facts import (
    MONTH_END,
    NO_RECEIPT,
    PRIVATE_AGREED,
    RESUMPTION,
    VERIFICATION,
    Book,
    Facts,
    Interruption,
    Kind,
    Missing,
    NoEffect,
    Reason,
    Regime,
    Result,
    Terms,
)

_DAY = timedelta(days=1)


def service_day(
    done_on: date, *, certified_on: date | None, verification_days: int | None, book: Book
) -> date | None:
    """Return the day on which a service counts as done; None while its verification runs.

    Without a verification procedure it is the day of the works. With one, the day of the
    certificate, and at the latest the end of the procedure, which the book caps (30 days): with no
    answer and no tacit clause, its end starts the clock all the same. Whether the end has come
    is for the caller to see: a day in the future is no start yet.
    """
    if verification_days is None:
        return done_on
    longest = book.days(Kind.DAYS, done_on, VERIFICATION)
    end = done_on + timedelta(days=min(verification_days, longest))
    return end if certified_on is None else max(done_on, min(certified_on, end))


def start_of(facts: Facts, book: Book) -> date:
    """Return the day on which the delay starts; raises Missing when no date is known."""
    received = facts.received_on
    if received is None:
        if facts.invoiced_on is None:
            raise Missing(Reason.NO_DATE)
        invoiced = facts.invoiced_on
        received = invoiced + timedelta(days=book.days(Kind.DAYS, invoiced, NO_RECEIPT))
    return received if facts.serviced_on is None else max(received, facts.serviced_on)


def first_due(facts: Facts, terms: Terms, book: Book, start: date) -> tuple[date, int]:
    """Return due date and delay in days as long as nothing interrupts."""
    if not terms.regime.is_public and terms.month_end:
        days = book.days(Kind.DELAY, start, MONTH_END)
        issued = facts.invoiced_on or start
        due = max(start, _month_end(issued + timedelta(days=days)))
        return due, (due - start).days
    delay = delay_of(terms, book, start)
    return start + timedelta(days=delay), delay


def longest_delay(terms: Terms, book: Book, day: date) -> int:
    """Return the longest delay that a contract may say; raises Missing where it isn't known."""
    if terms.regime is Regime.COOPERATIVE:
        if terms.cooperative_days is None:
            raise Missing(Reason.DELAY_NOT_SET)
        # Never longer than what the longest of the public rules allows.
        return min(terms.cooperative_days, book.days(Kind.DELAY, day, Regime.ESH))
    code = terms.regime if terms.regime.is_public else PRIVATE_AGREED
    return book.days(Kind.DELAY, day, code)


def delay_of(terms: Terms, book: Book, start: date) -> int:
    """Return the delay in days of what starts on a day; raises Missing where it isn't known."""
    if terms.agreed_days is not None:
        return max(0, min(terms.agreed_days, longest_delay(terms, book, start)))
    if terms.regime.is_public:
        return longest_delay(terms, book, start)
    return book.days(Kind.DELAY, start, terms.regime)


def _month_end(day: date) -> date:
    following = day.replace(day=28) + timedelta(days=4)
    return following.replace(day=1) - _DAY


def interrupted(result: Result, facts: Facts, terms: Terms, book: Book, due: date) -> Result:
    """Let the first suspension that is valid move the due date."""
    known = [item for item in facts.interruptions if item.notified_on <= result.as_of]
    counted: Interruption | None = None
    ignored = []
    for item in sorted(known, key=_order):
        why = _no_effect(item, terms, due, counted)
        if why is None:
            counted = item
        else:
            ignored.append((item, why))
    result = replace(result, due=due, counted=counted, ignored=tuple(ignored))
    if counted is None:
        return result
    return _moved(result, counted, book)


def _moved(result: Result, counted: Interruption, book: Book) -> Result:
    assert result.start is not None
    assert result.due is not None
    if counted.completed_on is None or counted.completed_on > result.as_of:
        return replace(result, due=None, suspended=True)
    # Nothing was used up by a suspension that came before the delay began.
    left = (result.due - max(counted.notified_on, result.start)).days
    resumed = max(counted.completed_on, result.start)
    fresh = book.days(Kind.DAYS, resumed, RESUMPTION)
    return replace(result, due=resumed + timedelta(days=max(fresh, left)))


def _no_effect(
    item: Interruption, terms: Terms, due: date, counted: Interruption | None
) -> NoEffect | None:
    if not terms.regime.is_public:
        return NoEffect.PRIVATE_RULES
    if not item.on_creditor_side:
        return NoEffect.LANDLORDS_ACT
    if counted is not None:
        return NoEffect.SECOND
    return NoEffect.ALREADY_DUE if item.notified_on > due else None


def _order(item: Interruption) -> tuple[date, date, str]:
    return item.notified_on, item.completed_on or date.max, item.cause
