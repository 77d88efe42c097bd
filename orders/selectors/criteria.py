"""What a list can be narrowed to beside state, trade and turn: whose, where, what, when.

Each has its index on both sides' lists (orders/models/order_indexes.py), and its key in the query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders.models import DUE
from orders.selectors import situations
from orders.states import Hazard, Nature

ANY_HAZARD = "1"
ISSUED, TARGET, DONE = "emission", "echeance", "realisation"
_FIELDS = {ISSUED: "issued_at", DONE: "done_at"}
_NAMES = {ISSUED: "issued", TARGET: "due", DONE: "done"}
_MOST_IDS = 2000
_YEARS = range(2000, 2101)
COMPANY, HOUSE, CONTRACT, GROUP, UNIT = "entreprise", "bailleur", "marche", "residence", "logement"
NATURE, HAZARD, SITUATION = "nature", "danger", "situation"
MOMENT, SINCE, UNTIL, LEAST, MOST = "date", "du", "au", "min", "max"
KEYS = (
    *(COMPANY, HOUSE, CONTRACT, GROUP, UNIT, NATURE, HAZARD, SITUATION),
    *(MOMENT, SINCE, UNTIL, LEAST, MOST),
)


@dataclass(frozen=True)
class Criteria:
    """One value of each, or none. company: the other party, a landlord for a contractor.

    moment: which of an order's dates lies from `since` to `until`, both included, in Paris.
    least, most: euros with VAT.
    """

    company: UUID | None = None
    contract: UUID | None = None
    group: UUID | None = None
    unit: UUID | None = None
    nature: str = ""
    hazard: str = ""
    situation: str = ""
    moment: str = ""
    since: date | None = None
    until: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    own: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, query: Any, actor: Actor) -> Criteria:
        """Read a query string. Unknown values are dropped, not refused."""
        at_landlord = actor.side is Side.LANDLORD
        hazard = query.get(HAZARD, "")
        nature = query.get(NATURE, "")
        situation = query.get(SITUATION, "")
        since, until = _day(query.get(SINCE, "")), _day(query.get(UNTIL, ""))
        moment = query.get(MOMENT, "")
        return cls(
            company=read_key(query.get(COMPANY if at_landlord else HOUSE, "")),
            contract=read_key(query.get(CONTRACT, "")),
            group=read_key(query.get(GROUP, "")) if at_landlord else None,
            unit=read_key(query.get(UNIT, "")),
            nature=nature if nature in Nature.values else "",
            hazard=hazard if hazard in (ANY_HAZARD, *Hazard.values) else "",
            situation=situation if situations.is_known(situation, actor.side) else "",
            moment=(moment if moment in _NAMES else ISSUED) if since or until else "",
            since=since,
            until=until,
            least=read_euros(query.get(LEAST, "")),
            most=read_euros(query.get(MOST, "")),
            own=situations.own_of(actor),
        )

    @property
    def is_active(self) -> bool:
        """Tell whether anything narrows the list."""
        euros = self.least is not None or self.most is not None
        keys = (self.company, self.contract, self.group, self.unit)
        return euros or any((*keys, self.nature, self.hazard, self.situation, self.moment))

    @property
    def other_side(self) -> str:
        """The column of an order that names the other party."""
        return "contractor_id" if "landlord_id" in self.own else "landlord_id"

    def narrow(self, rows: QuerySet[Any], prefix: str = "") -> QuerySet[Any]:
        """Keep what is asked for. prefix: how the rows name their order ("order__")."""
        wanted = {
            self.other_side: self.company,
            "contract_id": self.contract,
            "unit__group_id": self.group,
            "unit_id": self.unit,
            "nature": self.nature,
            "hazard": "" if self.hazard == ANY_HAZARD else self.hazard,
            "budget__total_with_vat__gte": self.least,
            "budget__total_with_vat__lte": self.most,
        }
        given = {name: value for name, value in wanted.items() if value not in (None, "")}
        if self.least is not None or self.most is not None:
            given |= {f"budget__{side}": value for side, value in self.own.items()}
        rows = rows.filter(**{f"{prefix}{name}": value for name, value in given.items()})
        if self.hazard == ANY_HAZARD:
            rows = rows.exclude(**{f"{prefix}hazard": ""})
        if self.situation:
            keys = situations.orders_in(self.situation, self.own)
            rows = rows.filter(**{f"{prefix}pk__in": keys})
        return self._in_time(rows, prefix)

    def _in_time(self, rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
        if self.moment == TARGET and not prefix:
            # As the index holds it; orders without a date are in no period that ends.
            rows = rows.alias(due=DUE)
            name = "due"
        else:
            name = f"{prefix}{_FIELDS.get(self.moment, 'target_date')}"
        start, end = self._bounds()
        if start is not None:
            rows = rows.filter(**{f"{name}__gte": start})
        if end is not None:
            rows = rows.filter(**{f"{name}__lt": end})
        if self.moment == TARGET:
            rows = rows.filter(**{f"{prefix}target_date__isnull": False})
        return rows

    def _bounds(self) -> tuple[date | datetime | None, date | datetime | None]:
        """Return from when on, and before when: days for target dates, else instants."""
        if not self.moment:
            return None, None
        after = self.until + timedelta(days=1) if self.until else None
        if self.moment == TARGET:
            return self.since, after
        return _midnight(self.since), _midnight(after)

    def for_search(self) -> dict[str, Any]:
        """Return the same as the function of the database takes it (0160_functions)."""
        at_landlord = "landlord_id" in self.own
        start, end = self._bounds()
        name = _NAMES.get(self.moment, "")
        found: dict[str, Any] = {
            "company" if at_landlord else "house": self.company,
            "contract": self.contract,
            "group": self.group,
            "unit": self.unit,
            "nature": self.nature,
            "hazard": "" if self.hazard == ANY_HAZARD else self.hazard,
            "any_hazard": self.hazard == ANY_HAZARD or "",
            "least": self.least,
            "most": self.most,
            f"{name}_from": start,
            f"{name}_to": end,
        }
        said = {key: str(value) for key, value in found.items() if value not in (None, "")}
        if self.situation:
            # Few: what is open. The function knows no situations.
            rows = situations.orders_in(self.situation, self.own)[:_MOST_IDS]
            return {**said, "ids": [str(pk) for row in rows for pk in row.values()]}
        return said


NOTHING = Criteria()


def read_key(text: str) -> UUID | None:
    """Return the key that a query string names; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def read_euros(text: str) -> Decimal | None:
    """Read a sum as people type it: "1 250,50"."""
    kept = "".join(text.split()).replace(",", ".").removesuffix("€")
    try:
        found = Decimal(kept)
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < 10**9 else None


def _midnight(day: date | None) -> datetime | None:
    return clock.start_of(day) if day else None
