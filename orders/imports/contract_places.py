"""The column of a contracts' file that says a perimeter: agencies, sectors, residences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import take_back
from nexxio.core.imports.kinds.territories import Territories, fold
from nexxio.core.imports.places import GroupIndex
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone
from nexxio.core.models import ImportedRow
from orders.models import Contract, ContractPlace
from orders.services import ContractInput
from orders.services.contracts import contract_as_typed, write_places

PERIMETER = "perimeter"
PARTS = ("agencies", "sectors", "groups")
LABEL = _("Périmètre")
_WHOLE = ("tout", "tout le patrimoine")
FIELD = Field(
    PERIMETER,
    LABEL,
    cells.text(2000),
    synonyms=("périmètre", "secteurs couverts", "agence", "agences", "résidences", "territoire"),
    help=_(
        "Agences, secteurs (« Agence · Secteur ») ou résidences (nom, identifiant), séparés par des"
        " points-virgules. « Tout » : tout le patrimoine."
    ),
)


class Places:
    """Finds the parts of an estate that a file names."""

    def __init__(self, landlord_id: UUID) -> None:
        self._territories = Territories(landlord_id)
        self._landlord_id = landlord_id
        self._groups: GroupIndex | None = None

    def read(self, row: Row) -> dict[str, tuple[UUID, ...]] | Fault:
        """Return the perimeter that a row says, {} where it says none; a Fault for an unknown part.

        A name may be an agency's, a sector's or a residence's, in this order.
        """
        said = row.get(PERIMETER)
        if not said:
            return {}
        found: dict[str, list[UUID]] = {name: [] for name in PARTS}
        words = [] if fold(said) in _WHOLE else [word.strip() for word in said.split(";")]
        for word in filter(None, words):
            part = self._part(word)
            if isinstance(part, str):
                return Fault(row.columns[PERIMETER], word, part)
            name, pk = part
            found[name].append(pk)
        return {name: tuple(dict.fromkeys(keys)) for name, keys in found.items()}

    def words(self, data: ContractInput) -> str:
        """Return a perimeter in words."""
        if not any(getattr(data, name) for name in PARTS):
            return "tout le patrimoine"
        names = self._territories.names
        known = [names.get(pk, "–") for pk in (*data.agencies, *data.sectors)]
        refs = self._index().refs if data.groups else {}
        return ", ".join([*known, *(str(refs[pk]) if pk in refs else "–" for pk in data.groups)])

    def _part(self, word: str) -> tuple[str, UUID] | str:
        """Return which part of the estate a name means, or in words why it means none."""
        agency = self._territories.agencies.get(fold(word))
        if agency is not None:
            return "agencies", agency.pk
        of, _mark, name = (part.strip() for part in word.rpartition("·"))
        sectors = [
            sector.pk
            for sector in self._territories.sectors.values()
            if fold(sector.name) == fold(name) and (not of or fold(sector.agency.name) == fold(of))
        ]
        if len(sectors) == 1:
            return "sectors", sectors[0]
        if sectors:
            return "plusieurs agences ont un secteur de ce nom : écrivez « Agence · Secteur »"
        groups, _unknown = self._index().find(group=word, address="", code="")
        if len(groups) == 1:
            return "groups", next(iter(groups))
        if groups:
            return "plusieurs résidences de ce nom : écrivez son identifiant, ou ajoutez la ville"
        near = self._index().near(word)
        reason = "ni agence, ni secteur, ni résidence de ce nom dans votre patrimoine"
        return f"{reason} ; proches : {near}" if near else reason

    def _index(self) -> GroupIndex:
        if self._groups is None:
            self._groups = GroupIndex(self._landlord_id)
        return self._groups


def perimeter_of(data: ContractInput) -> list[str]:
    """Return a perimeter as JSON keeps it."""
    return sorted(f"{name}:{pk}" for name in PARTS for pk in getattr(data, name))


def same_perimeter(one: ContractInput, other: ContractInput) -> bool:
    """Tell whether two contracts cover the same places."""
    return perimeter_of(one) == perimeter_of(other)


def take_back_contracts(rows: Sequence[ImportedRow]) -> Undone:
    """Take contracts back with their perimeter: made ones with it, changed ones to the former.

    One whose perimeter somebody has changed since stays. In the caller's transaction.
    """
    former = {row.pk: row.before.pop(PERIMETER, None) for row in rows}
    noted = {row.pk: row.after.pop(PERIMETER, None) for row in rows}
    held = _held(row.subject_id for row in rows)
    kept = [
        row
        for row in rows
        if noted[row.pk] is not None and noted[row.pk] != _keys(held.get(row.subject_id, ()))
    ]
    rest = [row for row in rows if row not in kept]
    made = [row.subject_id for row in rest if row.outcome == Outcome.CREATED]
    own = [place for pk in made for place in held.get(pk, ())]
    ContractPlace.objects.filter(pk__in=[place.pk for place in own]).delete()
    found = take_back(Contract, rest)
    left = set(Contract.objects.filter(pk__in=made).values_list("pk", flat=True))
    ContractPlace.objects.bulk_create([place for place in own if place.contract_id in left])
    noted_still = ImportedRow.objects.filter(pk__in=[row.pk for row in rest])
    still = set(noted_still.values_list("pk", flat=True))
    for row in rest:
        was = former[row.pk]
        if row.outcome == Outcome.CHANGED and row.pk not in still and was is not None:
            _put_back(row.subject_id, was, held.get(row.subject_id, []))
    found.kept += [(row.key, "périmètre modifié depuis l’import") for row in kept]
    return found


# --- inside -----------------------------------------------------------------------------------


def _held(contract_ids: Iterable[UUID]) -> Mapping[UUID, list[ContractPlace]]:
    found: dict[UUID, list[ContractPlace]] = {}
    for place in ContractPlace.objects.filter(contract_id__in=list(contract_ids)):
        found.setdefault(place.contract_id, []).append(place)
    return found


def _put_back(contract_id: UUID, was: list[str], held: list[ContractPlace]) -> None:
    """Write a contract's former perimeter where a file had moved it."""
    if was == _keys(held):
        return
    contract = Contract.objects.get(pk=contract_id)
    places = (one.partition(":") for one in was)
    keys: dict[str, list[UUID]] = {name: [] for name in PARTS}
    for name, _mark, pk in places:
        keys[name].append(UUID(pk))
    data = replace(
        contract_as_typed(contract),
        agencies=tuple(keys["agencies"]),
        sectors=tuple(keys["sectors"]),
        groups=tuple(keys["groups"]),
    )
    write_places(contract, data)


def _keys(places: Iterable[ContractPlace]) -> list[str]:
    named: list[Any] = []
    for place in places:
        ids = zip(PARTS, (place.agency_id, place.sector_id, place.group_id), strict=True)
        named += [f"{name}:{pk}" for name, pk in ids if pk]
    return sorted(named)
