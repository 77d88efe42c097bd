"""From marks to a score: mean, interval, shrinkage of small samples. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from evaluations.axes import DISSATISFIED, HIGHEST, LOWEST

TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")
SMALL = 10
"""Fewer answers than this are drawn toward the wider cell's mean, and say so."""
WEIGHT = 5
"""With the weight of so many answers."""
EDGE = 0.2
"""An anonymous mean so near to the end of the scale would tell everybody's mark."""
_SPREAD = 0.5
# Student's quantile for 90 %, by degrees of freedom; with more of them the normal one is near.
_STUDENT = (6.31, 2.92, 2.35, 2.13, 2.02, 1.94, 1.89, 1.86, 1.83, 1.81)
_NORMAL = 1.70


@dataclass(frozen=True)
class Score:
    """What is shown of some marks. mean: drawn toward the prior where `shrunk`.

    edge: "low" or "high" where the mean is only said to be at most, or at least, so much.
    dissatisfied: the share of marks of 1 and 2.
    """

    n: int
    mean: Decimal
    low: Decimal
    high: Decimal
    shrunk: bool
    edge: str
    dissatisfied: Decimal


def score(
    marks: Sequence[int], *, prior: Decimal | None = None, anonymous: bool = False
) -> Score | None:
    """Return the score of valid marks, with its 90 % interval; None without any.

    prior: mean of the wider cell, which small samples are drawn toward. anonymous: never at the
    very end of the scale, where a mean says what each single one has answered.
    """
    n = len(marks)
    if n == 0:
        return None
    raw = sum(marks) / n
    spread = max(_spread(marks, raw), _SPREAD)
    shrunk = prior is not None and n < SMALL
    mean = (raw * n + float(prior) * WEIGHT) / (n + WEIGHT) if shrunk and prior else raw
    edge = ""
    if anonymous and raw >= HIGHEST - EDGE:
        mean, edge = min(mean, HIGHEST - EDGE), "high"
    if anonymous and raw <= LOWEST + EDGE:
        mean, edge = max(mean, LOWEST + EDGE), "low"
    half = _quantile(n) * spread / sqrt(n)
    return Score(
        n=n,
        mean=_rounded(mean),
        low=_rounded(max(LOWEST, mean - half)),
        high=_rounded(min(HIGHEST, mean + half)),
        shrunk=shrunk,
        edge=edge,
        dissatisfied=_share(sum(mark <= DISSATISFIED for mark in marks), n),
    )


def symmetry(one: Decimal, other: Decimal) -> Decimal:
    """Return 1 − |one − other| / 4: 1 when both sides see each other alike."""
    return (1 - abs(one - other) / (HIGHEST - LOWEST)).quantize(HUNDREDTH, ROUND_HALF_UP)


def _spread(marks: Sequence[int], mean: float) -> float:
    if len(marks) == 1:
        return float(HIGHEST - LOWEST) / 2
    return sqrt(sum((mark - mean) ** 2 for mark in marks) / (len(marks) - 1))


def _quantile(n: int) -> float:
    freedom = max(n - 1, 1)
    return _STUDENT[freedom - 1] if freedom <= len(_STUDENT) else _NORMAL


def _rounded(value: float) -> Decimal:
    return Decimal(str(value)).quantize(TENTH, ROUND_HALF_UP)


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(HUNDREDTH, ROUND_HALF_UP)
