"""To which account an invoice's line goes, and who bears it, by a landlord's dated rules. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Charge(models.TextChoices):
    """Who bears what a line costs in the end."""

    RECOVERABLE = "recoverable", _("Récupérable")
    NOT_RECOVERABLE = "not_recoverable", _("Non récupérable")
    TENANT = "tenant", _("Imputable au locataire")


@dataclass(frozen=True, kw_only=True)
class Imputation:
    """Where a line goes. unit: the landlord's own number of the dwelling or shared place (UG)."""

    account: str = ""
    charge: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What lines of a trade ("" for all), whose article begins with `code`, go to from a day on."""

    starts_on: date
    ends_on: date | None = None
    trade: str = ""
    code: str = ""
    account: str = ""
    charge: str = ""

    def holds(self, *, trade: str, code: str, on: date) -> bool:
        """Tell whether the rule is about such a line on a day."""
        if on < self.starts_on or (self.ends_on is not None and on > self.ends_on):
            return False
        return self.trade in ("", trade) and code.upper().startswith(self.code.upper())


def imputation(rules: Iterable[Rule], *, trade: str, code: str, unit: str, on: date) -> Imputation:
    """Return where a line goes by the closest rule: the longest article, then the trade.

    Nothing but the unit is known where no rule holds; of two rules as close the newer one counts.
    """
    found = [rule for rule in rules if rule.holds(trade=trade, code=code, on=on)]
    best = max(
        found, key=lambda rule: (len(rule.code), bool(rule.trade), rule.starts_on), default=None
    )
    if best is None:
        return Imputation(unit=unit)
    return Imputation(account=best.account, charge=best.charge, unit=unit)
