"""A seeded attack on what is published: everything combined, and nobody is found."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.lattice import ANONYMOUS, INSIDE, OVERALL, Thresholds, Vote, publishable

CELLS = [
    (OVERALL, ""),
    *(("trade", key) for key in "ABC"),
    *(("agency", key) for key in "XYZ"),
]


def votes_of(*rows: tuple[str, str, str]) -> list[Vote]:
    """Party, trade, agency of each vote; "" where it has none."""
    return [
        Vote(party, {name: key for name, key in (("trade", trade), ("agency", agency)) if key})
        for party, trade, agency in rows
    ]


def drawn(seed: int, size: int) -> list[Vote]:
    dice = random.Random(seed)
    return votes_of(
        *(
            (f"c{dice.randrange(7)}", dice.choice("AABC"), dice.choice(["X", "X", "Y", "Z", ""]))
            for _n in range(size)
        )
    )


def spans(told: list[frozenset[int]], group: frozenset[int], size: int) -> bool:
    """Whether the attacker computes the sum over a group, by solving for it: plain elimination."""
    rows = [[Fraction(i in one) for i in range(size)] for one in told]
    wanted = [Fraction(i in group) for i in range(size)]
    rank = 0
    for column in range(size):
        pivot = next((n for n in range(rank, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        lead = rows[rank][column]
        rows[rank] = [value / lead for value in rows[rank]]
        for other in (*range(rank), *range(rank + 1, len(rows))):
            times = rows[other][column]
            rows[other] = [a - times * b for a, b in zip(rows[other], rows[rank], strict=True)]
        rank += 1
        wanted = [a - wanted[column] * b for a, b in zip(wanted, rows[rank - 1], strict=True)]
    return not any(wanted)


def attack(votes: list[Vote], limits: Thresholds) -> list[frozenset[int]]:
    """Return the groups that everything published tells of and that are too small.

    Tried: each respondent, each two and three of them, each party, and what two cells differ by.
    """
    cells = publishable(votes, CELLS, limits)
    told = [frozenset(i for i, one in enumerate(votes) if one.is_in(cell)) for cell in cells]
    people = [frozenset(found) for n in (1, 2, 3) for found in combinations(range(len(votes)), n)]
    parties = [
        frozenset(i for i, one in enumerate(votes) if one.party == party)
        for party in {one.party for one in votes}
    ]
    differences = [one - other for one in told for other in told if one > other]
    small = [
        group
        for group in (*people, *parties, *differences)
        if group and not limits.passes([votes[i] for i in group])
    ]
    return [group for group in small if spans(told, group, len(votes))]


@pytest.mark.parametrize("limits", [ANONYMOUS, INSIDE], ids=["companies", "tenants"])
@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_found_by_combining_all_that_is_published(seed, limits):
    votes = drawn(seed, 9 + 3 * seed)
    assert attack(votes, limits) == []


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("AB"), st.sampled_from("XY")),
        max_size=14,
    )
)
def test_no_small_group_is_told_of_whatever_the_votes(rows):
    assert attack(votes_of(*rows), ANONYMOUS) == []


def test_the_thresholds_are_those_of_the_design():
    five = votes_of(*((party, "A", "X") for party in "aabbc"))
    assert publishable(five, CELLS, ANONYMOUS)[:1] == [(OVERALL, "")]
    assert publishable(five[:4], CELLS, ANONYMOUS) == []
    two_companies = votes_of(*((party, "A", "X") for party in "aaabbb"))
    assert publishable(two_companies, CELLS, ANONYMOUS) == []
    dominated = votes_of(*((party, "A", "X") for party in "aaaabbc"))
    assert publishable(dominated, CELLS, ANONYMOUS) == []


def test_a_cell_that_would_tell_the_rest_stays_away():
    """Six of seven answers are of trade A: with the whole told, A would tell the seventh."""
    votes = votes_of(*((party, "A", "") for party in "abcdef"), ("g", "B", ""))
    assert publishable(votes, CELLS, ANONYMOUS) == [(OVERALL, "")]
    more = votes_of(*((party, "A", "") for party in "abcdef"), *((p, "B", "") for p in "ghijk"))
    assert publishable(more, CELLS, ANONYMOUS) == [(OVERALL, ""), ("trade", "A"), ("trade", "B")]


def test_two_dimensions_together_tell_no_more_than_each():
    """Trade A without agency X would be one answer: only one of the two views is told."""
    rows = [*((party, "A", "X") for party in "abcdef"), ("g", "A", "Y")]
    rows += [(party, "B", "Y") for party in "hijklm"]
    told = publishable(votes_of(*rows), CELLS, ANONYMOUS)
    assert ("trade", "A") in told
    assert ("agency", "X") not in told
