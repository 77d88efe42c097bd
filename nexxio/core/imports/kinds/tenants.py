"""Tenants and who lives where, from a file.

A tenant is the same one when the same name has lived in the same dwelling, in whichever order
first and last name come. A blank cell changes nothing. Nobody is moved out by an import: an end
date in the file does it, a missing row doesn't.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.estate.landlords import unaccented
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import (
    Singles,
    add_up,
    note,
    take_back,
    values_of,
    wanted_changes,
)
from nexxio.core.imports.places import NUMBER_FIELD, PLACE_FIELDS, Found, UnitFinder
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
from nexxio.core.models import ImportedRow, Occupancy, Tenant, Unit

NAME = "tenants"
_LIVES = "occupation:"
_TENANT_VALUES = ("first_name", "last_name", "phone", "email", "language")
_DATES = ("starts_on", "ends_on")
_LABELS = {
    "phone": _("téléphone"),
    "email": _("adresse e-mail"),
    "language": _("langue"),
    "starts_on": _("depuis le"),
    "ends_on": _("jusqu’au"),
}


def _languages(_landlord_id: UUID) -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in settings.LANGUAGES]


FIELDS = (
    *(field for field in PLACE_FIELDS if field is not NUMBER_FIELD),
    Field(
        NUMBER_FIELD.code,
        NUMBER_FIELD.label,
        NUMBER_FIELD.parse,
        required=True,
        synonyms=NUMBER_FIELD.synonyms,
    ),
    Field(
        "last_name",
        _("Nom"),
        cells.text(80),
        required=True,
        synonyms=(
            "nom du locataire",
            "nom locataire",
            "locataire",
            "nom et prénom",
            "nom prénom",
            "titulaire du bail",
            "nombre completo",
            "apellidos",
        ),
        help=_("Le nom, ou le nom et le prénom ensemble."),
    ),
    Field("first_name", _("Prénom"), cells.text(80), synonyms=("prénoms", "nombre")),
    Field(
        "phone",
        _("Téléphone"),
        cells.phone,
        synonyms=("tél", "portable", "mobile", "téléphone portable", "teléfono"),
    ),
    Field("email", _("Adresse e-mail"), cells.email, synonyms=("e-mail", "mail", "courriel")),
    Field(
        "language",
        _("Langue"),
        cells.text(40),
        synonyms=("langue parlée",),
        choices=_languages,
        help=_("Celle de ses messages."),
    ),
    Field(
        "starts_on",
        _("Depuis le"),
        cells.day,
        synonyms=("date d’entrée", "entrée", "date de début", "début de bail", "date du bail"),
        help=_("Sans elle, le jour de l’import."),
    ),
    Field(
        "ends_on",
        _("Jusqu’au"),
        cells.day,
        synonyms=("date de sortie", "sortie", "date de fin", "fin de bail", "congé"),
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an apply writes for one row. lives: None for somebody new."""

    unit: Unit
    lives: Occupancy | None
    person: dict[str, Any]
    dates: dict[str, date]


