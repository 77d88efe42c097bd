"""What the legal clock reads and answers: facts, terms, the book, the result. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Regime(StrEnum):
    """Which rules the buyer falls under."""

    OPH = "oph"
    ESH = "esh"
    SEM = "sem"
    COOPERATIVE = "cooperative"
    PRIVATE = "private"

    @property
    def is_public(self) -> bool:
        """Whether the rules of public purchasing hold."""
        return self is not Regime.PRIVATE


class Kind(StrEnum):
    """Kinds of rows in the book; the values are those of the kernel's rates."""

    LATE_PUBLIC = "late_public"
    LATE_PRIVATE = "late_private"
    INDEMNITY = "indemnity"
    DELAY = "payment_delay"
    DAYS = "clock_days"


PRIVATE_AGREED, MONTH_END = "private-agreed", "month-end"
NO_RECEIPT, RESUMPTION, INTEREST_DUE = "no-receipt", "resumption", "interest-due"
VERIFICATION = "verification"


@dataclass(frozen=True, kw_only=True)
class LegalRate:
    """One dated row: a percentage, a sum or a number of days."""

    kind: Kind
    value: Decimal
    starts_on: date
    ends_on: date | None = None
    code: str = ""
    provisional: bool = False
    source: str = ""

    def holds_on(self, day: date) -> bool:
        """Tell whether the row is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Book:
    """The dated rows that the clock reads."""

    rates: tuple[LegalRate, ...]

    def on(self, kind: Kind, day: date, code: str = "") -> LegalRate | None:
        """Return the row of a day; None where none is known."""
        for rate in self.rates:
            if (rate.kind, rate.code) == (kind, code) and rate.holds_on(day):
                return rate
        return None

    def days(self, kind: Kind, day: date, code: str) -> int:
        """Return a number of days; raises Missing where none is known."""
        found = self.on(kind, day, code)
        if found is None:
            raise Missing(Reason.DELAY_MISSING, day)
        return int(found.value)


class Reason(StrEnum):
    """Why something can't be said."""

    NO_DATE = "no_date"
    DELAY_MISSING = "delay_missing"
    DELAY_NOT_SET = "delay_not_set"
    RATE_MISSING = "rate_missing"
    INDEMNITY_MISSING = "indemnity_missing"


class Missing(Exception):
    """Something that the computation needs isn't known. `compute` turns it into its result."""

    def __init__(self, reason: Reason, day: date | None = None) -> None:
        super().__init__(reason, day)
        self.reason = reason
        self.day = day


class NoEffect(StrEnum):
    """Why a suspension did not interrupt the delay."""

    PRIVATE_RULES = "private_rules"
    LANDLORDS_ACT = "landlords_act"
    ALREADY_DUE = "already_due"
    SECOND = "second"


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """A suspension that was notified with a certain date and the list of missing pieces.

    completed_on: the day on which the pieces came; None while they are missing.
    on_creditor_side: whether the cause is one that interrupts (`CauseRule.interrupts`).
    """

    notified_on: date
    completed_on: date | None = None
    on_creditor_side: bool = True
    cause: str = ""

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        if self.completed_on is not None and self.completed_on < self.notified_on:
            raise ValueError("An interruption ends before it starts.")


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money that reached the creditor on a day."""

    amount: Decimal
    on: date


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What happened to an invoice.

    amount: including VAT, what is finally due. admitted: the part that a partial approval
    admitted; the rest of `amount` is then the difference that turned out to be due.
    serviced_on: the day on which the service counts as done (`service_day`).
    """

    amount: Decimal
    received_on: date | None = None
    invoiced_on: date | None = None
    serviced_on: date | None = None
    admitted: Decimal | None = None
    payments: tuple[Payment, ...] = ()
    interruptions: tuple[Interruption, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the buyer is and what the contract says.

    agreed_days: the contract's delay, taken within the caps. month_end: « 45 jours fin de mois »,
    private rules only. agreed_rate: the contract's own percentage, private rules only.
    cooperative_days: the longest delay that was set for a cooperative landlord.
    """

    regime: Regime
    agreed_days: int | None = None
    month_end: bool = False
    agreed_rate: Decimal | None = None
    cooperative_days: int | None = None


class Share(StrEnum):
    """Which part of the invoice a line is about."""

    WHOLE = "whole"
    ADMITTED = "admitted"
    DIFFERENCE = "difference"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the computation: a sum, late from a day to a day, at one rate.

    interest is exact, not rounded: only the invoice's total is.
    """

    share: Share
    amount: Decimal
    first: date
    last: date
    days: int
    rate: Decimal
    interest: Decimal
    provisional: bool = False
    source: str = ""
    running: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer. Amounts are None where a rate is missing: `reason` and `missing_on` say which.

    due: None while an interruption is open (`suspended`) or when it can't be known. days: of the
    part that is late the longest. rate: that of the day on which interest starts (private rules may
    go on with others: see the lines); 0 when nothing is late. running: something is unpaid and
    late, so the sums grow every day after `as_of`. interest_due_on: public rules, once all is paid;
    interest_wait: in how many days after that payment interest is itself due, while it isn't.
    interest_paid, indemnity_paid: what was paid of them, for whoever claims the rest.
    """

    as_of: date
    start: date | None = None
    delay: int | None = None
    due: date | None = None
    days: int = 0
    rate: Decimal | None = None
    interest: Decimal | None = None
    indemnity: Decimal | None = None
    provisional: bool = False
    running: bool = False
    suspended: bool = False
    lines: tuple[Line, ...] = ()
    counted: Interruption | None = None
    ignored: tuple[tuple[Interruption, NoEffect], ...] = ()
    interest_due_on: date | None = None
    interest_wait: int | None = None
    interest_paid: Decimal = Decimal(0)
    indemnity_paid: Decimal = Decimal(0)
    reason: Reason | None = None
    missing_on: date | None = None

    @property
    def late(self) -> bool:
        """Whether payment came, or is, after the due date."""
        return self.days > 0

    @property
    def interest_left(self) -> Decimal | None:
        """What is left of the interest; None where it has no amount."""
        return _left(self.interest, self.interest_paid)

    @property
    def indemnity_left(self) -> Decimal | None:
        """What is left of the indemnity; None where it has no amount."""
        return _left(self.indemnity, self.indemnity_paid)

    @property
    def claimable(self) -> bool:
        """Whether something is late, and its principal, interest or indemnity isn't all paid."""
        settled = self.interest_left == 0 and self.indemnity_left == 0 and not self.running
        return self.late and not settled


def _left(sum_due: Decimal | None, paid: Decimal) -> Decimal | None:
    return None if sum_due is None else max(sum_due - paid, Decimal(0))
