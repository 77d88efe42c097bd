"""Figures that hold from a day on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

Figure = TypeVar("Figure")


def figure_of(rows: Sequence[tuple[date, Figure]], day: date) -> Figure:
    """Return what holds on a day. rows: by their first day, oldest first; that one holds before."""
    return next((figure for since, figure in reversed(rows) if day >= since), rows[0][1])
