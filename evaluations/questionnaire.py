"""Which questions are asked: the version of a day, by direction, and a landlord's own beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from evaluations.axes import Direction, Use, is_own
from evaluations.models import OwnQuestion, Question
from evaluations.rotation import chosen


def version_on(direction: Direction, day: date) -> int:
    """Return the version of a direction's questionnaire that is asked on a day."""
    found = Question.objects.filter(direction=direction, starts_on__lte=day)
    version: int = found.order_by("-starts_on", "-version").values_list("version", flat=True)[0]
    return version


def own_of(landlord_id: UUID, direction: Direction, quarter: date) -> list[str]:
    """Return the subjects of a landlord's own questions about a quarter (its first day)."""
    rows = OwnQuestion.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=quarter),
        landlord_id=landlord_id,
        direction=direction,
        starts_on__lte=quarter,
    )
    return list(rows.order_by("position", "version").values_list("subject", flat=True))


def of_a_repair(order_id: UUID, version: int, own: Sequence[str] = ()) -> list[str]:
    """Return what an order's tenant is asked: the fixed questions, then two in turn.

    own: the landlord's, one of which takes the place of the last: five questions, whatever.
    """
    rows = list(_rows(Direction.TENANT_REPAIR, version))
    fixed = [row.subject for row in rows if row.use == Use.FIXED]
    pool = [row.subject for row in rows if row.use == Use.ROTATING]
    return fixed + chosen(order_id, pool, own)


def of_a_campaign(direction: Direction, version: int, own: Sequence[str] = ()) -> list[str]:
    """Return what is asked once a quarter: the eleven axes, the classical criteria, then `own`."""
    return [*(row.subject for row in _rows(direction, version)), *own]


def sentences(direction: str, version: int, subjects: Sequence[str]) -> list[tuple[str, str]]:
    """Return (subject, sentence) pairs in the order of `subjects`."""
    texts = {row.subject: row.text for row in _rows(Direction(direction), version)}
    texts |= own_sentences(subjects)
    return [(subject, texts[subject]) for subject in subjects]


def own_sentences(subjects: Iterable[str]) -> dict[str, str]:
    """Return the sentences of those subjects that are a landlord's own. No query without any."""
    wanted = {subject for subject in subjects if is_own(subject)}
    if not wanted:
        return {}
    return dict(OwnQuestion.objects.filter(subject__in=wanted).values_list("subject", "text"))


# --- inside -----------------------------------------------------------------------------------


def _rows(direction: Direction, version: int) -> Iterable[Question]:
    return Question.objects.filter(direction=direction, version=version).order_by("position")
