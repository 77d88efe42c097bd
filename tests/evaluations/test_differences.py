"""Difference in differences: what is estimated of a known effect, and when nothing is."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.differences import Observation, estimate

CELLS = list(product((True, False), (False, True)))


def made(seed: int, *, effect: float, n: int = 200, noise: float = 10.0) -> list[Observation]:
    """Observations of a treated perimeter and nine others; after the start all gain 5."""
    dice = random.Random(seed)
    rows = []
    for treated, after in CELLS:
        for index in range(n):
            value = 40 + 8 * treated + 5 * after + effect * (treated and after)
            place = 0 if treated else 1 + index % 9
            week = index % 12 if after else -1 - index % 12
            value += dice.gauss(0, noise)
            rows.append(Observation(round(value), treated, after, (place, week)))
    return rows


def test_the_interval_covers_a_known_effect_about_as_often_as_it_says():
    found = [estimate(made(seed, effect=6)) for seed in range(60)]
    covered = sum(one.low <= 6 <= one.high for one in found)
    assert 48 <= covered <= 60  # 90 % of 60 is 54; the wider of two intervals covers a little more
    assert abs(sum(one.effect for one in found) / 60 - 6) < 0.6


def test_no_effect_is_told_where_there_is_none():
    wrong = sum(
        not one.low <= 0 <= one.high for one in (estimate(made(n, effect=0)) for n in range(60))
    )
    assert wrong <= 12


def test_the_effect_is_the_difference_of_the_two_differences():
    found = estimate(made(1, effect=6))
    means = [cell.mean for cell in found.cells]
    assert found.effect == pytest.approx((means[1] - means[0]) - (means[3] - means[2]))
    assert found.low < found.effect < found.high


@pytest.mark.parametrize("small", range(4))
def test_nothing_is_told_where_one_cell_has_fewer_than_thirty(small):
    rows = made(1, effect=6, n=30)
    assert estimate(rows).is_told
    treated, after = CELLS[small]
    gone = next(one for one in rows if (one.treated, one.after) == (treated, after))
    rows.remove(gone)
    found = estimate(rows)
    assert not found.is_told
    assert (found.effect, found.low, found.high) == (None, None, None)
    assert found.smallest == 29


def test_nothing_is_told_of_nothing():
    assert estimate([]).smallest == 0


def test_values_that_never_vary_have_no_effect_and_do_no_harm():
    rows = [one.__class__(100, one.treated, one.after, one.group) for one in made(1, effect=0)]
    found = estimate(rows)
    assert found.effect == pytest.approx(0, abs=1e-9)
    assert found.low <= 1e-9
    assert found.high >= -1e-9


def test_weeks_that_went_together_widen_the_interval():
    """The same values, but one value a week: each week tells once, not twenty times."""
    dice = random.Random(3)
    shock = {(t, a, w): round(dice.gauss(50, 20)) for t, a in CELLS for w in range(12)}
    rows = [
        Observation(shock[t, a, w], t, a, (int(not t), w if a else -1 - w))
        for t, a in CELLS
        for w in range(12)
        for _n in range(20)
    ]
    alone = [
        Observation(one.value, one.treated, one.after, (index, 0)) for index, one in enumerate(rows)
    ]
    together, apart = estimate(rows), estimate(alone)
    assert together.effect == pytest.approx(apart.effect)
    assert together.high - together.low > 2 * (apart.high - apart.low)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), effect=st.integers(-30, 30), n=st.integers(30, 60))
def test_swapping_who_was_treated_flips_the_sign(seed, effect, n):
    rows = made(seed, effect=effect, n=n)
    swapped = [Observation(one.value, not one.treated, one.after, one.group) for one in rows]
    found, other = estimate(rows), estimate(swapped)
    assert other.effect == pytest.approx(-found.effect, abs=1e-6)
    assert other.low == pytest.approx(-found.high, abs=1e-6)
    assert other.high == pytest.approx(-found.low, abs=1e-6)
