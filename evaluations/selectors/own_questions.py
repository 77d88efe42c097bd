"""A landlord's own questions, as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from evaluations import policies
from evaluations.axes import MOST_OWN, Direction
from evaluations.languages import LANGUAGES
from evaluations.models import OwnQuestion
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import Actor
from orders.selectors.status import Status

SHOWN_AT_MOST = 60


@dataclass(frozen=True)
class QuestionRow:
    """One version of a question. may_change: it can be put in other words, or withdrawn."""

    question: OwnQuestion
    status: Status
    since: Quarter
    until: Quarter | None
    languages: str
    may_change: bool


@dataclass(frozen=True)
class Group:
    """The questions of one direction, those that are asked first."""

    title: str
    rows: list[QuestionRow]
    left: int


@dataclass(frozen=True)
class QuestionsPage:
    """The page. can_write: whether the actor's role adds and withdraws."""

    groups: list[Group]
    can_write: bool
    most: int = MOST_OWN


def questions_page(actor: Actor) -> QuestionsPage:
    """Return a landlord's questions by direction, former ones too, newest first. One query."""
    can_write = policies.writes_questions(actor)
    rows = OwnQuestion.objects.filter(landlord_id=actor.own_id)
    found = list(rows.order_by("direction", "position", "-version", "-id")[:SHOWN_AT_MOST])
    groups = []
    for direction, some in groupby(found, key=lambda row: row.direction):
        listed = [_row(question, can_write=can_write) for question in some]
        listed.sort(key=lambda one: one.status.code == "ended")
        open_ones = sum(one.question.ends_on is None for one in listed)
        groups.append(Group(str(Direction(direction).label), listed, MOST_OWN - open_ones))
    return QuestionsPage(groups, can_write)


# --- inside -----------------------------------------------------------------------------------


def _row(question: OwnQuestion, *, can_write: bool) -> QuestionRow:
    today = Quarter.of(clock.today()).first
    if question.ends_on is not None and question.ends_on <= today:
        status = Status("ended", _("Retirée"), "neutral", "circle-x")
    elif question.ends_on == question.starts_on:
        status = Status("ended", _("Retirée avant d’être posée"), "neutral", "circle-x")
    elif question.starts_on > today:
        status = Status("to_come", _("À venir"), "info", "clock")
    else:
        status = Status("asked", _("Posée"), "success", "circle-check")
    until = None
    if question.ends_on is not None and question.ends_on > question.starts_on:
        until = Quarter(question.ends_on).previous
    return QuestionRow(
        question=question,
        status=status,
        since=Quarter(question.starts_on),
        until=until,
        languages=", ".join(
            LANGUAGES[code].name for code in question.translations if code in LANGUAGES
        ),
        may_change=can_write and question.ends_on is None,
    )
