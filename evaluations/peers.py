"""References between peers: what of a company's results may be shown to other landlords.

Only what tenants say, and only where the lattice published it for all: a closed quarter, ten
answers at least. What the landlord itself says of the company is its own word, given to the company
alone: it isn't passed on. With each axis stands its fact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from evaluations.axes import Axis, Criterion, Direction
from evaluations.models import Dimension, Level, PeerRule, Result
from evaluations.quarters import Quarter
from orders.models import Order
from orders.working_days import department_of

_OFFERED = [
    *Axis.values,
    *(name for name in Criterion.values if name != Criterion.INFORMED),
]
"""Of the company's works; not whether the landlord kept its tenant informed."""
_FIELDS = (
    *("subject", "n", "asked", "answered", "mean", "low", "high"),
    *("shrunk", "edge", "fact", "fact_value"),
)


@dataclass(frozen=True)
class Shown:
    """What a reference shows: axis by axis, and of which trades and places the works were."""

    lines: list[dict[str, Any]]
    trades: list[str]
    districts: list[str]

    @property
    def sha256(self) -> str:
        """The hash of all that is shown, so that nothing else is published than what was read."""
        text = json.dumps([self.lines, self.trades, self.districts], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def offered(
    contractor_id: UUID, landlord_id: UUID | None = None, quarter: Quarter | None = None
) -> list[Result]:
    """Return the results that a company may publish, newest quarter first. In its own scope."""
    rows = Result.objects.filter(
        contractor_id=contractor_id,
        dimension=Dimension.CONTRACTOR,
        direction=Direction.TENANT_REPAIR,
        level=Level.PUBLISHED,
        subject__in=_OFFERED,
    )
    if landlord_id is not None:
        rows = rows.filter(landlord_id=landlord_id)
    if quarter is not None:
        rows = rows.filter(quarter=quarter.first)
    rank = {name: index for index, name in enumerate(_OFFERED)}
    found = list(rows.select_related("landlord").order_by("-quarter", "landlord__name"))
    return sorted(found, key=lambda row: (-row.quarter.toordinal(), rank[row.subject]))


def shown(
    contractor_id: UUID, landlord_id: UUID, quarter: Quarter, subjects: Iterable[str]
) -> Shown:
    """Return what a reference would show: those of the chosen axes that may be. Two queries."""
    wanted = set(subjects)
    rows = [row for row in offered(contractor_id, landlord_id, quarter) if row.subject in wanted]
    works = Order.objects.filter(
        landlord_id=landlord_id,
        contractor_id=contractor_id,
        done_at__gte=quarter.starts_at,
        done_at__lt=quarter.ends_at,
    )
    places = set(works.order_by().values_list("trade_id", "place_city").distinct())
    return Shown(
        lines=[_line(row) for row in rows],
        trades=sorted({trade for trade, _city in places if trade}),
        districts=sorted({where for _trade, city in places if (where := department_of(city))}),
    )


def is_unnamed(landlord_id: UUID) -> bool:
    """Tell whether a landlord has ticked that it isn't named. In its scope or a company's."""
    return PeerRule.objects.filter(landlord_id=landlord_id, unnamed=True).exists()


def result_of(line: dict[str, Any]) -> Result:
    """Return a shown line as a result that isn't kept, for the words that results have."""
    decimals = {
        name: None if line[name] is None else Decimal(line[name])
        for name in ("mean", "low", "high", "fact_value")
    }
    return Result(**{**line, **decimals}, level=Level.PUBLISHED)


# --- inside -----------------------------------------------------------------------------------


def _line(row: Result) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _FIELDS}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()
    }
