"""Reads the dated thresholds of the alert on what is blocked. The same for everybody."""

from __future__ import annotations

from datetime import date

from contractors.dated import covering
from contractors.models import BlockedThreshold


def threshold_on(day: date) -> BlockedThreshold | None:
    """Return the threshold of a day; None where none is known."""
    return covering(BlockedThreshold.objects.all(), day, day).first()


def overlapping(threshold: BlockedThreshold) -> BlockedThreshold | None:
    """Return a row that says something else of a day of `threshold`; None when it fits."""
    others = BlockedThreshold.objects.exclude(pk=threshold.pk)
    return covering(others, threshold.starts_on, threshold.ends_on).first()
