"""Difference in differences of one roll-out, with its interval. Pure (docs/adr/0042).

What changed in the perimeter, less what changed meanwhile where nothing was rolled out. Nothing is
estimated, and no mean told, where one of the four cells holds too few observations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from evaluations.impact_terms import FEWEST

LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Observation:
    """One visit, order or invoice. group: its perimeter and week, whose errors go together."""

    value: int
    treated: bool
    after: bool
    group: tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """One of the four. mean: None of an empty one."""

    n: int
    mean: float | None


@dataclass(frozen=True)
class Estimate:
    """The four cells; the effect and its 90 % interval, all None where one cell is too small."""

    before: Cell
    after: Cell
    other_before: Cell
    other_after: Cell
    effect: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def cells(self) -> tuple[Cell, Cell, Cell, Cell]:
        """The perimeter's two, then those it is compared with."""
        return self.before, self.after, self.other_before, self.other_after

    @property
    def smallest(self) -> int:
        """How many observations the smallest cell has."""
        return min(cell.n for cell in self.cells)

    @property
    def is_told(self) -> bool:
        """Whether there is an effect."""
        return self.effect is not None


def estimate(observations: Iterable[Observation], *, fewest: int = FEWEST) -> Estimate:
    """Return what can be told of some observations.

    Ordinary least squares on treated, after and their product (statsmodels). One perimeter alone is
    treated, so errors can't be clustered by perimeter: with one cluster on a side they would be
    near zero. The interval is the wider one of two: heteroscedasticity-robust (HC3), and clustered
    by perimeter and week, whose observations share weather, staff and stock. Student's t.
    """
    rows = list(observations)
    found = Estimate(
        before=_cell(rows, treated=True, after=False),
        after=_cell(rows, treated=True, after=True),
        other_before=_cell(rows, treated=False, after=False),
        other_after=_cell(rows, treated=False, after=True),
    )
    if found.smallest < fewest:
        return found
    effect, low, high = _fit(rows)
    if not all(isfinite(one) for one in (effect, low, high)):
        return found
    return replace(found, effect=effect, low=low, high=high)


def _cell(rows: Sequence[Observation], *, treated: bool, after: bool) -> Cell:
    values = [one.value for one in rows if (one.treated, one.after) == (treated, after)]
    return Cell(len(values), sum(values) / len(values) if values else None)


def _fit(rows: Sequence[Observation]) -> tuple[float, float, float]:
    # Here, not above: it takes seconds and a hundred megabytes, which only the worker that
    # estimates is to pay, never the site.
    from statsmodels.regression.linear_model import OLS

    groups = {group: n for n, group in enumerate(sorted({one.group for one in rows}))}
    model = OLS(
        [float(one.value) for one in rows],
        [
            [1.0, float(one.treated), float(one.after), float(one.treated and one.after)]
            for one in rows
        ],
    )
    fits: list[Any] = [
        model.fit(cov_type="HC3", use_t=True),
        model.fit(
            cov_type="cluster",
            cov_kwds={"groups": [groups[one.group] for one in rows]},
            use_t=True,
        ),
    ]
    bounds = [fit.conf_int(alpha=1 - LEVEL)[3] for fit in fits]
    low, high = max(bounds, key=lambda pair: pair[1] - pair[0])
    return float(fits[0].params[3]), float(low), float(high)
