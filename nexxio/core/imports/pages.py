"""What the pages of every import are made of: steps, tabs, figures, states of jobs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nexxio.core.models import JobState

LINES_PER_PAGE = 100
TONES = {
    JobState.QUEUED: ("waiting", "hourglass"),
    JobState.RUNNING: ("active", "progress"),
    JobState.DONE: ("success", "circle-check"),
    JobState.FAILED: ("danger", "alert-circle"),
}


@dataclass(frozen=True)
class Step:
    """One step; state: done, current or todo."""

    label: str
    state: str


@dataclass(frozen=True)
class Tab:
    """One kind of line, with how many there are."""

    name: str
    label: str
    count: int
    current: bool = False

    @property
    def url(self) -> str:
        """The address of the tab, on the same page."""
        return f"?voir={self.name}"


@dataclass(frozen=True)
class Figure:
    """One count of the summary."""

    label: str
    value: str
    tone: str = ""
    icon: str = ""
    detail: str = ""


def steps(labels: list[str], reached: int) -> list[Step]:
    """Return the steps of an import that stands at number `reached`, from 0."""
    return [
        Step(label, "done" if index < reached else "current" if index == reached else "todo")
        for index, label in enumerate(labels)
    ]


def unbroken(text: str) -> str:
    """Keep French punctuation on the line of its word; files and terminals get plain spaces."""
    return re.sub(r"(?<=«) | (?=[»;:?!])", "\N{NO-BREAK SPACE}", text)
