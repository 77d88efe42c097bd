"""The radar of a page, drawn on the server: whole numbers for an SVG without script. Pure.

The table beside says the same, and is what a screen reader reads. A score that isn't published
leaves a gap in its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

from evaluations.axes import HIGHEST

SIZE = 360
_CENTRE, _RADIUS, _OUT = SIZE // 2, 136, 156


@dataclass(frozen=True)
class Spoke:
    """An axis: where it ends, and where its number stands."""

    number: int
    label: str
    x: int
    y: int
    text_x: int
    text_y: int


@dataclass(frozen=True)
class Point:
    """A score on its spoke."""

    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """One direction. path: drawn where two neighbours are told; style: full, dashed, dotted."""

    label: str
    style: int
    path: str
    points: list[Point]


@dataclass(frozen=True)
class Radar:
    """Rings for the marks 1 to 5, spokes, lines."""

    rings: list[int]
    spokes: list[Spoke]
    lines: list[Line]
    size: int = SIZE
    centre: int = _CENTRE


def radar(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[Decimal | None]]]
) -> Radar | None:
    """Return the radar of some series over the axes; None where nothing is published."""
    if not any(value is not None for _label, values in series for value in values):
        return None
    count = len(labels)
    spokes = []
    for index, label in enumerate(labels):
        x, y = _at(index, count, _RADIUS)
        text_x, text_y = _at(index, count, _OUT)
        spokes.append(Spoke(index + 1, label, x, y, text_x, text_y + 4))
    lines = [
        _line(label, style, values)
        for style, (label, values) in enumerate(series, start=1)
        if any(value is not None for value in values)
    ]
    return Radar([_RADIUS * mark // HIGHEST for mark in range(1, HIGHEST + 1)], spokes, lines)


def _line(label: str, style: int, values: Sequence[Decimal | None]) -> Line:
    count = len(values)
    points = [
        None if value is None else Point(*_at(n, count, int(_RADIUS * value / HIGHEST)))
        for n, value in enumerate(values)
    ]
    drawn = []
    for index in range(count):
        one, other = points[index], points[(index + 1) % count]
        if one is not None and other is not None:
            drawn.append(f"M{one.x} {one.y}L{other.x} {other.y}")
    return Line(label, style, "".join(drawn), [point for point in points if point is not None])


def _at(index: int, count: int, radius: int) -> tuple[int, int]:
    angle = 2 * pi * index / count - pi / 2
    return _CENTRE + round(radius * cos(angle)), _CENTRE + round(radius * sin(angle))
