"""The legal clock: when an invoice is due, and what late payment costs. Pure.

An estimate, without legal force; pages and documents say so. Rates, delays and sums come from a
`Book` of dated rows with their source, never from here. What is missing there makes the answer
None with a reason; nothing is guessed.

The rules, and where they come from (Code de la commande publique: CCP; Code de commerce: C. com.):

- longest delay: CCP R2192-10 (OPH), R2192-11 (ESH, SEM; a cooperative as its landlord says);
  C. com. L441-10 for private buyers, 30 days by default, 60 or « 45 jours fin de mois » agreed.
  A public contract may shorten, never lengthen;
- start: receipt of the invoice, or the day the service was done where that is later; without a
  recorded receipt, some days after the invoice's date;
- interruption (public rules): once, for a reason on the creditor's side, while the delay runs. When
  the pieces arrive a new delay starts, the larger of what the book says and what was left;
- interest from the day after the due date to the day of payment, included. Public rules: the rate
  of the half-year in which it starts, unchanged while it runs (CCP R2192-31). Private rules: each
  half-year has its own (C. com. L441-10), unless the contract sets one;
- fixed indemnity once per late invoice (CCP D2192-35; C. com. D441-5).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from contractors.legal_clock.due import (
    delay_of,
    first_due,
    interrupted,
    longest_delay,
    service_day,
    start_of,
)
from contractors.legal_clock.facts import (
    Book,
    Facts,
    Interruption,
    Kind,
    LegalRate,
    Line,
    Missing,
    NoEffect,
    Payment,
    Reason,
    Regime,
    Result,
    Share,
    Terms,
)
from contractors.legal_clock.interest import half_year, nothing_late, priced

__all__ = [
    "Book",
    "Facts",
    "Interruption",
    "Kind",
    "LegalRate",
    "Line",
    "Missing",
    "NoEffect",
    "Payment",
    "Reason",
    "Regime",
    "Result",
    "Share",
    "Terms",
    "compute",
    "delay_of",
    "first_due",
    "half_year",
    "longest_delay",
    "service_day",
    "start_of",
]


def compute(facts: Facts, terms: Terms, book: Book, *, as_of: date) -> Result:
    """Return when an invoice is due and what its lateness costs, as seen on a day.

    Payments and interruptions after `as_of` have not happened yet; what is unpaid runs to `as_of`.
    """
    result = Result(as_of=as_of)
    try:
        start = start_of(facts, book)
        due, delay = first_due(facts, terms, book, start)
        result = replace(result, start=start, delay=delay)
        result = interrupted(result, facts, terms, book, due)
        if result.due is None:
            return nothing_late(result)
        return priced(result, facts, terms, book)
    except Missing as missing:
        return replace(result, reason=missing.reason, missing_on=missing.day)
