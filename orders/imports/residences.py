"""What a row is about that names a residence, or one of its units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from nexxio.core.imports.places import GroupIndex, UnitFinder
from nexxio.core.imports.registry import Fault, Row
from nexxio.core.models import UnitKind


@dataclass(frozen=True, slots=True)
class Place:
    """A residence, or one of its units."""

    group_id: UUID
    unit_id: UUID | None = None
    unit_number: str = ""
    unit_kind: str = UnitKind.DWELLING


class PlaceFinder:
    """Finds the places that rows name in a landlord's estate.

    makes: may a row name a dwelling that its residence counts, but doesn't name yet?
    """

    def __init__(self, landlord_id: UUID, *, makes: bool = False) -> None:
        self._makes = makes
        self._groups = GroupIndex(landlord_id)
        self._units = UnitFinder(landlord_id, self._groups)

    def find(self, rows: Sequence[Row]) -> list[Place | Fault]:
        """Return the place of each row, or why there is none."""
        found = iter(self._units.find([row for row in rows if row.get("unit_number")]))
        places: list[Place | Fault] = []
        for row in rows:
            if not row.get("unit_number"):
                places.append(self._group(row))
                continue
            one = next(found)
            if one.unit is None:
                places.append(one.fault or Fault("", "", "logement inconnu"))
            elif one.unit._state.adding and not self._makes:
                column = row.columns.get("unit_number", "")
                reason = "ce logement n’est pas encore dans votre patrimoine : importez-le d’abord"
                places.append(Fault(column, row.get("unit_number"), reason))
            else:
                unit = one.unit
                places.append(Place(unit.group_id, unit.pk, unit.number, unit.kind))
        return places

    def _group(self, row: Row) -> Place | Fault:
        spelled = {name: row.get(name) for name in ("group", "address")}
        if not any(spelled.values()):
            return Fault(row.columns.get("group", ""), "", "dites la résidence ou l’adresse")
        groups, unknown = self._groups.find(**spelled, code=row.get("postcode"))
        if len(groups) == 1:
            return Place(next(iter(groups)))
        name = unknown or ("group" if spelled["group"] else "address")
        reason = "plusieurs résidences : ajoutez le code postal" if groups else "résidence inconnue"
        return Fault(row.columns.get(name, ""), spelled[name], reason)
