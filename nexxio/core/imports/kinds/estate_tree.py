"""The estate's tree from a file: groups, and their units with building and entrance.

A group is found as everywhere (identifier, name, address); one that isn't found is made. A unit
is its group, kind and number. A blank cell changes nothing; nothing is ever deleted. Agencies and
sectors that aren't found are made too; taking an import back gives residences their former sector,
and leaves the sectors, which a manager may archive.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import (
    Singles,
    add_up,
    note,
    take_back,
    values_of,
    wanted_changes,
)
from nexxio.core.imports.kinds.territories import AGENCY_FIELD, SECTOR_FIELD, Territories
from nexxio.core.imports.places import (
    ADDRESS_FIELD,
    NUMBER_FIELD,
    POSTCODE_FIELD,
    GroupIndex,
    number_key,
    place_key,
)
from nexxio.core.imports.registry import (
    Fault,
    Field,
    Outcome,
    Row,
    Undone,
    Verdict,
    refusal,
    register,
)
from nexxio.core.models import Group, ImportedRow, Sector, Unit, UnitKind
from nexxio.core.territories.services import tell_as_they_stand, tell_assigned

NAME = "estate_tree"
_GROUP = "groupe:"
_UNIT_VALUES = ("entrance", "floor", "door")
_GROUP_VALUES = ("identifier", "name", "address", "postcode", "city", "sector_id")
_LABELS = {"entrance": _("entrée"), "floor": _("étage"), "door": _("porte")}


def _unit_kinds(_landlord_id: UUID) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in UnitKind.choices]


FIELDS = (
    Field(
        "identifier",
        _("Identifiant de la résidence"),
        cells.code(80),
        synonyms=("code groupe", "code résidence", "n° groupe", "identifiant", "programme"),
    ),
    Field(
        "name",
        _("Nom de la résidence"),
        cells.text(200),
        synonyms=("résidence", "groupe", "nom du groupe", "ensemble", "residencia"),
        help=_("Sans lui, l’adresse."),
    ),
    ADDRESS_FIELD,
    POSTCODE_FIELD,
    Field("city", _("Ville"), cells.text(80), synonyms=("commune", "ciudad", "localidad")),
    dataclasses.replace(AGENCY_FIELD, help=_("Sans secteur, elle en a un du même nom.")),
    dataclasses.replace(
        SECTOR_FIELD, help=_("La résidence y est affectée ; créé s’il n’existe pas.")
    ),
    Field("building", _("Bâtiment"), cells.text(20), synonyms=("bât", "bat", "tour", "edificio")),
    Field(
        "entrance",
        _("Entrée ou escalier"),
        cells.text(40),
        synonyms=("escalier", "entrée", "hall", "cage", "escalera"),
    ),
    Field(
        "unit_kind",
        _("Nature du logement"),
        cells.text(60),
        synonyms=("type", "nature", "type d’ug", "type de bien", "tipo de propiedad"),
        choices=_unit_kinds,
        value_synonyms={
            "apartamento": "dwelling",
            "appartement": "dwelling",
            "pavillon": "dwelling",
            "maison": "dwelling",
            "studio": "dwelling",
            "apartamento de servicio": "dwelling",
            "local comercial": "shop",
            "commerce": "shop",
            "boutique": "shop",
            "plaza de garaje": "parking",
            "garage": "parking",
            "box": "parking",
            "stationnement": "parking",
            "trastero": "common_area",
        },
        help=_("Sans elle, logement."),
    ),
    Field(
        NUMBER_FIELD.code,
        NUMBER_FIELD.label,
        NUMBER_FIELD.parse,
        required=True,
        synonyms=NUMBER_FIELD.synonyms,
    ),
    Field("floor", _("Étage"), cells.text(20), synonyms=("niveau", "planta")),
    Field("door", _("Porte"), cells.text(40), synonyms=("n° porte", "position", "puerta")),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an apply writes for one row."""

    group: Group
    unit: Unit | None
    said: dict[str, Any]
    kind: str
    number: str
    sector: Sector | None = None
    """Where a group that there is already moves."""


