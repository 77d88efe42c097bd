"""A contract's ceiling, and what orders have drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from orders.completeness import NEARLY
from orders.models import Contract
from orders.services import ceiling_left


@dataclass(frozen=True)
class Ceiling:
    """A contract's ceiling and what is left of it, euros excluding VAT."""

    ceiling: Decimal
    left: Decimal

    @classmethod
    def of(cls, contract: Contract, left: Decimal | None) -> Ceiling | None:
        """Return a contract's; None where it has no ceiling."""
        if contract.ceiling is None or left is None:
            return None
        return cls(contract.ceiling, left)

    @property
    def drawn(self) -> Decimal:
        """What orders come to."""
        return self.ceiling - self.left

    @property
    def percent(self) -> int:
        """How much of it that is; more than 100 when it is passed."""
        return int(100 * self.drawn / self.ceiling) if self.ceiling else 100

    @property
    def shown(self) -> int:
        """The same for a bar, from 0 to 100."""
        return max(0, min(100, self.percent))

    @property
    def tone(self) -> str:
        """Warn from four fifths on."""
        if self.left < 0:
            return "danger"
        return "warning" if self.percent >= NEARLY else "success"


def ceiling_of(contract: Contract | None) -> Ceiling | None:
    """Return a contract's ceiling. One query where it has one."""
    if contract is None or contract.ceiling is None:
        return None
    return Ceiling.of(contract, ceiling_left(contract))
