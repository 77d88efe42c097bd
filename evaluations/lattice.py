"""What of a quarter's marks may be published, so that nobody can be singled out. Pure.

A fixed lattice: a closed quarter × one dimension. A cell is published when enough answers of
enough parties are in it and none is above half; and only when what is published already, this cell
included, tells nothing of a group that is too small: neither by a difference of two cells, nor by
what a dimension leaves over, nor by any sum and difference of all of them (docs/adr/0029).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

OVERALL = "overall"

Cell = tuple[str, str]


@dataclass(frozen=True)
class Vote:
    """One valid mark. party: who must not be singled out; keys: its cell in each dimension.

    given: False of somebody who was asked and gave none; then it counts for nothing, but is there.
    """

    party: Hashable
    keys: Mapping[str, str]
    mark: int = 0
    given: bool = True


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
        if self.parties == 1 and self.share == 1:
            return True
        counts: dict[Hashable, int] = {}
        for vote in votes:
            counts[vote.party] = counts.get(vote.party, 0) + 1
        return len(counts) >= self.parties and max(counts.values()) <= self.share * len(votes)


ANONYMOUS = Thresholds(votes=5, parties=3, share=Fraction(1, 2))
"""Contractor → landlord."""
INSIDE = Thresholds(votes=5)
"""Tenant → repair, as the two parties see it."""
STAFF = Thresholds(votes=10)
"""Staff → own organisation: below it, nothing."""
PUBLISHED = 10
"""Tenant → repair: from so many answers on a mean may be shown to others."""


def publishable(votes: Sequence[Vote], cells: Iterable[Cell], limits: Thresholds) -> list[Cell]:
    """Return the cells that may be published together.

    The order of `cells` is kept: what comes first is preferred where not all can be told. With
    votes that weren't given among them, nothing is left over either but what passes, or nobody at
    all: « 8 of 10 in all, 8 in plumbing » would say of the others that they gave none.
    """
    held = held_by(votes, cells)
    large = {cell: inside for cell, inside in held.items() if _pass(inside, votes, limits)}
    atoms = _atoms(large.values())
    of_vote = {n: index for index, atom in enumerate(atoms) for n in atom}
    known = _Known(atoms, votes, limits)
    chosen: list[Cell] = []
    told: list[frozenset[int]] = []
    for cell, inside in large.items():
        row = {of_vote[n]: 1 for n in inside}
        if _differs_by_enough(inside, told, votes, limits) and known.takes(row):
            chosen.append(cell)
            told.append(inside)
    return chosen


def held_by(votes: Sequence[Vote], cells: Iterable[Cell]) -> dict[Cell, frozenset[int]]:
    """Return which votes are in each cell, by their place in `votes`."""
    found: dict[Cell, set[int]] = {(OVERALL, ""): set(range(len(votes)))}
    for n, vote in enumerate(votes):
        for cell in vote.keys.items():
            found.setdefault(cell, set()).add(n)
    return {cell: frozenset(found.get(cell, ())) for cell in cells}


def stays_hidden(
    votes: Sequence[Vote], told: Iterable[Cell], shown: Collection[Hashable], limits: Thresholds
) -> bool:
    """Tell whether what is told says nothing of the others once some parties show their votes.

    As if each vote of theirs were known, which is more than is shown: then every told cell tells
    what is left of it, and all of that together has to be what might have been published.
    """
    rest = [vote for vote in votes if vote.party not in shown]
    left = [cell for cell, inside in held_by(rest, told).items() if inside]
    return set(publishable(rest, left, limits)) == set(left)


# --- inside -----------------------------------------------------------------------------------

Row = dict[int, int]
Basis = dict[int, Row]
# Sums are solved for modulo a prime: whatever is told in whole numbers is told there too, and the
# other way round but once in 2^61. All rows are combined where they are few (and groups small).
# Whatever their number, two and three parts are looked for by what they would leave: three only
# among no more parts than so.
_PRIME = (1 << 61) - 1
_ALL, _THREE, _PARTS = 6, 12, 1000


class _Known:
    """What is told so far, as reduced rows over the parts; and what each part would still leave.

    A group of parts is told exactly when what they leave cancels out: the rest of a pivot's row, or
    minus itself of a part that is no pivot. Each rest is kept as one number, its sum with a drawn
    weight per part, so that parts that cancel out are found by looking up, not by trying all.
    """

    def __init__(
        self, atoms: Sequence[frozenset[int]], votes: Sequence[Vote], limits: Thresholds
    ) -> None:
        self.atoms, self.votes, self.limits = atoms, votes, limits
        self.basis: Basis = {}
        dice = random.Random(29)  # noqa: S311 (weights, no secret)
        self.weights = [dice.randrange(1, _PRIME) for _atom in atoms]
        self.small = {n for n in range(len(atoms)) if self._is_small([n])}
        self.rests = {n: -self.weights[n] % _PRIME for n in self.small}
        self.parts: dict[int, set[int]] = {}
        for n, rest in self.rests.items():
            self.parts.setdefault(_sized(rest), set()).add(n)

    def takes(self, row: Row) -> bool:
        """Add a row and return True, unless a group that is too small would be told by it."""
        changed = _with(self.basis, row)
        if not changed:
            return True
        if any(self._fails(found) for found in changed.values()):
            return False
        basis = {**self.basis, **changed}
        if len(basis) <= _THREE:
            most = len(basis) if len(basis) <= _ALL else 3
            if any(self._fails(found) for found in _combinations(basis, most)):
                return False
        rests = {n: self._rest(n, found) for n, found in changed.items() if n in self.small}
        before = {n: self.rests[n] for n in rests}
        self._keep(rests)
        if self._cancels(rests):
            self._keep(before)
            return False
        self.basis = basis
        return True

    def _keep(self, rests: Mapping[int, int]) -> None:
        for n, rest in rests.items():
            self.parts[_sized(self.rests[n])].discard(n)
            self.parts.setdefault(_sized(rest), set()).add(n)
            self.rests[n] = rest

    def _rest(self, pivot: int, row: Row) -> int:
        """Return the number that stands for a row without its pivot."""
        found = sum(value * self.weights[column] for column, value in row.items())
        return (found - self.weights[pivot]) % _PRIME

    def _fails(self, row: Row) -> bool:
        """Tell whether a row is the sum, or the difference, of parts that are too small."""
        return all(value in (1, _PRIME - 1) for value in row.values()) and self._is_small(row)

    def _is_small(self, parts: Iterable[int]) -> bool:
        inside = frozenset().union(*(self.atoms[n] for n in parts))
        return bool(inside) and not _pass(inside, self.votes, self.limits)

    def _cancels(self, rests: Mapping[int, int]) -> bool:
        """Tell whether two or three parts, one of them changed, cancel out and are too small."""
        parts = self.parts
        for one, rest in rests.items():
            if any(n != one and self._is_small((one, n)) for n in parts[_sized(rest)]):
                return True
            if len(self.rests) > _PARTS:
                continue
            for two, second in self.rests.items():
                for value in (_sized(rest + second), _sized(rest - second)):
                    if value in parts and any(
                        len({one, two, n}) == 3 and self._is_small((one, two, n))  # noqa: PLR2004
                        for n in parts[value]
                    ):
                        return True
        return False


def _sized(value: int) -> int:
    """Return a number of the field without its sign."""
    rest = value % _PRIME
    return min(rest, _PRIME - rest)


def _pass(inside: frozenset[int], votes: Sequence[Vote], limits: Thresholds) -> bool:
    return limits.passes([votes[n] for n in inside if votes[n].given])


def _atoms(cells: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """Return the indivisible parts: votes that no cell separates."""
    inside: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        for n in cell:
            inside.setdefault(n, []).append(index)
    parts: dict[tuple[int, ...], set[int]] = {}
    for n in sorted(inside):
        parts.setdefault(tuple(inside[n]), set()).add(n)
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


def _combinations(basis: Basis, most: int) -> Iterator[Row]:
    """Yield the combinations of two to `most` reduced rows, plus or minus, each once.

    Whatever is told of a group of k parts is a combination of at most k reduced rows, because each
    pivot stands in its own row only.
    """
    rows = list(basis.values())
    for size in range(2, most + 1):
        for some in combinations(rows, size):
            for signs in product((1, -1), repeat=size - 1):
                made = dict(some[0])
                for row, sign in zip(some[1:], signs, strict=True):
                    _take(made, row, -sign)
                yield made


def _with(basis: Basis, row: Row) -> Basis:
    """Return what one more row changes, reduced again: itself, and rows that held its pivot.

    Nothing where it tells nothing new.
    """
    left = dict(row)
    for pivot in [column for column in row if column in basis]:
        _take(left, basis[pivot], left[pivot])
    if not left:
        return {}
    pivot = min(left)
    share = pow(left[pivot], -1, _PRIME)
    left = {column: value * share % _PRIME for column, value in left.items()}
    made = {pivot: left}
    for other, known in basis.items():
        if pivot in known:
            changed = dict(known)
            _take(changed, left, changed[pivot])
            made[other] = changed
    return made


def _take(row: Row, other: Row, times: int) -> None:
    """Subtract `times` the other row, and forget zeroes."""
    for column, value in other.items():
        rest = (row.get(column, 0) - times * value) % _PRIME
        if rest:
            row[column] = rest
        else:
            row.pop(column, None)
