"""Agencies and sectors by their names, as files write them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor
from nexxio.core.imports import cells
from nexxio.core.imports.registry import Fault, Field, Row
from nexxio.core.models import Agency, Sector
from nexxio.core.territories import services

AGENCY_FIELD = Field(
    "agency",
    _("Agence"),
    cells.text(services.NAME),
    synonyms=("antenne", "direction territoriale", "agencia"),
)
SECTOR_FIELD = Field(
    "sector",
    _("Secteur"),
    cells.text(services.NAME),
    synonyms=("territoire", "secteur de gestion"),
)


def fold(name: str) -> str:
    """Return a name as it is compared: the database does the same."""
    return " ".join(name.split()).lower()


class Territories:
    """A landlord's agencies and sectors that aren't archived, found by name."""

    def __init__(self, landlord_id: UUID) -> None:
        own = {"landlord_id": landlord_id, "archived_at__isnull": True}
        self.agencies: dict[str, Agency] = {}
        self.sectors: dict[tuple[UUID, str], Sector] = {}
        self._landlord_id = landlord_id
        self._new: list[Agency | Sector] = []
        for agency in Agency.objects.filter(**own):
            self.agencies[fold(agency.name)] = agency
        for sector in Sector.objects.filter(**own).select_related("agency"):
            self.sectors[sector.agency_id, fold(sector.name)] = sector

    @property
    def names(self) -> dict[UUID, str]:
        """Names by key, of both."""
        found = {agency.pk: agency.name for agency in self.agencies.values()}
        return found | {sector.pk: sector.name for sector in self.sectors.values()}

    def find(self, row: Row) -> tuple[Agency | None, Sector | None] | Fault:
        """Return what a row names, both None for nothing; or the cell that names nobody known."""
        agency_name, sector_name = row.get("agency"), row.get("sector")
        agency = self.agencies.get(fold(agency_name)) if agency_name else None
        if agency_name and agency is None:
            reason = "cette agence n’existe pas : créez-la d’abord"
            return Fault(row.columns["agency"], agency_name, reason)
        if not sector_name:
            return agency, None
        found = self._named(sector_name, agency)
        if len(found) == 1:
            return found[0].agency, found[0]
        reason = (
            "plusieurs agences ont un secteur de ce nom : ajoutez la colonne Agence"
            if found
            else "ce secteur n’existe pas : créez-le d’abord"
        )
        return Fault(row.columns["sector"], sector_name, reason)

    def find_or_plan(self, row: Row) -> Sector | Fault | None:
        """Return the sector of a residence, planned when there is none yet; None for no words.

        An agency without sector has one of its own name: residences belong to sectors.
        """
        agency_name = row.get("agency")
        sector_name = row.get("sector") or agency_name
        if not sector_name:
            return None
        if not agency_name:
            found = self.find(row)
            return found if isinstance(found, Fault) else found[1]
        agency = self.agencies.get(fold(agency_name))
        if agency is None:
            agency = Agency(landlord_id=self._landlord_id, name=services.clean_name(agency_name))
            self.agencies[fold(agency_name)] = agency
            self._new.append(agency)
        sector = self.sectors.get((agency.pk, fold(sector_name)))
        if sector is None:
            name = services.clean_name(sector_name)
            sector = Sector(landlord_id=self._landlord_id, agency=agency, name=name)
            self.sectors[agency.pk, fold(sector_name)] = sector
            self._new.append(sector)
        return sector

    def save(self, *, actor: Actor, used: Iterable[Sector]) -> None:
        """Make what was planned for `used`, as the actor; the caller's transaction."""
        for sector in used:
            if sector.agency in self._new:
                self._new.remove(sector.agency)
                services.add_planned(actor=actor, planned=sector.agency)
            if sector in self._new:
                self._new.remove(sector)
                services.add_planned(actor=actor, planned=sector)

    def _named(self, name: str, agency: Agency | None) -> list[Sector]:
        return [
            sector
            for (agency_id, found), sector in self.sectors.items()
            if found == fold(name) and (agency is None or agency_id == agency.pk)
        ]
