"""Which questions are asked: the version of a day, by direction. Reads platform data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from evaluations.axes import Direction, Use
from evaluations.models import Question
from evaluations.rotation import chosen


def version_on(direction: Direction, day: date) -> int:
    """Return the version of a direction's questionnaire that is asked on a day."""
    found = Question.objects.filter(direction=direction, starts_on__lte=day)
    version: int = found.order_by("-starts_on", "-version").values_list("version", flat=True)[0]
    return version


def of_a_repair(order_id: UUID, version: int) -> list[str]:
    """Return what an order's tenant is asked: the fixed questions, then two in turn."""
    rows = list(_rows(Direction.TENANT_REPAIR, version))
    fixed = [row.subject for row in rows if row.use == Use.FIXED]
    pool = [row.subject for row in rows if row.use == Use.ROTATING]
    return fixed + chosen(order_id, pool)


def of_a_campaign(direction: Direction, version: int) -> list[str]:
    """Return what is asked once a quarter: the eleven axes, then the classical criteria."""
    return [row.subject for row in _rows(direction, version)]


def sentences(direction: str, version: int, subjects: Iterable[str]) -> list[tuple[str, str]]:
    """Return (subject, sentence) pairs in the order of `subjects`."""
    texts = {row.subject: row.text for row in _rows(Direction(direction), version)}
    return [(subject, texts[subject]) for subject in subjects]


def _rows(direction: Direction, version: int) -> Iterable[Question]:
    return Question.objects.filter(direction=direction, version=version).order_by("position")
