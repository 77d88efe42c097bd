"""The legal clock: the nine cases of the design to the cent, and each of its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from contractors.legal_clock import (
    Book,
    Facts,
    Interruption,
    Kind,
    LegalRate,
    NoEffect,
    Payment,
    Reason,
    Regime,
    Result,
    Share,
    Terms,
    compute,
    half_year,
    service_day,
    start_of,
)
from tests.contractors.book import BOOK

D = date.fromisoformat
E = Decimal
LATER = date(2027, 1, 1)
OPH, ESH = Terms(regime=Regime.OPH), Terms(regime=Regime.ESH)
PRIVATE = Terms(regime=Regime.PRIVATE)
ONCE = Interruption(notified_on=D("2025-01-20"), completed_on=D("2025-02-03"))
TWICE = Interruption(notified_on=D("2025-02-10"), completed_on=D("2025-02-17"))
LANDLORDS = replace(ONCE, on_creditor_side=False, cause="B01")
NOTHING = E("0.00")


def facts(amount: str, received: str, paid: str | None = None, *stops: Interruption, **more):
    payments = (Payment(amount=E(amount), on=D(paid)),) if paid else ()
    return Facts(
        amount=E(amount),
        received_on=D(received),
        payments=payments,
        interruptions=stops,
        **more,
    )


def asked(found: Facts, terms: Terms = OPH, *, book: Book = BOOK, as_of: date = LATER) -> Result:
    return compute(found, terms, book, as_of=as_of)


def sums(result: Result) -> tuple:
    return result.due, result.days, result.rate, result.interest, result.indemnity


def without(kind: Kind, code: str = "", *, from_on: date = date.min) -> Book:
    gone = [r for r in BOOK.rates if (r.kind, r.code) == (kind, code) and r.starts_on >= from_on]
    return Book(tuple(rate for rate in BOOK.rates if rate not in gone))


# --- The nine cases -----------------------------------------------------------------------------

THIRD = facts("8000.00", "2025-01-06", "2025-03-20", ONCE)
CASES = {
    1: (facts("12450.00", "2024-05-13", "2024-09-02"), OPH, "2024-06-12", 82, "12.50", "349.62"),
    2: (facts("12450.00", "2024-05-13", "2024-09-02"), ESH, "2024-07-12", 52, "12.25", "217.28"),
    3: (THIRD, OPH, "2025-03-05", 15, "11.15", "36.66"),
    4: (THIRD, ESH, "2025-03-21", 0, "0.00", "0.00"),
    5: (
        facts("8000.00", "2025-01-06", "2025-03-20", ONCE, TWICE),
        OPH,
        "2025-03-05",
        15,
        "11.15",
        "36.66",
    ),
    6: (
        facts("8000.00", "2025-01-06", "2025-03-20", LANDLORDS),
        OPH,
        "2025-02-05",
        43,
        "11.15",
        "105.08",
    ),
    7: (facts("10000.00", "2024-05-29", "2024-11-15"), OPH, "2024-06-28", 140, "12.50", "479.45"),
    8: (facts("5000.00", "2025-01-06", "2025-04-10"), PRIVATE, "2025-02-05", 64, "13.15", "115.29"),
    9: (facts("5000.00", "2025-05-15", "2025-07-31"), PRIVATE, "2025-06-14", 47, "13.15", "80.42"),
}


@pytest.mark.parametrize("number", CASES)
def test_the_cases_come_out_to_the_cent(number):
    found, terms, due, days, rate, interest = CASES[number]
    result = asked(found, terms)
    assert sums(result) == (D(due), days, E(rate), E(interest), E("40") if days else NOTHING)
    assert result.late is (days > 0)
    assert result.reason is None


def test_private_interest_has_a_line_for_each_half_year():
    found, terms, *_rest = CASES[9]
    lines = asked(found, terms).lines
    assert [(line.first, line.last, line.days, line.rate) for line in lines] == [
        (D("2025-06-15"), D("2025-06-30"), 16, E("13.15")),
        (D("2025-07-01"), D("2025-07-31"), 31, E("12.15")),
    ]
    assert sum(line.interest for line in lines).quantize(E("0.01")) == E("80.42")


def test_private_interest_runs_through_many_half_years():
    lines = asked(facts("100.00", "2023-05-01", "2025-01-10"), PRIVATE).lines
    assert [line.rate for line in lines] == [
        E(rate) for rate in ("12.50", "14.00", "14.50", "14.25", "13.15")
    ]
    assert sum(line.days for line in lines) == (D("2025-01-10") - D("2023-05-31")).days


def test_public_interest_keeps_the_rate_of_the_half_year_in_which_it_starts():
    # Due on the last day of the half-year: interest starts on the first day of the next one.
    last = asked(facts("1000.00", "2024-05-31", "2025-03-01"))
    assert (last.due, last.rate, len(last.lines)) == (D("2024-06-30"), E("12.25"), 1)
    eve = asked(facts("1000.00", "2024-05-30", "2025-03-01"))
    assert (eve.due, eve.rate) == (D("2024-06-29"), E("12.50"))


# --- Start --------------------------------------------------------------------------------------


def test_a_service_done_later_starts_the_delay():
    early = facts("100.00", "2025-01-06", serviced_on=D("2025-01-02"))
    late = facts("100.00", "2025-01-06", serviced_on=D("2025-01-16"))
    assert asked(early).start == D("2025-01-06")
    assert (asked(late).start, asked(late).due) == (D("2025-01-16"), D("2025-02-15"))


def test_without_a_receipt_two_days_after_the_invoices_date():
    found = Facts(amount=E(100), invoiced_on=D("2025-01-04"))
    assert asked(found).start == D("2025-01-06")
    known = replace(found, received_on=D("2025-01-20"))
    assert start_of(known, BOOK) == D("2025-01-20")


def test_without_any_date_nothing_is_said():
    result = asked(Facts(amount=E(100)))
    assert sums(result) == (None, 0, None, None, None)
    assert (result.start, result.reason) == (None, Reason.NO_DATE)


def test_a_verification_ends_by_its_certificate_and_after_thirty_days_at_most():
    done = D("2025-01-06")

    def day(certified: str | None, days: int | None):
        certified_on = D(certified) if certified else None
        return service_day(done, certified_on=certified_on, verification_days=days, book=BOOK)

    assert day(None, None) == done
    assert day("2025-03-01", None) == done
    assert day("2025-01-10", 15) == D("2025-01-10")
    assert day("2025-03-01", 15) == D("2025-01-21")
    assert day("2025-03-01", 90) == D("2025-02-05")
    assert day(None, 15) == D("2025-01-21")
    assert day("2025-01-02", 15) == done


# --- Delay --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        (OPH, 30),
        (ESH, 60),
        (Terms(regime=Regime.SEM), 60),
        (PRIVATE, 30),
        (replace(OPH, agreed_days=20), 20),
        (replace(OPH, agreed_days=45), 30),
        (replace(ESH, agreed_days=45), 45),
        (replace(ESH, agreed_days=90), 60),
        (replace(PRIVATE, agreed_days=45), 45),
        (replace(PRIVATE, agreed_days=90), 60),
        (replace(PRIVATE, agreed_days=-3), 0),
        (Terms(regime=Regime.COOPERATIVE, cooperative_days=30), 30),
        (Terms(regime=Regime.COOPERATIVE, cooperative_days=60), 60),
        (Terms(regime=Regime.COOPERATIVE, cooperative_days=90), 60),
        (Terms(regime=Regime.COOPERATIVE, cooperative_days=60, agreed_days=45), 45),
        (replace(OPH, month_end=True), 30),
        (replace(OPH, agreed_rate=E(50)), 30),
    ],
)
def test_a_contract_moves_the_delay_within_the_caps_only(terms, days):
    result = asked(facts("100.00", "2025-01-06"), terms)
    assert result.delay == days
    assert (result.due - result.start).days == days


def test_a_cooperative_is_to_be_set_by_its_landlord():
    result = asked(facts("100.00", "2025-01-06"), Terms(regime=Regime.COOPERATIVE))
    assert (result.due, result.interest, result.reason) == (None, None, Reason.DELAY_NOT_SET)


@pytest.mark.parametrize(
    ("invoiced", "received", "due"),
    [
        (None, "2025-01-06", "2025-02-28"),
        ("2025-01-02", "2025-01-20", "2025-02-28"),
        ("2024-11-16", "2024-11-20", "2024-12-31"),
        ("2024-11-17", "2024-11-20", "2025-01-31"),
        ("2025-01-02", "2025-05-20", "2025-05-20"),
    ],
)
def test_forty_five_days_then_the_end_of_the_month(invoiced, received, due):
    found = facts("100.00", received, invoiced_on=D(invoiced) if invoiced else None)
    result = asked(found, replace(PRIVATE, month_end=True))
    assert (result.due, result.start) == (D(due), D(received))


# --- Interruption -------------------------------------------------------------------------------


def test_what_was_left_is_kept_when_it_is_more_than_thirty_days():
    assert asked(THIRD, ESH).due == D("2025-03-21")
    assert asked(THIRD, ESH).counted == ONCE


def test_a_short_delay_starts_again_with_thirty_days():
    assert asked(THIRD, replace(OPH, agreed_days=20)).due == D("2025-03-05")


def test_a_second_suspension_has_no_effect():
    result = asked(CASES[5][0])
    assert result.counted == ONCE
    assert result.ignored == ((TWICE, NoEffect.SECOND),)


def test_the_landlords_own_act_does_not_use_up_the_one_interruption():
    later = Interruption(notified_on=D("2025-01-22"), completed_on=D("2025-02-03"))
    result = asked(facts("8000.00", "2025-01-06", "2025-03-20", LANDLORDS, later))
    assert (result.due, result.counted) == (D("2025-03-05"), later)
    assert result.ignored == ((LANDLORDS, NoEffect.LANDLORDS_ACT),)


def test_a_delay_that_is_over_is_not_interrupted():
    on_the_day = Interruption(notified_on=D("2025-02-05"), completed_on=D("2025-02-06"))
    after = Interruption(notified_on=D("2025-02-06"), completed_on=D("2025-02-07"))
    assert asked(facts("1.00", "2025-01-06", None, on_the_day)).due == D("2025-03-08")
    result = asked(facts("1.00", "2025-01-06", None, after))
    assert (result.due, result.ignored) == (D("2025-02-05"), ((after, NoEffect.ALREADY_DUE),))


def test_a_suspension_before_the_delay_began_used_nothing_up():
    early = Interruption(notified_on=D("2025-01-10"), completed_on=D("2025-01-12"))
    waiting = facts("1.00", "2025-01-06", None, early, serviced_on=D("2025-02-01"))
    assert asked(waiting, ESH).due == D("2025-04-02")
    assert asked(waiting, OPH).due == D("2025-03-03")


def test_private_rules_know_no_interruption():
    result = asked(THIRD, PRIVATE)
    assert (result.due, result.ignored) == (D("2025-02-05"), ((ONCE, NoEffect.PRIVATE_RULES),))


def test_while_an_interruption_is_open_nothing_is_due():
    opened = replace(ONCE, completed_on=None)
    result = asked(facts("8000.00", "2025-01-06", "2025-06-20", opened))
    assert result.suspended
    assert sums(result) == (None, 0, NOTHING, NOTHING, NOTHING)
    seen_before = asked(THIRD, as_of=D("2025-01-25"))
    assert seen_before.suspended
    not_yet = asked(THIRD, as_of=D("2025-01-10"))
    assert (not_yet.due, not_yet.counted) == (D("2025-02-05"), None)


def test_an_interruption_does_not_end_before_it_starts():
    with pytest.raises(ValueError, match="ends before"):
        Interruption(notified_on=D("2025-02-03"), completed_on=D("2025-01-20"))


# --- Sums ---------------------------------------------------------------------------------------


def test_on_the_due_date_nothing_is_owed_and_one_day_later_one_day():
    on_time = asked(facts("36500.00", "2024-05-13", "2024-06-12"))
    assert sums(on_time) == (D("2024-06-12"), 0, NOTHING, NOTHING, NOTHING)
    assert not on_time.late
    late = asked(facts("36500.00", "2024-05-13", "2024-06-13"))
    assert sums(late) == (D("2024-06-12"), 1, E("12.50"), E("12.50"), E("40.00"))


def test_half_a_cent_goes_up():
    # 14.60 × 12.50 % × 1 / 365 = 0.005
    assert asked(facts("14.60", "2024-05-13", "2024-06-13")).interest == E("0.01")
    assert asked(facts("14.59", "2024-05-13", "2024-06-13")).interest == NOTHING


def test_what_is_unpaid_runs_until_it_is_asked():
    found = facts("12450.00", "2024-05-13")
    result = asked(found, as_of=D("2024-09-02"))
    assert (result.days, result.interest, result.running) == (82, E("349.62"), True)
    assert (result.lines[0].running, result.interest_due_on) == (True, None)
    before = asked(found, as_of=D("2024-06-12"))
    assert sums(before) == (D("2024-06-12"), 0, NOTHING, NOTHING, NOTHING)


def test_a_payment_that_has_not_come_yet_counts_as_unpaid():
    result = asked(facts("12450.00", "2024-05-13", "2024-12-01"), as_of=D("2024-09-02"))
    assert (result.days, result.running) == (82, True)


def test_interest_is_itself_due_forty_five_days_after_the_principal():
    assert asked(CASES[1][0]).interest_due_on == D("2024-10-17")
    assert asked(CASES[8][0], PRIVATE).interest_due_on is None


def test_the_admitted_sum_and_the_difference_have_lines_of_their_own():
    found = Facts(
        amount=E("10000.00"),
        admitted=E("7000.00"),
        received_on=D("2024-05-13"),
        payments=(
            Payment(amount=E("3000.00"), on=D("2024-09-02")),
            Payment(amount=E("7000.00"), on=D("2024-06-12")),
        ),
    )
    result = asked(found)
    assert [(line.share, line.amount, line.days) for line in result.lines] == [
        (Share.DIFFERENCE, E("3000.00"), 82)
    ]
    assert (result.interest, result.indemnity) == (E("84.25"), E("40.00"))
    late = replace(found, payments=(Payment(amount=E("10000.00"), on=D("2024-09-02")),))
    assert [line.share for line in asked(late).lines] == [Share.ADMITTED, Share.DIFFERENCE]
    assert asked(late).indemnity == E("40.00")
    whole = replace(found, admitted=E("12000.00"))
    assert {line.share for line in asked(whole).lines} == {Share.ADMITTED}


def test_payments_in_parts_each_bear_their_own_days():
    found = Facts(
        amount=E("1000.00"),
        received_on=D("2024-05-13"),
        payments=(
            Payment(amount=E("400.00"), on=D("2024-06-22")),
            Payment(amount=E("100.00"), on=D("2024-07-02")),
        ),
    )
    result = asked(found, as_of=D("2024-07-12"))
    assert [(line.amount, line.days, line.running) for line in result.lines] == [
        (E("400.00"), 10, False),
        (E("100.00"), 20, False),
        (E("500.00"), 30, True),
    ]
    # (4 000 + 2 000 + 15 000) × 12.50 / 36 500
    assert (result.days, result.interest) == (30, E("7.19"))


def test_a_private_contract_may_set_the_rate():
    result = asked(CASES[9][0], replace(PRIVATE, agreed_rate=E("15.00")))
    assert (result.rate, result.interest, len(result.lines)) == (E("15.00"), E("96.58"), 1)


def test_public_rules_take_no_rate_from_a_contract():
    assert asked(CASES[1][0], replace(OPH, agreed_rate=E("1.00"))).interest == E("349.62")


# --- What is missing or provisional -------------------------------------------------------------


def test_a_provisional_rate_is_marked():
    assert asked(facts("1000.00", "2026-01-06", "2026-03-06")).provisional
    assert not asked(CASES[1][0]).provisional


@pytest.mark.parametrize("terms", [OPH, PRIVATE])
def test_with_a_rate_missing_no_amount_is_given(terms):
    result = asked(facts("1000.00", "2026-06-15", "2026-08-15"), terms)
    assert sums(result) == (D("2026-07-15"), 31, None, None, None)
    assert (result.reason, result.missing_on) == (Reason.RATE_MISSING, D("2026-07-01"))


def test_a_rate_that_is_missing_on_the_way_leaves_no_amount_either():
    found = facts("1000.00", "2026-05-15", "2026-07-15")
    private = asked(found, PRIVATE)
    assert sums(private) == (D("2026-06-14"), 31, None, None, None)
    assert private.missing_on == D("2026-07-01")
    assert asked(found, OPH).interest is not None


def test_with_a_rate_missing_what_is_paid_in_time_is_still_known():
    result = asked(facts("1000.00", "2026-07-15", "2026-08-01"))
    assert sums(result) == (D("2026-08-14"), 0, NOTHING, NOTHING, NOTHING)


def test_before_the_first_row_nothing_is_guessed():
    old = asked(facts("1000.00", "2015-01-06", "2015-06-01"))
    assert (old.due, old.interest, old.reason) == (D("2015-02-05"), None, Reason.RATE_MISSING)
    older = asked(facts("1000.00", "2001-01-06", "2001-06-01"))
    assert (older.due, older.reason) == (None, Reason.DELAY_MISSING)
    assert older.missing_on == D("2001-01-06")


@pytest.mark.parametrize(
    ("kind", "code", "reason"),
    [
        (Kind.INDEMNITY, "", Reason.INDEMNITY_MISSING),
        (Kind.DELAY, "oph", Reason.DELAY_MISSING),
        (Kind.DAYS, "resumption", Reason.DELAY_MISSING),
        (Kind.DAYS, "interest-due", Reason.DELAY_MISSING),
        (Kind.LATE_PUBLIC, "", Reason.RATE_MISSING),
    ],
)
def test_any_row_that_is_missing_is_named(kind, code, reason):
    result = asked(THIRD, book=without(kind, code))
    assert (result.interest, result.indemnity, result.reason) == (None, None, reason)


def test_a_provisional_indemnity_is_marked_too():
    row = LegalRate(kind=Kind.INDEMNITY, value=E(40), starts_on=date(2013, 1, 1), provisional=True)
    book = Book((*without(Kind.INDEMNITY).rates, row))
    assert asked(CASES[1][0], book=book).provisional


def test_a_half_year_starts_in_january_or_july():
    days = ["2025-01-01", "2025-06-30", "2025-07-01", "2025-12-31"]
    assert [half_year(D(day)).month for day in days] == [1, 1, 7, 7]
