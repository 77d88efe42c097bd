"""Rows of law and of the platform that hold from one day to another."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


def covering(rows: QuerySet[Row], first: date, last: date | None) -> QuerySet[Row]:
    """Keep the rows that hold on some day from `first` to `last`, both included; None: no end."""
    begun = Q(starts_on__lte=last) if last is not None else Q()
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), begun)
