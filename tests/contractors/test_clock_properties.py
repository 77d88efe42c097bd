"""What holds of the legal clock whatever the invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from contractors.legal_clock import Facts, Interruption, Payment, Regime, Terms, compute, half_year
from tests.contractors.book import BOOK

AS_OF = date(2026, 6, 30)
CENT = Decimal("0.01")

days = st.dates(date(2016, 7, 1), date(2026, 3, 31))
amounts = st.decimals(min_value="0.01", max_value="999999.99", places=2)
public = st.one_of(
    st.builds(
        Terms,
        regime=st.sampled_from([Regime.OPH, Regime.ESH, Regime.SEM]),
        agreed_days=st.none() | st.integers(0, 90),
    ),
    st.builds(
        Terms, regime=st.just(Regime.COOPERATIVE), cooperative_days=st.sampled_from([30, 60])
    ),
)
private = st.builds(
    Terms,
    regime=st.just(Regime.PRIVATE),
    agreed_days=st.none() | st.integers(0, 90),
    month_end=st.booleans(),
)
terms = public | private


@st.composite
def interruptions(draw, *, valid: bool | None = None) -> Interruption:
    notified = draw(days)
    lasts = draw(st.none() | st.integers(0, 120))
    return Interruption(
        notified_on=notified,
        completed_on=None if lasts is None else notified + timedelta(days=lasts),
        on_creditor_side=draw(st.booleans()) if valid is None else valid,
        cause=draw(st.sampled_from(["B01", "B03", "B05"])),
    )


@st.composite
def invoices(draw, *, paid: bool = True) -> Facts:
    received = draw(days)
    amount = draw(amounts)
    payments = ()
    if paid:
        payments = (
            Payment(amount=amount, on=received + timedelta(days=draw(st.integers(0, 400)))),
        )
    near = st.integers(0, 90)
    stops = []
    for _ in range(draw(st.integers(0, 3))):
        notified = received + timedelta(days=draw(near))
        stops.append(
            Interruption(
                notified_on=notified,
                completed_on=notified + timedelta(days=draw(near)),
                on_creditor_side=draw(st.booleans()),
            )
        )
    return Facts(
        amount=amount,
        received_on=received,
        invoiced_on=draw(st.none() | days),
        serviced_on=draw(st.none() | days),
        payments=payments,
        interruptions=tuple(stops),
    )


def paid_on(facts: Facts, day: date) -> Facts:
    return replace(facts, payments=(Payment(amount=facts.amount, on=day),))


def owed(facts: Facts, found: Terms) -> Decimal:
    result = compute(facts, found, BOOK, as_of=AS_OF)
    assert result.interest is not None
    assert result.indemnity is not None
    return result.interest + result.indemnity


@given(invoices(), terms, st.integers(1, 300))
def test_paying_later_never_costs_less(facts, found, more):
    first = facts.payments[0].on
    later = min(AS_OF, first + timedelta(days=more))
    assert owed(paid_on(facts, max(first, later)), found) >= owed(facts, found)


@given(invoices(), terms)
def test_nothing_is_ever_negative_and_late_is_late(facts, found):
    result = compute(facts, found, BOOK, as_of=AS_OF)
    assert result.days >= 0
    assert result.interest >= 0
    assert result.indemnity == (40 if result.late else 0)
    if result.due is not None and not result.running:
        assert result.late == (facts.payments[0].on > result.due)


@given(invoices(), terms)
def test_the_due_date_is_never_before_the_start(facts, found):
    result = compute(facts, found, BOOK, as_of=AS_OF)
    if result.due is not None:
        assert result.due >= result.start
        assert result.start >= facts.received_on


@given(invoices(), public)
def test_an_interruption_never_brings_the_due_date_forward(facts, found):
    bare = compute(replace(facts, interruptions=()), found, BOOK, as_of=AS_OF)
    result = compute(facts, found, BOOK, as_of=AS_OF)
    assert result.due is None or result.due >= bare.due


@given(invoices(), terms, st.lists(interruptions(valid=False), max_size=3))
def test_an_invalid_interruption_changes_nothing(facts, found, invalid):
    more = replace(facts, interruptions=(*facts.interruptions, *invalid))
    with_them = compute(more, found, BOOK, as_of=AS_OF)
    without = compute(facts, found, BOOK, as_of=AS_OF)
    assert replace(with_them, ignored=()) == replace(without, ignored=())


@given(invoices(), private, st.lists(interruptions(), max_size=3))
def test_no_interruption_changes_anything_between_private_parties(facts, found, stops):
    more = compute(replace(facts, interruptions=tuple(stops)), found, BOOK, as_of=AS_OF)
    bare = compute(replace(facts, interruptions=()), found, BOOK, as_of=AS_OF)
    assert replace(more, ignored=()) == replace(bare, ignored=())


@given(invoices(), public, st.lists(interruptions(), max_size=4), st.randoms())
def test_the_order_in_which_interruptions_are_given_does_not_matter(facts, found, stops, chance):
    shuffled = list(stops)
    chance.shuffle(shuffled)
    first = compute(replace(facts, interruptions=tuple(stops)), found, BOOK, as_of=AS_OF)
    other = compute(replace(facts, interruptions=tuple(shuffled)), found, BOOK, as_of=AS_OF)
    assert replace(first, counted=None, ignored=()) == replace(other, counted=None, ignored=())


@given(invoices(), public, st.integers(1, 60), st.integers(0, 60))
def test_only_one_interruption_ever_counts(facts, found, after, lasts):
    result = compute(facts, found, BOOK, as_of=AS_OF)
    if result.counted is None:
        return
    first = result.counted.notified_on + timedelta(days=after)
    second = Interruption(notified_on=first, completed_on=first + timedelta(days=lasts))
    both = replace(facts, interruptions=(result.counted, second))
    again = compute(both, found, BOOK, as_of=AS_OF)
    assert (again.due, again.interest) == (result.due, result.interest)


@given(invoices(paid=False), terms, st.integers(0, 200))
def test_unpaid_until_a_day_is_what_a_payment_on_that_day_owes(facts, found, after):
    day = min(AS_OF, facts.received_on + timedelta(days=after))
    facts = replace(facts, interruptions=())
    running = compute(facts, found, BOOK, as_of=day)
    settled = compute(paid_on(facts, day), found, BOOK, as_of=day)
    assert (running.interest, running.days) == (settled.interest, settled.days)


@given(invoices(), terms)
def test_lines_cover_each_late_day_once_and_never_cross_a_half_year_in_private(facts, found):
    result = compute(facts, found, BOOK, as_of=AS_OF)
    assert sum(line.days for line in result.lines) == result.days
    exact = sum(
        (Fraction(line.amount) * Fraction(line.rate) * line.days / 36500 for line in result.lines),
        Fraction(0),
    )
    rounded = (Decimal(int(exact * 100 + Fraction(1, 2))) / 100).quantize(CENT, ROUND_HALF_UP)
    assert result.interest == rounded
    for line in result.lines:
        if found.regime is Regime.PRIVATE:
            assert half_year(line.first) == half_year(line.last)
    if found.regime.is_public:
        assert len(result.lines) <= 1


@given(invoices(), terms, st.decimals(min_value="0.01", max_value="999999.99", places=2))
def test_admitting_a_part_changes_neither_days_nor_the_sum(facts, found, admitted):
    whole = compute(facts, found, BOOK, as_of=AS_OF)
    parts = compute(replace(facts, admitted=admitted), found, BOOK, as_of=AS_OF)
    assert (parts.due, parts.days, parts.interest) == (whole.due, whole.days, whole.interest)


@given(invoices(), st.integers(0, 90))
def test_a_public_contract_never_lengthens_the_delay(facts, agreed):
    facts = replace(facts, interruptions=())
    usual = compute(facts, Terms(regime=Regime.OPH), BOOK, as_of=AS_OF)
    moved = compute(facts, Terms(regime=Regime.OPH, agreed_days=agreed), BOOK, as_of=AS_OF)
    assert moved.due <= usual.due
