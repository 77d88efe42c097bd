"""Finding the dwelling that a row means, by group, address and number; never by guessing.

A group is found by its identifier, its name or its address, spelled in any case, with or without
accents, postcode and city. Where that leaves none or several, the row is told so, with what is
near.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.estate.addresses import BETWEEN_STREETS
from nexxio.core.estate.landlords import unaccented
from nexxio.core.imports.cells import postcode, text
from nexxio.core.imports.registry import Fault, Field, Row
from nexxio.core.models import Group, Unit, UnitKind

_SHORT = {
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "bvd": "boulevard",
    "r": "rue",
    "pl": "place",
    "sq": "square",
    "imp": "impasse",
    "all": "allee",
    "st": "saint",
    "ste": "sainte",
    "fg": "faubourg",
    "res": "residence",
}
_NOISE = frozenset("de du des d la le les l".split())  # noqa: SIM905
_PROPOSALS = 3
_PROPOSED_AMONG = 5_000
_MAX_PROPOSALS = 300
_COUNTED = re.compile(r"[0-9]{1,6}")

GROUP_FIELD = Field(
    "group",
    _("Résidence (nom ou identifiant)"),
    text(200),
    synonyms=(
        "résidence",
        "groupe",
        "programme",
        "ensemble immobilier",
        "code groupe",
        "identifiant groupe",
        "residencia",
        "building",
    ),
    help=_("Son identifiant, son nom ou son adresse."),
)
ADDRESS_FIELD = Field(
    "address",
    _("Adresse"),
    text(300),
    synonyms=("adresse du logement", "adresse postale", "rue", "voie", "dirección", "address"),
)
POSTCODE_FIELD = Field(
    "postcode",
    _("Code postal"),
    postcode,
    synonyms=("cp", "code postal logement", "código postal", "postcode"),
)
NUMBER_FIELD = Field(
    "unit_number",
    _("Numéro du logement"),
    text(20),
    synonyms=(
        "n° logement",
        "logement",
        "numéro ug",
        "ug",
        "n° ug",
        "code ug",
        "unité de gestion",
        "lot",
        "appartement",
        "n° appartement",
        "número de propiedad",
        "unit",
    ),
    help=_("Tel qu’il est dans votre patrimoine."),
)
PLACE_FIELDS = (GROUP_FIELD, ADDRESS_FIELD, POSTCODE_FIELD, NUMBER_FIELD)


def place_key(value: str) -> str:
    """Return what two spellings of an address or a name share."""
    plain = unaccented(value).casefold()
    words = "".join(part if part.isalnum() else " " for part in plain).split()
    return "".join(_SHORT.get(word, word) for word in words if word not in _NOISE)


def number_key(value: str) -> str:
    """Return what two spellings of a unit's number share: "0012" is "12"."""
    found = "".join(value.casefold().split())
    return found.lstrip("0") or found


@dataclass(frozen=True, slots=True)
class GroupRef:
    """What is kept of a group to be found again."""

    pk: UUID
    name: str
    postcode: str
    city: str
    dwellings: int

    def __str__(self) -> str:
        return f"{self.name}, {self.postcode} {self.city}".strip(" ,")


class GroupIndex:
    """A landlord's groups by all that names them. Some hundred bytes a group."""

    def __init__(self, landlord_id: UUID) -> None:
        self.refs: dict[UUID, GroupRef] = {}
        self._names: dict[str, set[UUID]] = {}
        self._proposed = 0
        self._labels: dict[str, GroupRef] | None = None
        rows = Group.objects.filter(landlord_id=landlord_id, archived_at__isnull=True)
        values = ("identifier", "name", "address", "raw_address", "postcode", "city", "dwellings")
        for row in rows.values_list("pk", *values).iterator():
            self.add(*row)

    def add(
        self,
        pk: UUID,
        identifier: str,
        name: str,
        address: str,
        raw_address: str,
        code: str,
        city: str,
        dwellings: int | None,
    ) -> None:
        """Make a group findable, by each of its streets too where it stands on several."""
        self.refs[pk] = GroupRef(pk, name, code, city, dwellings or 0)
        for spelling in {identifier, name, address, raw_address, *address.split(BETWEEN_STREETS)}:
            if spelling:
                for tail in ("", f" {code} {city}", f" {city}", f" {code}"):
                    self._names.setdefault(place_key(spelling + tail), set()).add(pk)

    def find(self, *, group: str, address: str, code: str) -> tuple[set[UUID], str]:
        """Return the groups meant, and which of "group" and "address" names none."""
        found: set[UUID] | None = None
        for field, spelling in (("group", group), ("address", address)):
            if not spelling:
                continue
            named = self._names.get(place_key(spelling), set())
            if not named:
                return set(), field
            found = named if found is None else found & named
        found = set(found or ())
        if code and len(found) > 1:
            found = {pk for pk in found if self.refs[pk].postcode == code} or found
        return found, "" if found else ("address" if address else "group")

    def near(self, spelling: str) -> str:
        """Propose groups that are spelled like it, for the first refusals; "" where none is."""
        self._proposed += 1
        if self._proposed > _MAX_PROPOSALS:
            return ""
        if self._labels is None:
            refs = list(self.refs.values())[:_PROPOSED_AMONG]
            self._labels = {place_key(ref.name): ref for ref in refs}
        keys = difflib.get_close_matches(place_key(spelling), self._labels, _PROPOSALS, 0.6)
        return ", ".join(f"« {self._labels[key]} »" for key in keys)


@dataclass(slots=True)
class Found:
    """The unit that a row means, or what is wrong.

    A unit without a row yet is a placeholder that `UnitFinder.keep` makes.
    """

    unit: Unit | None = None
    fault: Fault | None = None


