"""Bonus and malus never beyond caps, what is neutral costs nothing, lines make the total."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.bonus_spans import Span, next_start, past
from evaluations.bonus_sums import Term, Terms, Unit, lines_of, sums_of
from evaluations.bonus_terms import BonusFact, Neutral, Outcome

DAY = date(2026, 11, 2)
ONE = uuid4()


def terms(**changes) -> Terms:
    line = Term("appointment", 15, "euros", Decimal(2), Decimal(10))
    values = {"lines": (line,), "cap_bonus": Decimal(3), "cap_malus": Decimal(2)}
    return Terms(**{**values, **changes})


def unit(value: int | None = 0, **changes) -> Unit:
    found = None if value is None else Decimal(value)
    return replace(Unit("appointment", ONE, DAY, found, Decimal(100)), **changes)


def total(of: Terms, units, *, base=10_000, mean=None) -> Decimal:
    amounts = [line.amount for line in lines_of(of, units)]
    return sums_of(of, amounts, base=Decimal(base), mean=mean).total


@pytest.mark.parametrize(
    ("measured", "outcome", "euros"),
    [
        (unit(15), Outcome.MET, 2),
        (unit(16), Outcome.MISSED, -10),
        (unit(None), Outcome.UNKNOWN, 0),
        (unit(0, unproven=True), Outcome.UNKNOWN, 0),
        (unit(16, unproven=True), Outcome.MISSED, -10),
        (unit(None, failed=True), Outcome.MISSED, -10),
        (unit(16, neutral="returned"), Outcome.MISSED, 0),
        (unit(3, neutral="returned"), Outcome.MET, 2),
    ],
)
def test_a_unit_against_its_threshold(measured, outcome, euros):
    (line,) = lines_of(terms(), [measured])
    assert (line.outcome, line.amount) == (outcome, euros)


def test_no_malus_until_the_company_has_settled_in():
    of = terms(onboarding_until=DAY)
    before, after = lines_of(of, [unit(90), unit(90, on=DAY + timedelta(days=1))])
    assert (before.amount, before.full, before.neutral) == (0, -10, Neutral.ONBOARDING)
    assert (after.amount, after.neutral) == (-10, "")


def test_percent_of_the_order_to_the_cent_halves_up():
    of = terms(lines=(Term("appointment", 0, "percent", Decimal("1.5"), Decimal(0)),))
    (line,) = lines_of(of, [unit(works=Decimal("0.33"))])
    assert line.amount == Decimal("0.00")
    (line,) = lines_of(of, [unit(works=Decimal(33))])
    assert line.amount == Decimal("0.50")  # 0.495


def test_a_fact_that_the_rules_do_not_name_is_no_line():
    assert lines_of(terms(), [unit(fact="status")]) == []


def test_caps_are_a_share_of_what_was_invoiced():
    many = [unit(0)] * 1000
    assert total(terms(), many) == 300  # 3 % of 10 000
    assert total(terms(), [unit(90)] * 1000) == -200  # 2 %
    assert total(terms(), many, base=0) == 0


def test_perception_counts_from_its_threshold_on_and_never_costs():
    of = terms(perception_weight=20, perception_from=Decimal("4.0"))
    units = [unit(0)] * 8  # 16 euros: with 4 more, perception is a fifth of the whole
    assert total(of, units, mean=Decimal("4.00")) == 20
    assert total(of, units, mean=Decimal("3.99")) == 16
    assert total(of, units) == 16
    assert total(of, [unit(90)], mean=Decimal("4.50")) == -10


# --- Properties -----------------------------------------------------------------------------------

euros = st.decimals(0, 500, places=2)
percents = st.decimals(0, 20, places=2)
all_terms = st.builds(
    Terms,
    lines=st.lists(
        st.builds(
            Term,
            fact=st.sampled_from(BonusFact.values),
            limit=st.integers(0, 60),
            per=st.sampled_from(["euros", "percent"]),
            bonus=st.decimals(0, 100, places=2),
            malus=st.decimals(0, 100, places=2),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda term: term.fact,
    ).map(tuple),
    cap_bonus=percents,
    cap_malus=st.decimals(0, 10, places=2),
    perception_weight=st.integers(0, 20),
    perception_from=st.decimals(1, 5, places=1),
    onboarding_until=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
)
units = st.lists(
    st.builds(
        Unit,
        fact=st.sampled_from(BonusFact.values),
        order_id=st.just(ONE),
        on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        value=st.one_of(st.none(), st.integers(0, 120).map(Decimal)),
        works=euros,
        failed=st.booleans(),
        neutral=st.sampled_from(["", *Neutral.values]),
    ),
    max_size=20,
)
bases = st.decimals(0, 5000, places=2)
means = st.one_of(st.none(), st.decimals(1, 5, places=2))


@given(all_terms, units, bases, means)
def test_never_beyond_a_cap_and_always_whole_cents(of, measured, base, mean):
    amounts = [line.amount for line in lines_of(of, measured)]
    sums = sums_of(of, amounts, base=base, mean=mean)
    assert -base * of.cap_malus / 100 <= sums.total <= base * of.cap_bonus / 100
    assert sums.total == sums.total.quantize(Decimal("0.01"))
    assert sum(amounts, Decimal(0)) + sums.perception + sums.cap == sums.total


@given(all_terms, units, bases, means)
def test_perception_is_a_fifth_of_the_bonus_at_most(of, measured, base, mean):
    amounts = [line.amount for line in lines_of(of, measured)]
    sums = sums_of(of, amounts, base=base, mean=mean)
    assert sums.perception * 5 <= sums.bonus + sums.perception
    assert sums.perception == 0 or mean >= of.perception_from


@given(all_terms, units, bases)
def test_what_is_neutral_never_costs_and_helps_nobody_less(of, measured, base):
    lines = lines_of(of, measured)
    assert all(line.amount >= 0 for line in lines if line.neutral)
    assert all(line.amount == line.full for line in lines if line.full >= 0)
    before = sums_of(of, [line.amount for line in lines], base=base, mean=None).total
    spared = [replace(each, neutral="returned") for each in measured]
    after = [line.amount for line in lines_of(of, spared)]
    assert sums_of(of, after, base=base, mean=None).total >= before


@given(all_terms, units, bases)
def test_there_is_no_malus_in_onboarding(of, measured, base):
    of = replace(of, onboarding_until=date(2026, 12, 31))
    amounts = [line.amount for line in lines_of(of, measured)]
    assert sums_of(of, amounts, base=base, mean=None).malus == 0


# --- Periods --------------------------------------------------------------------------------------


def test_periods_follow_one_another():
    month = Span.of("month", date(2026, 12, 15))
    assert (month.first, month.last) == (date(2026, 12, 1), date(2026, 12, 31))
    assert month.following.first == date(2027, 1, 1)
    quarter = Span.of("quarter", date(2026, 12, 15))
    assert (quarter.first, quarter.last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert quarter.previous.first == date(2026, 7, 1)
    assert [each.first.month for each in past("month", date(2026, 3, 9), 3)] == [12, 1, 2]


@pytest.mark.parametrize(
    ("rhythms", "accepted_on", "start"),
    [
        (["month"], date(2026, 11, 30), date(2026, 12, 1)),  # as wanted
        (["month"], date(2026, 12, 1), date(2026, 12, 1)),
        (["month"], date(2026, 12, 2), date(2027, 1, 1)),  # never backwards
        (["quarter"], date(2026, 11, 30), date(2027, 1, 1)),
        (["month", "quarter"], date(2026, 11, 30), date(2027, 1, 1)),  # no period is cut in two
    ],
)
def test_rules_never_apply_before_both_have_signed(rhythms, accepted_on, start):
    assert next_start(rhythms, date(2026, 12, 1), accepted_on) == start
