"""Bars of a page, drawn on the server: whole numbers for an SVG without script or style. Pure.

The figure of each bar is written on it, and a second part is hatched: nothing is said by colour.
The table beside says the same, and is what a screen reader reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 720, 220
_TOP, _FOOT, _GAP = 26, 30, 8


@dataclass(frozen=True)
class Value:
    """What a bar is to show. rest: its hatched part, on top; text: the figure written above."""

    label: str
    text: str
    value: Decimal
    rest: Decimal = Decimal(0)


@dataclass(frozen=True)
class Bar:
    """A bar in pixels. middle: where its words stand."""

    label: str
    text: str
    x: int
    width: int
    middle: int
    y: int
    height: int
    rest_y: int
    rest_height: int
    text_y: int


@dataclass(frozen=True)
class Line:
    """A dashed line across the bars, with its words."""

    y: int
    label: str


@dataclass(frozen=True)
class Chart:
    """Bars, and a line where there is one to compare with."""

    bars: list[Bar]
    line: Line | None
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - _FOOT


def chart(values: Sequence[Value], *, line: tuple[Decimal, str] | None = None) -> Chart | None:
    """Return the bars of some values; None where there is nothing to draw."""
    highest = max((one.value + one.rest for one in values), default=Decimal(0))
    if highest <= 0:
        return None
    if line is not None:
        highest = max(highest, line[0])
    step = WIDTH // len(values)
    drawn = [_bar(one, index * step, step, highest) for index, one in enumerate(values)]
    shown = Line(HEIGHT - _FOOT - _pixels(line[0], highest), line[1]) if line else None
    return Chart(drawn, shown)


def _bar(one: Value, x: int, step: int, highest: Decimal) -> Bar:
    height, rest = _pixels(one.value, highest), _pixels(one.rest, highest)
    y = HEIGHT - _FOOT - height
    return Bar(
        label=one.label,
        text=one.text,
        x=x + _GAP // 2,
        width=step - _GAP,
        middle=x + step // 2,
        y=y,
        height=height,
        rest_y=y - rest,
        rest_height=rest,
        text_y=y - rest - 6,
    )


def _pixels(value: Decimal, highest: Decimal) -> int:
    """Return a height; whatever isn't nothing can be seen."""
    if value <= 0:
        return 0
    return max(2, int(value * (HEIGHT - _TOP - _FOOT) / highest))
