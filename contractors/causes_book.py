"""Reads the dated rows of causes. The same for everybody: no scope is asked."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from contractors.causes import CauseBook, CauseCode, CauseRule, Holder, StopsClock
from contractors.models import Cause


def load() -> CauseBook:
    """Return all rows as a book, in one query."""
    return CauseBook.of(rule_of(cause) for cause in Cause.objects.all())


def cause_on(code: str, day: date) -> CauseRule | None:
    """Return what holds of a cause on a day; None for an unknown code or a day without row."""
    row = Cause.objects.filter(_covering(day, day), code=code).first()
    return None if row is None else rule_of(row)


def overlapping(cause: Cause) -> Cause | None:
    """Return a row that says something else of a day that `cause` is for; None when it fits."""
    others = Cause.objects.filter(code=cause.code).exclude(pk=cause.pk)
    return others.filter(_covering(cause.starts_on, cause.ends_on)).first()


def rule_of(cause: Cause) -> CauseRule:
    """Return a row as a value."""
    return CauseRule(
        code=CauseCode(cause.code),
        label=cause.label,
        request=cause.request,
        holder=Holder(cause.holder),
        holder_note=cause.holder_note,
        department=cause.department,
        reasons=tuple(cause.reasons),
        stops_clock=StopsClock(cause.stops_clock),
        stops_unless_said=cause.stops_unless_said,
        stops_note=cause.stops_note,
        source=cause.source,
        starts_on=cause.starts_on,
        ends_on=cause.ends_on,
    )


def _covering(first: date | None, last: date | None) -> Q:
    ends_later = Q(ends_on__isnull=True) | Q(ends_on__gte=first) if first else Q()
    begins_before = Q(starts_on__isnull=True) | Q(starts_on__lte=last) if last else Q()
    return ends_later & begins_before
