"""Which part of the estate a landlord's member looks at: his sector, his agency, or all of it.

It is what he sees first, never a limit: "tout" is one click away, and in the query string.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from nexxio.core.actors import Actor

if TYPE_CHECKING:
    from django.db.models import QuerySet

KEY = "perimetre"
SECTOR, AGENCY, WHOLE = "secteur", "agence", "tout"


@dataclass(frozen=True)
class Reach:
    """What is looked at. choices: what the actor may choose from, his own first; none without one.

    code: "" when there is nothing to choose. At most one of agency_id and sector_id is set.
    """

    code: str = ""
    choices: tuple[str, ...] = ()
    agency_id: UUID | None = None
    sector_id: UUID | None = None

    @property
    def is_narrow(self) -> bool:
        """Tell whether less than the whole estate is looked at."""
        return self.agency_id is not None or self.sector_id is not None

    @property
    def asked(self) -> str:
        """What the query string must say; "" for what the actor sees anyway."""
        return "" if not self.choices or self.code == self.choices[0] else self.code

    @property
    def suffix(self) -> str:
        """What a link that has a query already adds to it."""
        return "&" + urlencode({KEY: self.asked}) if self.asked else ""

    def narrow(self, rows: QuerySet[Any], prefix: str = "") -> QuerySet[Any]:
        """Keep what is looked at. prefix: how the rows name their order ("order__")."""
        if self.sector_id is not None:
            return rows.filter(**{f"{prefix}sector_id": self.sector_id})
        if self.agency_id is not None:
            return rows.filter(**{f"{prefix}agency_id": self.agency_id})
        return rows


EVERYTHING = Reach()


def reach_of(actor: Actor, query: Any) -> Reach:
    """Return what a query string asks for; the actor's own part when it asks for nothing he has."""
    own = [(SECTOR, actor.sector_id), (AGENCY, actor.agency_id)]
    codes = [code for code, pk in own if pk is not None]
    if not codes:
        return EVERYTHING
    choices = (*codes, WHOLE)
    asked = query.get(KEY, "")
    code = asked if asked in choices else choices[0]
    return Reach(
        code=code,
        choices=choices,
        agency_id=actor.agency_id if code == AGENCY else None,
        sector_id=actor.sector_id if code == SECTOR else None,
    )
