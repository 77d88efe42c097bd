"""What of a quarter's marks may be published, so that nobody can be singled out. Pure.

A fixed lattice: a closed quarter × one dimension. A cell is published when enough answers of
enough parties are in it and none is above half; and only when what is published already, this cell
included, tells nothing of a group that is too small: neither by a difference of two cells, nor by
what a dimension leaves over, nor by any sum and difference of all of them (docs/adr/0029).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

OVERALL = "overall"

Cell = tuple[str, str]


@dataclass(frozen=True)
class Vote:
    """One valid mark. party: who must not be singled out; keys: its cell in each dimension."""

    party: Hashable
    keys: Mapping[str, str]
    mark: int = 0

    def is_in(self, cell: Cell) -> bool:
        """Tell whether the mark counts in a cell."""
        dimension, key = cell
        return dimension == OVERALL or self.keys.get(dimension) == key


@dataclass(frozen=True)
class Thresholds:
    """How many answers, of how many parties, none of them above which share."""

    votes: int
    parties: int = 1
    share: Fraction = Fraction(1)

    def passes(self, votes: Sequence[Vote]) -> bool:
        """Tell whether a group is large and mixed enough to be told of."""
        if len(votes) < self.votes:
            return False
        counts: dict[Hashable, int] = {}
        for vote in votes:
            counts[vote.party] = counts.get(vote.party, 0) + 1
        return len(counts) >= self.parties and max(counts.values()) <= self.share * len(votes)


ANONYMOUS = Thresholds(votes=5, parties=3, share=Fraction(1, 2))
"""Contractor → landlord."""
INSIDE = Thresholds(votes=5)
"""Tenant → repair, as the two parties see it."""
PUBLISHED = 10
"""Tenant → repair: from so many answers on a mean may be shown to others."""


def publishable(votes: Sequence[Vote], cells: Iterable[Cell], limits: Thresholds) -> list[Cell]:
    """Return the cells that may be published together.

    The order of `cells` is kept: what comes first is preferred where not all can be told.
    """
    held = {
        cell: frozenset(n for n, vote in enumerate(votes) if vote.is_in(cell)) for cell in cells
    }
    large = {cell: inside for cell, inside in held.items() if _pass(inside, votes, limits)}
    atoms = _atoms(large.values())
    chosen: list[Cell] = []
    basis: Basis = {}
    for cell, inside in large.items():
        row = {n: Fraction(1) for n, atom in enumerate(atoms) if atom <= inside}
        told = _with(basis, row)
        if _differs_by_enough(inside, [large[one] for one in chosen], votes, limits) and not any(
            _fails(found, atoms, votes, limits) for found in _combinations(told)
        ):
            chosen.append(cell)
            basis = told
    return chosen


# --- inside -----------------------------------------------------------------------------------

Row = dict[int, Fraction]
Basis = dict[int, Row]
# How many of the reduced rows are combined: all where they are few (and groups small), then fewer.
_ALL, _THREE, _TWO = 6, 12, 30


def _pass(inside: frozenset[int], votes: Sequence[Vote], limits: Thresholds) -> bool:
    return limits.passes([votes[n] for n in inside])


def _atoms(cells: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """Return the indivisible parts: votes that no cell separates."""
    known = list(cells)
    parts: dict[tuple[bool, ...], set[int]] = {}
    for n in frozenset().union(*known):
        parts.setdefault(tuple(n in one for one in known), set()).add(n)
    return [frozenset(part) for part in parts.values()]


def _differs_by_enough(
    inside: frozenset[int],
    told: Iterable[frozenset[int]],
    votes: Sequence[Vote],
    limits: Thresholds,
) -> bool:
    """Tell whether what a cell has more, or less, than another one is nothing, or enough."""
    for other in told:
        rest = inside - other if other < inside else other - inside if inside < other else None
        if rest and not _pass(rest, votes, limits):
            return False
    return True


def _fails(
    found: Row, atoms: Sequence[frozenset[int]], votes: Sequence[Vote], limits: Thresholds
) -> bool:
    """Tell whether a combination is the sum, or the difference, of parts that are too small."""
    if not found or {abs(value) for value in found.values()} != {Fraction(1)}:
        return False
    return not _pass(frozenset().union(*(atoms[n] for n in found)), votes, limits)


def _combinations(basis: Basis) -> Iterator[Row]:
    """Yield the combinations of reduced rows, each once: plus or minus, of one row and of several.

    Whatever is told of a group of k parts is a combination of at most k reduced rows, because each
    pivot stands in its own row only.
    """
    rows = list(basis.values())
    yield from rows
    most = len(rows) if len(rows) <= _ALL else 3 if len(rows) <= _THREE else 2
    if len(rows) > _TWO:
        return
    for size in range(2, most + 1):
        for some in combinations(rows, size):
            for signs in product((1, -1), repeat=size - 1):
                made = dict(some[0])
                for row, sign in zip(some[1:], signs, strict=True):
                    _take(made, row, Fraction(-sign))
                yield made


def _with(basis: Basis, row: Row) -> Basis:
    """Return the basis with one more row, reduced again; the same where it tells nothing new."""
    left = dict(row)
    for pivot, known in basis.items():
        _take(left, known, left.get(pivot, Fraction(0)))
    if not left:
        return basis
    pivot = min(left)
    lead = left[pivot]
    left = {column: value / lead for column, value in left.items()}
    made = {}
    for other, known in basis.items():
        changed = dict(known)
        _take(changed, left, changed.get(pivot, Fraction(0)))
        made[other] = changed
    made[pivot] = left
    return made


def _take(row: Row, other: Row, times: Fraction) -> None:
    """Subtract `times` the other row, and forget zeroes."""
    if not times:
        return
    for column, value in other.items():
        rest = row.get(column, Fraction(0)) - times * value
        if rest:
            row[column] = rest
        else:
            row.pop(column, None)
