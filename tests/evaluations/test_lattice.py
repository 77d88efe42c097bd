"""A seeded attack on what is published: everything combined, and nobody is found."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.lattice import (
    ANONYMOUS,
    INSIDE,
    OVERALL,
    Cell,
    Thresholds,
    Vote,
    publishable,
    stays_hidden,
)

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


RESIDENCES = [("residence", f"R{n:02}") for n in range(10)]


def drawn_with_residences(seed: int) -> list[Vote]:
    """Tenants, each a party: residences of one agency each, companies and trades across them."""
    dice = random.Random(seed)
    votes = []
    for n in range(64):
        home = min(dice.randrange(18), 9)  # the last one is large, some stay too small
        company = dice.choice("AABC")
        keys = {
            "residence": f"R{home:02}",
            "agency": "XYZ"[home % 3],
            "trade": company if dice.random() < 0.7 else dice.choice("AABC"),
            "contractor": company,
        }
        votes.append(Vote(n, keys, dice.randrange(1, 6)))
    return votes


def solved(told: list[frozenset[int]]) -> dict[int, dict[int, Fraction]]:
    """What the attacker solves all sums to: rows by their pivot, which no other row holds."""
    rows: dict[int, dict[int, Fraction]] = {}
    for one in told:
        left = dict.fromkeys(one, Fraction(1))
        for pivot in [i for i in one if i in rows]:
            subtract(left, rows[pivot], left[pivot])
        if not left:
            continue
        new = max(left)
        left = {i: value / left[new] for i, value in left.items()}
        for row in rows.values():
            subtract(row, left, row.get(new, Fraction(0)))
        rows[new] = left
    return rows


def subtract(row: dict[int, Fraction], other: dict[int, Fraction], times: Fraction) -> None:
    if times:
        for i, value in other.items():
            row[i] = row.get(i, Fraction(0)) - times * value
            if not row[i]:
                del row[i]


def spans(rows: dict[int, dict[int, Fraction]], group: frozenset[int]) -> bool:
    """Whether the attacker computes the sum over a group."""
    pivots = [i for i in group if i in rows]
    outside = {i for pivot in pivots for i in rows[pivot] if i not in group}
    if not pivots or (len(pivots) == 1 and outside):
        return False
    left = dict.fromkeys(group, Fraction(1))
    for pivot in pivots:
        subtract(left, rows[pivot], Fraction(1))
    return not left


def is_in(vote: Vote, cell: Cell) -> bool:
    """Whether a mark counts in a cell."""
    dimension, key = cell
    return dimension == OVERALL or vote.keys.get(dimension) == key


def attack(
    votes: list[Vote], limits: Thresholds, cells=CELLS, shown=frozenset()
) -> list[frozenset[int]]:
    """Return the groups that everything published tells of and that are too small.

    Tried: each respondent, each two and three of them, each party, and what two cells differ by.
    shown: parties that show their own votes; the attacker knows each of them, and looks for others.
    """
    published = publishable(votes, cells, limits)
    known = {i for i, one in enumerate(votes) if one.party in shown}
    others = [i for i in range(len(votes)) if i not in known]
    told = [frozenset(i for i in others if is_in(votes[i], cell)) for cell in published]
    people = [frozenset(found) for n in (1, 2, 3) for found in combinations(others, n)]
    parties = [
        frozenset(i for i in others if votes[i].party == party)
        for party in {votes[i].party for i in others}
    ]
    differences = [*told, *(one - other for one in told for other in told if one > other)]
    small = [
        group
        for group in (*people, *parties, *differences)
        if group and (len(group) < limits.votes or not limits.passes([votes[i] for i in group]))
    ]
    rows = solved(told)
    return [group for group in small if spans(rows, group)]


@pytest.mark.parametrize("limits", [ANONYMOUS, INSIDE], ids=["companies", "tenants"])
@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_found_by_combining_all_that_is_published(seed, limits):
    votes = drawn(seed, 9 + 3 * seed)
    assert attack(votes, limits) == []


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_found_by_residence_trade_company_and_agency_together(seed):
    votes = drawn_with_residences(seed)
    cells = [*CELLS, *(("contractor", key) for key in "ABC"), *RESIDENCES]
    assert attack(votes, INSIDE, cells) == []
    told = publishable(votes, cells, INSIDE)
    by_residence = [cell for cell in told if cell in RESIDENCES]
    assert len(by_residence) >= 2
    assert len(by_residence) < len(RESIDENCES)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("AB"), st.sampled_from("XY")),
        max_size=14,
    )
)
def test_no_small_group_is_told_of_whatever_the_votes(rows):
    assert attack(votes_of(*rows), ANONYMOUS) == []


@pytest.mark.parametrize("seed", range(40))
def test_nobody_else_is_found_when_companies_show_their_own_answers(seed):
    """One after the other, in any order, as far as each is let; whoever withdraws stays known."""
    dice = random.Random(seed)
    votes = drawn(seed, 12 + seed % 18)
    told = publishable(votes, CELLS, ANONYMOUS)
    shown: set[str] = set()
    for party in dice.sample(sorted({one.party for one in votes}), 4):
        if stays_hidden(votes, told, {*shown, party}, ANONYMOUS):
            shown.add(party)
    assert attack(votes, ANONYMOUS, shown=shown) == []


def test_companies_are_let_show_as_long_as_enough_others_are_left():
    """Eight answers of four companies: without one six of three are left, without two they aren't.

    What isn't let the attack finds: so the guard is neither idle nor closed.
    """
    votes = votes_of(*((party, "", "") for party in "aabbccdd"))
    told = publishable(votes, CELLS, ANONYMOUS)
    assert stays_hidden(votes, told, {"a"}, ANONYMOUS)
    assert attack(votes, ANONYMOUS, shown={"a"}) == []
    assert not stays_hidden(votes, told, {"a", "b"}, ANONYMOUS)
    assert attack(votes, ANONYMOUS, shown={"a", "b"})
    # All of them may, where nobody is left to be found.
    assert stays_hidden(votes, told, set("abcd"), ANONYMOUS)
    # In its trade's view the rest would be two companies, though enough are left of all.
    plumbers = [(party, "A", "") for party in "aabbcc"]
    votes = votes_of(*plumbers, *((party, "B", "") for party in "defghi"))
    told = publishable(votes, CELLS, ANONYMOUS)
    assert ("trade", "A") in told
    assert not stays_hidden(votes, told, {"a"}, ANONYMOUS)
    assert stays_hidden(votes, told, {"d"}, ANONYMOUS)


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


def test_two_answers_are_not_told_together_by_cells_that_overlap_among_many():
    """R01 + R02 - company K is the sum of two answers: found however many cells are told."""
    one, two = {"residence": "R01"}, {"residence": "R02"}
    votes = [Vote("a", one), Vote("b", two)]
    votes += [Vote(f"c{n}", {**one, "contractor": "K"}) for n in range(5)]
    votes += [Vote(f"e{n}", {**two, "contractor": "K"}) for n in range(5)]
    votes += [Vote(f"f{n}", {"residence": f"R{n % 14 + 3:02}"}) for n in range(70)]
    homes = [("residence", f"R{n:02}") for n in range(1, 17)]
    assert publishable(votes, [*homes, ("contractor", "K")], INSIDE) == homes
