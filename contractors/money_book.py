"""Reads the dated figures of retentions, advances and subcontractors. The same for everybody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contractors.dated import covering
from contractors.models import LandlordDelay, MoneyRule
from contractors.money_states import MoneyCode


def figures_on(day: date) -> dict[str, Decimal]:
    """Return the figures of a day by their code; one that isn't known isn't there. One query."""
    return {rule.code: rule.value for rule in covering(MoneyRule.objects.all(), day, day)}


def retention_ceiling(figures: dict[str, Decimal], *, is_small: bool) -> Decimal | None:
    """Return the most that a contract may hold back in percent; None where no row says."""
    code = MoneyCode.RETENTION_MAX_SMALL if is_small else MoneyCode.RETENTION_MAX
    return figures.get(code)


def overlapping(rule: MoneyRule) -> MoneyRule | None:
    """Return a row that says something else of a day that `rule` is for; None when it fits."""
    others = MoneyRule.objects.filter(code=rule.code).exclude(pk=rule.pk)
    return covering(others, rule.starts_on, rule.ends_on).first()


def overlapping_delay(delay: LandlordDelay) -> LandlordDelay | None:
    """Return a row that says something else of a day that `delay` is for; None when it fits."""
    others = LandlordDelay.objects.filter(landlord_id=delay.landlord_id).exclude(pk=delay.pk)
    return covering(others, delay.starts_on, delay.ends_on).first()