class EstateTreeKind:
    """Groups and units, for a landlord's managers."""

    name = NAME
    slug = "patrimoine"
    title = _("Patrimoine")
    about = _("Résidences, bâtiments, entrées, logements et parties communes.")
    icon = "building"
    rank = 10
    roles = (Role.MANAGER,)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> EstateTreeSession:
        """Begin one reading."""
        return EstateTreeSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take units back, then the groups that are empty."""
        units = [row for row in rows if not row.key.startswith(_GROUP)]
        groups = [row for row in rows if row.key.startswith(_GROUP)]
        found = add_up(take_back(Unit, units), take_back(Group, groups))
        moved = {row.subject_id for row in groups if row.outcome == Outcome.CHANGED}
        tell_as_they_stand(actor=actor, group_ids=moved)
        return found


class EstateTreeSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._landlord_id = actor.own_id
        self._territories = Territories(self._landlord_id)
        self._wanted: dict[UUID, Sector] = {}
        self._moving: set[UUID] = set()
        self._sectors: dict[UUID, UUID | None] = {}
        self._index = GroupIndex(self._landlord_id)
        self._made: dict[UUID, Group] = {}
        self._saved: set[UUID] = set()

    def label(self, row: Row) -> tuple[str, str]:
        """Return the unit and where it is."""
        where = row.get("name") or row.get("address") or row.get("identifier")
        return "", f"{row.get('unit_number')} · {where}".strip(" ·")

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the groups and units that exist."""
        rows = [thing[0] for thing in things]
        places = [self._group_of(row) for row in rows]
        groups = {found.pk for found in places if isinstance(found, Group)}
        numbers = {row.get("unit_number") for row in rows}
        spelled = numbers | {number_key(number) for number in numbers}
        units = {
            (unit.group_id, unit.kind, number_key(unit.number)): unit
            for unit in Unit.objects.filter(
                landlord_id=self._landlord_id, group_id__in=groups, number__in=spelled
            )
        }
        own = Group.objects.filter(landlord_id=self._landlord_id, pk__in=groups)
        self._sectors = dict(own.values_list("pk", "sector_id"))
        return [self._verdict(row, place, units) for row, place in zip(rows, places, strict=True)]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Make groups, make units, and change units."""
        new = {v.plan.group.pk: v for v in reversed(verdicts) if v.plan.group.pk in self._made}
        todo = [v for pk, v in new.items() if pk not in self._saved]
        self._territories.save(
            actor=self._actor,
            used=[
                sector
                for v in verdicts
                for sector in (v.plan.sector, v.plan.group.sector)
                if sector is not None
            ],
        )
        Group.objects.bulk_create([v.plan.group for v in todo])
        self._saved |= {v.plan.group.pk for v in todo}
        noted = [_note_group(v) for v in todo]
        created = [v for v in verdicts if v.outcome is Outcome.CREATED]
        units = [self._unit(v.plan) for v in created]
        Unit.objects.bulk_create(units)
        noted += [
            note(v, unit, after=values_of(unit, _UNIT_VALUES))
            for v, unit in zip(created, units, strict=True)
        ]
        noted += [_change(v) for v in verdicts if v.outcome is Outcome.CHANGED and v.plan.said]
        return noted + self._move(verdicts, todo)

    # --- inside -------------------------------------------------------------------------------

    def _move(self, verdicts: Sequence[Verdict], made: Sequence[Verdict]) -> list[ImportedRow]:
        """Move groups to their sector, and tell where these and the new ones are. Locks them."""
        wanted = {v.plan.group.pk: v for v in verdicts if v.plan.sector is not None}
        groups = Group.objects.select_for_update(of=("self",)).filter(
            landlord_id=self._landlord_id, pk__in=wanted
        )
        moved: dict[UUID | None, list[UUID]] = defaultdict(list)
        noted = []
        for group in groups.order_by("pk"):
            verdict = wanted[group.pk]
            before = values_of(group, ("sector_id",))
            group.sector_id = verdict.plan.sector.pk
            group.save(update_fields=["sector_id"])
            row = note(verdict, group, before=before, after=values_of(group, ("sector_id",)))
            row.key, row.outcome = f"{_GROUP}{group.pk}", Outcome.CHANGED.value
            noted.append(row)
            moved[group.sector_id].append(group.pk)
        for verdict in made:
            group = verdict.plan.group
            if group.sector_id is not None:
                moved[group.sector_id].append(group.pk)
        tell_assigned(actor=self._actor, moved=moved)
        return noted

    def _place_in(self, group: Group, row: Row, verdict: Verdict) -> Sector | Fault | None:
        """Return the sector to which a row moves its group; a new one is simply put there."""
        sector = self._territories.find_or_plan(row)
        if sector is None or isinstance(sector, Fault):
            return sector
        if self._wanted.setdefault(group.pk, sector) is not sector:
            column = row.columns.get("sector") or row.columns["agency"]
            reason = "une ligne plus haut met cette résidence dans un autre secteur"
            return Fault(column, sector.name, reason)
        if group.pk in self._made and group.pk not in self._saved:
            group.sector = sector
            return None
        before = self._sectors.get(group.pk)
        if before == sector.pk or group.pk in self._moving:
            return None
        self._moving.add(group.pk)
        former = self._territories.names.get(before, "–") if before else "–"
        verdict.changes = (*verdict.changes, f"secteur : {former} → {sector.name}")
        if verdict.outcome is Outcome.UNCHANGED:
            verdict.outcome = Outcome.CHANGED
        return sector

    def _group_of(self, row: Row) -> Group | Fault:
        """Return the group of a row, made in memory when there is none."""
        spelled = {name: row.get(name) for name in ("identifier", "name", "address")}
        first = next((name for name in spelled if spelled[name]), "")
        if not first:
            return Fault("", "", "la résidence manque : identifiant, nom ou adresse")
        found, _unknown = self._index.find(
            group=spelled[first], address="", code=row.get("postcode")
        )
        if len(found) > 1 and spelled["address"]:
            both, _unknown = self._index.find(
                group=spelled[first], address=spelled["address"], code=row.get("postcode")
            )
            found = both or found
        if len(found) > 1:
            return Fault(row.columns[first], spelled[first], "plusieurs résidences de ce nom")
        if found:
            pk = found.pop()
            return self._made.get(pk) or Group(
                pk=pk, landlord_id=self._landlord_id, name=self._index.refs[pk].name
            )
        return self._make(row, spelled)

    def _make(self, row: Row, spelled: Mapping[str, str]) -> Group:
        group = Group(
            landlord_id=self._landlord_id,
            identifier=spelled["identifier"],
            name=spelled["name"] or spelled["address"] or spelled["identifier"],
            address=spelled["address"] or spelled["name"],
            postcode=row.get("postcode"),
            city=row.get("city"),
        )
        self._made[group.pk] = group
        self._index.add(
            group.pk,
            group.identifier,
            group.name,
            group.address,
            "",
            group.postcode,
            group.city,
            group.dwellings,
        )
        return group

    def _verdict(
        self, row: Row, place: Group | Fault, units: Mapping[tuple[UUID, str, str], Unit]
    ) -> Verdict:
        _key, title = self.label(row)
        if isinstance(place, Fault):
            return refusal(row, place, title=title)
        kind = row.get("unit_kind", UnitKind.DWELLING.value)
        number = row.get("unit_number")
        entrance = " ".join(part for part in (_building(row), row.get("entrance")) if part)
        if len(entrance) > 40:  # noqa: PLR2004 (the column's)
            column = row.columns.get("entrance") or row.columns["building"]
            return refusal(row, Fault(column, entrance, "40 caractères au plus"), title=title)
        said = {"entrance": entrance, "floor": row.get("floor"), "door": row.get("door")}
        unit = units.get((place.pk, kind, number_key(number)))
        key = f"{place.pk}/{kind}/{number_key(number)}"
        verdict = Verdict(Outcome.CREATED, row.line, key=key, title=title, own_key=True)
        if unit is not None:
            said, verdict.changes = wanted_changes(unit, said, _LABELS)
            verdict.outcome = Outcome.CHANGED if said else Outcome.UNCHANGED
        elif place.pk in self._made:
            verdict.note = f"nouvelle résidence : {place.name}"
        sector = self._place_in(place, row, verdict)
        if isinstance(sector, Fault):
            return refusal(row, sector, title=title)
        verdict.plan = Plan(place, unit, said, kind, number, sector)
        return verdict

    def _unit(self, plan: Plan) -> Unit:
        return Unit(
            landlord_id=self._landlord_id,
            group_id=plan.group.pk,
            kind=plan.kind,
            number=plan.number,
            **plan.said,
        )


def _building(row: Row) -> str:
    found = str(row.get("building"))
    return f"Bât. {found}" if found and place_key(found) == found.casefold() else found


def _note_group(verdict: Verdict) -> ImportedRow:
    group = verdict.plan.group
    row = note(verdict, group, after=values_of(group, _GROUP_VALUES))
    row.key, row.outcome = f"{_GROUP}{group.pk}", Outcome.CREATED.value
    return row


def _change(verdict: Verdict) -> ImportedRow:
    unit, said = verdict.plan.unit, verdict.plan.said
    before = values_of(unit, said)
    for name, value in said.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(said))
    return note(verdict, unit, before=before, after=values_of(unit, said))


register(EstateTreeKind())