class TenantKind:
    """Tenants and occupancies, for a landlord's managers."""

    name = NAME
    slug = "locataires"
    title = _("Locataires")
    about = _("Qui habite où, depuis quand, et comment le joindre.")
    icon = "users"
    rank = 20
    roles = (Role.MANAGER,)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> TenantSession:
        """Begin one reading."""
        return TenantSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take occupancies back, then the tenants whom nothing else names."""
        lives = [row for row in rows if row.key.startswith(_LIVES)]
        people = [row for row in rows if not row.key.startswith(_LIVES)]
        before = take_back(Occupancy, lives)
        after = take_back(Tenant, people)
        before.removed = 0  # a tenant and his occupancy count once
        return add_up(before, after)


class TenantSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._landlord_id = actor.own_id
        self._finder = UnitFinder(self._landlord_id)

    def label(self, row: Row) -> tuple[str, str]:
        """Return the name and the dwelling's number."""
        who = f"{row.get('first_name')} {row.get('last_name')}".strip()
        return "", f"{who} · {row.get('unit_number')}".strip(" ·")

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against those who live or have lived in their dwellings."""
        rows = [thing[0] for thing in things]
        places = self._finder.find(rows)
        known: dict[tuple[UUID, str], Occupancy] = {}
        lives = Occupancy.objects.filter(
            landlord_id=self._landlord_id,
            unit_id__in={place.unit.pk for place in places if place.unit},
        )
        for occupancy in lives.select_related("tenant").order_by("starts_on", "id"):
            known[occupancy.unit_id, person_key(str(occupancy.tenant))] = occupancy
        return [self._verdict(row, place, known) for row, place in zip(rows, places, strict=True)]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Make tenants with their occupancies, and change those that exist."""
        new = [v for v in verdicts if v.outcome is Outcome.CREATED]
        people = [Tenant(landlord_id=self._landlord_id, **v.plan.person) for v in new]
        units = self._finder.keep(v.plan.unit for v in new)
        lives = [
            Occupancy(
                landlord_id=self._landlord_id,
                unit_id=units[v.plan.unit.pk],
                tenant=tenant,
                **v.plan.dates,
            )
            for v, tenant in zip(new, people, strict=True)
        ]
        Tenant.objects.bulk_create(people)
        Occupancy.objects.bulk_create(lives)
        noted = []
        for verdict, tenant, occupancy in zip(new, people, lives, strict=True):
            noted.append(note(verdict, tenant, after=values_of(tenant, _TENANT_VALUES)))
            noted.append(_note_lives(verdict, occupancy, {}, values_of(occupancy, _DATES)))
        for verdict in verdicts:
            if verdict.outcome is Outcome.CHANGED:
                noted += _change(verdict)
        return noted

    def _verdict(
        self, row: Row, place: Found, known: Mapping[tuple[UUID, str], Occupancy]
    ) -> Verdict:
        _key, title = self.label(row)
        unit = place.unit
        if unit is None:
            return refusal(row, place.fault or Fault("", "", "le logement manque"), title=title)
        who = person_key(f"{row.get('first_name')} {row.get('last_name')}")
        dates = {name: row.get(name) for name in _DATES if row.get(name)}
        key = f"{unit.pk}/{who}"[:200]
        verdict = Verdict(Outcome.CREATED, row.line, key=key, title=title, own_key=True)
        occupancy = known.get((unit.pk, who))
        starts = dates.get("starts_on") or (occupancy.starts_on if occupancy else clock.today())
        if "ends_on" in dates and dates["ends_on"] < starts:
            column = row.columns["ends_on"]
            fault = Fault(column, cells.text_of(dates["ends_on"]), "fin avant le début")
            return refusal(row, fault, title=title)
        person = {name: row.get(name) for name in _TENANT_VALUES if row.get(name)}
        if occupancy is None:
            verdict.plan = Plan(unit, None, person, {"starts_on": starts, **dates})
            return verdict
        contact = {name: value for name, value in person.items() if name in _LABELS}
        person, said = wanted_changes(occupancy.tenant, contact, _LABELS)
        dates, moved = wanted_changes(occupancy, dates, _LABELS)
        verdict.changes = said + moved
        verdict.outcome = Outcome.CHANGED if verdict.changes else Outcome.UNCHANGED
        verdict.plan = Plan(unit, occupancy, person, dates)
        return verdict


def person_key(name: str) -> str:
    """Return what "DIALLO Amina" and "Amina Diallo" share."""
    plain = "".join(c if c.isalnum() else " " for c in unaccented(name).casefold())
    return "".join(sorted(plain.split()))


def _note_lives(
    verdict: Verdict, occupancy: Occupancy, before: dict[str, Any], after: dict[str, Any]
) -> ImportedRow:
    row = note(verdict, occupancy, before=before, after=after)
    row.key = f"{_LIVES}{occupancy.pk}"
    return row


def _change(verdict: Verdict) -> list[ImportedRow]:
    plan: Plan = verdict.plan
    assert plan.lives is not None
    noted = []
    for thing, said in ((plan.lives.tenant, plan.person), (plan.lives, plan.dates)):
        if not said:
            continue
        before = values_of(thing, said)
        for name, value in said.items():
            setattr(thing, name, value)
        thing.save(update_fields=list(said))
        after = values_of(thing, said)
        if isinstance(thing, Occupancy):
            noted.append(_note_lives(verdict, thing, before, after))
        else:
            noted.append(note(verdict, thing, before=before, after=after))
    return noted


register(TenantKind())
