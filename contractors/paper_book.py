"""Reads the dated rows of compliance papers. The same for everybody: no scope is asked."""

from __future__ import annotations

from datetime import date

from contractors.dated import covering
from contractors.models import PaperRule
from contractors.papers import PaperCode


def rules_on(day: date) -> dict[str, PaperRule]:
    """Return what holds of each kind of paper on a day, in their usual order. One query."""
    found = {rule.code: rule for rule in covering(PaperRule.objects.all(), day, day)}
    return {code: found[code] for code in PaperCode.values if code in found}


def overlapping(rule: PaperRule) -> PaperRule | None:
    """Return a row that says something else of a day that `rule` is for; None when it fits."""
    others = PaperRule.objects.filter(code=rule.code).exclude(pk=rule.pk)
    return covering(others, rule.starts_on, rule.ends_on).first()
