"""Two lines over time, drawn on the server: whole numbers for an SVG without script. Pure.

The axis begins at nothing, so that a small change looks small; a line along the first day divides
before from after. The table beneath says the same, and is what a screen reader reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

WIDTH, HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _FOOT = 56, 12, 30, 32
_LABELS = 8
"""So many dates have room below."""


@dataclass(frozen=True)
class Step:
    """Some weeks on the axis: what stands below, and the value of each line, None of none."""

    label: str
    values: Sequence[Decimal | None]


@dataclass(frozen=True)
class Dot:
    """A value in its place."""

    x: int
    y: int


@dataclass(frozen=True)
class Drawn:
    """One line: full or dashed by its style; a gap where two neighbours aren't both there."""

    label: str
    style: int
    path: str
    dots: list[Dot]


@dataclass(frozen=True)
class Tick:
    """A word on an axis."""

    at: int
    label: str


@dataclass(frozen=True)
class Lines:
    """The chart. start: where the first day is, None where it isn't on it."""

    lines: list[Drawn]
    across: list[Tick]
    below: list[Tick]
    start: int | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    foot: int = HEIGHT - _FOOT
    top: int = _TOP


def lines(
    steps: Sequence[Step],
    labels: Sequence[str],
    *,
    before: int,
    words: Sequence[tuple[Decimal, str]],
) -> Lines | None:
    """Return the chart of some steps; None where no line has two values to join.

    before: how many steps are before the first day. words: values to name on the upright axis, the
    highest last; nothing is drawn above it.
    """
    if not any(sum(step.values[n] is not None for step in steps) > 1 for n in range(len(labels))):
        return None
    highest = words[-1][0]
    width = WIDTH - _LEFT - _RIGHT
    middles = [_LEFT + width * (2 * n + 1) // (2 * len(steps)) for n in range(len(steps))]
    every = -(-len(steps) // _LABELS)
    return Lines(
        lines=[
            _line(label, n, [step.values[n] for step in steps], middles, highest)
            for n, label in enumerate(labels)
        ],
        across=[Tick(_y(value, highest), word) for value, word in words],
        below=[
            Tick(x, step.label)
            for n, (x, step) in enumerate(zip(middles, steps, strict=True))
            if n % every == 0
        ],
        start=_LEFT + width * before // len(steps) if 0 < before < len(steps) else None,
    )


def _line(
    label: str, n: int, values: list[Decimal | None], middles: list[int], highest: Decimal
) -> Drawn:
    dots = [
        None if value is None else Dot(x, _y(value, highest))
        for x, value in zip(middles, values, strict=True)
    ]
    path = "".join(
        f"M{one.x} {one.y}L{other.x} {other.y}"
        for one, other in pairwise(dots)
        if one is not None and other is not None
    )
    return Drawn(label, n + 1, path, [dot for dot in dots if dot is not None])


def _y(value: Decimal, highest: Decimal) -> int:
    share = min(value / highest, Decimal(1)) if highest else Decimal(0)
    return HEIGHT - _FOOT - int(share * (HEIGHT - _TOP - _FOOT))
