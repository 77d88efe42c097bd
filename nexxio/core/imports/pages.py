"""What the pages of every import are made of: steps, tabs, figures, states of jobs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nexxio.core.models import Job, JobState
from nexxio.core.templatetags.ui import number

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


@dataclass(frozen=True)
class Row:
    """One line of a list of imports; result: its counts in words."""

    pk: UUID
    name: str
    title: str
    what: str
    state: str
    tone: str
    icon: str
    result: str
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True, kw_only=True)
class StepPage:
    """One step of an import. lines: the page of the chosen tab. cut: lines that are not kept."""

    job: Job | None
    title: str
    error: str
    steps: list[Step]
    figures: list[Figure]
    tabs: list[Tab]
    tab: str
    lines: Page[dict[str, Any]] | None
    cut: int

    @property
    def is_open(self) -> bool:
        """Whether a worker has still something to do."""
        return self.job is not None and self.job.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def writes(self) -> bool:
        """Whether applying would write something, or may where an option is ticked."""
        result = self.job.result if self.job else {}
        return any(result.get(name) for name in ("created", "changed", "asked"))


def choose(tabs: list[Tab], asked: str) -> tuple[list[Tab], str]:
    """Return the tabs with the chosen one marked, and its name; without lines, "".

    An unknown or empty tab falls back to the first that has lines.
    """
    names = [tab.name for tab in tabs if tab.count]
    chosen = asked if asked in names else (names[0] if names else "")
    return [replace(tab, current=tab.name == chosen) for tab in tabs], chosen


def page_of(lines: Sequence[dict[str, Any]], asked: str) -> Page[dict[str, Any]]:
    """Return a page of lines; the nearest one when there is no such page."""
    return Paginator(lines, LINES_PER_PAGE).get_page(asked)


def in_words(
    counts: Mapping[str, int], words: Mapping[str, tuple[str, str, str]], *, planned: bool
) -> str:
    """Say counts in words, those of nothing left out. words: planned (or ""), one, many."""
    return ", ".join(
        (words[name][0] if planned and words[name][0] else ngettext(*words[name][1:], count))
        % {"n": number(count)}
        for name, count in counts.items()
        if count
    )


def nothing_in_words(job: Job | None) -> str:
    """Say that a job that is done has had nothing to do."""
    return _("rien à faire") if job and job.state == JobState.DONE else ""


def steps(labels: list[str], reached: int) -> list[Step]:
    """Return the steps of an import that stands at number `reached`, from 0."""
    return [
        Step(label, "done" if index < reached else "current" if index == reached else "todo")
        for index, label in enumerate(labels)
    ]


def unbroken(text: str) -> str:
    """Keep French punctuation on the line of its word; files and terminals get plain spaces."""
    return re.sub(r"(?<=«) | (?=[»;:?!])", "\N{NO-BREAK SPACE}", text)