class UnitFinder:
    """Finds the units of many rows with one query.

    Where an estate's file names no dwellings, only how many there are, a number up to that count
    is one of them: its placeholder is made when rows are written, as the form of an order does.
    """

    def __init__(self, landlord_id: UUID, index: GroupIndex | None = None) -> None:
        self._landlord_id = landlord_id
        self.groups = index or GroupIndex(landlord_id)
        self._named: dict[UUID, bool] = {}  # by group: its dwellings are named
        self._to_make: dict[tuple[UUID, str], Unit] = {}

    def find(self, rows: Sequence[Row]) -> list[Found]:
        """Return for each row its unit or what is wrong; units come with their group."""
        asked = [self._groups_of(row) for row in rows]
        numbers = {n for row in rows for n in _spellings(row.get("unit_number"))}
        named = {pk for groups, _fault in asked for pk in groups}
        units = Unit.objects.filter(landlord_id=self._landlord_id, number__in=numbers)
        if all(groups for groups, _fault in asked):
            units = units.filter(group_id__in=named)
        by_number: dict[str, list[Unit]] = {}
        for unit in units.select_related("group"):
            by_number.setdefault(number_key(unit.number), []).append(unit)
        return [
            Found(fault=fault) if fault else self._unit(row, groups, by_number)
            for row, (groups, fault) in zip(rows, asked, strict=True)
        ]

    def keep(self, found: Iterable[Unit]) -> dict[UUID, UUID]:
        """Make the placeholders among units; return for each unit's key the key of its row.

        Two imports that make the same one at once share the first one's row.
        """
        units = {unit.pk: unit for unit in found}
        new = [unit for unit in units.values() if unit._state.adding]
        kept = {pk: pk for pk in units}
        if not new:
            return kept
        Unit.objects.bulk_create(new, ignore_conflicts=True)
        rows = Unit.objects.filter(
            landlord_id=self._landlord_id,
            group_id__in={unit.group_id for unit in new},
            number__in={unit.number for unit in new},
            kind=UnitKind.DWELLING,
        )
        stored = {(row.group_id, row.number): row.pk for row in rows}
        return kept | {unit.pk: stored[unit.group_id, unit.number] for unit in new}

    def _groups_of(self, row: Row) -> tuple[set[UUID], Fault | None]:
        spelled = {name: row.get(name) for name in ("group", "address")}
        if not any(spelled.values()):
            return set(), None
        groups, unknown = self.groups.find(**spelled, code=row.get("postcode"))
        if groups:
            return groups, None
        near = self.groups.near(spelled[unknown])
        reason = "aucune résidence de ce nom ou à cette adresse dans votre patrimoine"
        if near:
            reason = f"{reason} ; proches : {near}"
        return set(), Fault(row.columns.get(unknown, ""), spelled[unknown], reason)

    def _unit(self, row: Row, groups: set[UUID], by_number: dict[str, list[Unit]]) -> Found:
        number = row.get("unit_number")
        column = row.columns.get("unit_number", "")
        if not number:
            return Found(fault=Fault(column, "", "le numéro du logement manque"))
        units = [
            unit
            for unit in by_number.get(number_key(number), ())
            if not groups or unit.group_id in groups
        ]
        kind = row.get("unit_kind")
        if kind:
            units = [unit for unit in units if unit.kind == kind]
        if len(units) > 1:
            units = [unit for unit in units if unit.kind == UnitKind.DWELLING] or units
        if len(units) == 1:
            return Found(unit=units[0])
        if units:
            where = ", ".join(f"« {unit.group} »" for unit in units[:_PROPOSALS])
            return Found(fault=Fault(column, number, f"plusieurs logements de ce numéro : {where}"))
        if unit := self._on_demand(groups, number, kind or UnitKind.DWELLING):
            return Found(unit=unit)
        return Found(fault=Fault(column, number, self._no_unit(groups)))

    def _on_demand(self, groups: set[UUID], number: str, kind: str) -> Unit | None:
        """Return the placeholder to be made of a group that names no dwellings, or None."""
        plain = number_key(number)
        if kind != UnitKind.DWELLING or not _COUNTED.fullmatch(plain):
            return None
        if not 0 < int(plain) <= self._counted(groups):
            return None
        (group,) = groups
        made = Unit(
            landlord_id=self._landlord_id, group_id=group, number=plain, is_placeholder=True
        )
        return self._to_make.setdefault((group, plain), made)

    def _counted(self, groups: Collection[UUID]) -> int:
        """Return how many dwellings a group has that names none; 0 for any other."""
        if len(groups) != 1:
            return 0
        (group,) = groups
        return 0 if self._names_dwellings(group) else self.groups.refs[group].dwellings

    def _names_dwellings(self, group: UUID) -> bool:
        if group not in self._named:
            named = Unit.objects.filter(
                landlord_id=self._landlord_id,
                group_id=group,
                kind=UnitKind.DWELLING,
                is_placeholder=False,
            )
            self._named[group] = named.exists()
        return self._named[group]

    def _no_unit(self, groups: Collection[UUID]) -> str:
        known: list[Any] = []
        names = [str(self.groups.refs[pk]) for pk in groups]
        if names:
            units = Unit.objects.filter(landlord_id=self._landlord_id, group_id__in=groups)
            known = list(units.order_by("number").values_list("number", flat=True)[:5])
        where = f" dans « {names[0]} »" if names else ""
        if counted := self._counted(groups):
            return f"aucun logement de ce numéro{where} : numéros de 1 à {counted}"
        listed = f" ; connus : {', '.join(known)}" if known else ""
        return f"aucun logement de ce numéro{where}{listed}"


def _spellings(number: str) -> set[str]:
    return {number, number.lstrip("0") or number, number.upper(), number_key(number)}
