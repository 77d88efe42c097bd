"""The kind of import that notes the equipment which contracts keep up.

An equipment is the same one when contract, place, kind and mark are: then nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, note, take_back, values_of
from nexxio.core.imports.places import ADDRESS_FIELD, GROUP_FIELD, NUMBER_FIELD, POSTCODE_FIELD
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow
from orders import services
from orders.imports.contract_clauses import whole
from orders.imports.fields import contracts_of
from orders.imports.residences import Place, PlaceFinder
from orders.models import Equipment, EquipmentKind
from orders.models.upkeep import MOST_MONTHS
from orders.services import EquipmentInput

KEPT = ("months", "first_due_on", "due_on", "done_on", "missed", "retired_at")
_Key = tuple[UUID, UUID, UUID | None, str, str]


def _kinds(_landlord_id: UUID) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in EquipmentKind.choices]


FIELDS = (
    Field(
        "contract",
        _("Marché"),
        cells.text(160),
        required=True,
        synonyms=("n° marché", "numéro de marché", "contrat", "contrat d’entretien"),
        choices=contracts_of,
    ),
    GROUP_FIELD,
    ADDRESS_FIELD,
    POSTCODE_FIELD,
    Field(
        NUMBER_FIELD.code,
        _("Logement ou partie commune"),
        NUMBER_FIELD.parse,
        synonyms=NUMBER_FIELD.synonyms,
        help=_("Vide : toute la résidence."),
    ),
    Field(
        "kind",
        _("Équipement"),
        cells.text(80),
        required=True,
        synonyms=("type d’équipement", "type", "nature", "appareil"),
        choices=_kinds,
        value_synonyms={
            "chaudiere": "boiler",
            "chaudiere gaz": "boiler",
            "chaudiere individuelle gaz": "boiler",
            "ballon": "water_heater",
            "ballon d’eau chaude": "water_heater",
            "cumulus": "water_heater",
            "pac": "heat_pump",
            "vmc": "ventilation",
            "daaf": "smoke_alarm",
            "chaufferie": "boiler_room",
            "sous-station": "boiler_room",
            "portail": "gate",
            "porte automatique": "gate",
            "surpresseur": "pump",
            "pompe de relevage": "pump",
            "extincteur": "fire_safety",
            "desenfumage": "fire_safety",
        },
    ),
    Field(
        "mark",
        _("Repère ou numéro de série"),
        cells.code(60),
        synonyms=("repère", "n° de série", "numéro de série", "matricule"),
        help=_("Pour distinguer deux équipements au même endroit."),
    ),
    Field(
        "months",
        _("Un passage tous les (mois)"),
        whole(MOST_MONTHS),
        synonyms=("périodicité", "périodicité (mois)", "fréquence (mois)", "mois"),
        help=_("Sans elle, 12 : une fois par an."),
    ),
    Field(
        "first_due_on",
        _("Prochain passage avant le"),
        cells.day,
        synonyms=("prochain passage", "prochaine visite", "échéance", "date limite"),
    ),
    Field(
        "last_on",
        _("Dernier passage"),
        cells.day,
        synonyms=("dernière visite", "dernier entretien", "date du dernier entretien"),
        help=_("Sans prochain passage, il vient une période après."),
    ),
)


class EquipmentImport:
    """Equipment under contracts of upkeep, for a landlord's desk."""

    name = "equipment"
    slug = "equipements"
    title = _("Équipements entretenus")
    about = _("Ce que vos contrats d’entretien suivent, logement par logement, et à quel rythme.")
    icon = "tool"
    rank = 37
    roles = (Role.MANAGER, Role.CLERK)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> EquipmentSession:
        """Begin one reading."""
        return EquipmentSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take back those that had no visit since, and that nobody has retired."""
        return take_back(Equipment, rows)


class EquipmentSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._places = PlaceFinder(actor.own_id, makes=True)

    def label(self, row: Row) -> tuple[str, str]:
        """Return nothing that is a key, and what it is."""
        return "", str(dict(EquipmentKind.choices).get(row.get("kind"), ""))

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge equipment against what is kept up at the same places."""
        rows = [thing[0] for thing in things]
        places = self._places.find(rows)
        groups = {place.group_id for place in places if isinstance(place, Place)}
        standing = Equipment.objects.filter(
            landlord_id=self._actor.own_id, group_id__in=groups, retired_at__isnull=True
        )
        known: set[_Key] = set(
            standing.values_list("contract_id", "group_id", "unit_id", "kind", "mark")
        )
        return [self._judge(row, place, known) for row, place in zip(rows, places, strict=True)]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Note them by the service."""
        noted = []
        for verdict in verdicts:
            contract_id, group_id, data = verdict.plan
            made = services.note_equipment(
                actor=self._actor, contract_id=contract_id, group_id=group_id, data=data
            )
            noted.append(note(verdict, made, after=values_of(made, KEPT)))
        return noted

    # --- inside -------------------------------------------------------------------------------

    def _judge(self, row: Row, place: Place | Fault, known: set[_Key]) -> Verdict:
        title = str(EquipmentKind(row.get("kind")).label)
        if isinstance(place, Fault):
            return refusal(row, place, title=title)
        months = row.get("months") or 12
        last_on = row.get("last_on")
        first_due_on = row.get("first_due_on") or (last_on and clock.months_from(last_on, months))
        if not first_due_on:
            column = str(row.columns.get("first_due_on", ""))
            reason = "dites le prochain passage, ou le dernier"
            return refusal(row, Fault(column, "", reason), title=title)
        contract_id = UUID(row.get("contract"))
        mark = " ".join(row.get("mark").split())
        key: _Key = (contract_id, place.group_id, place.unit_id, row.get("kind"), mark)
        is_there = key in known
        verdict = Verdict(
            Outcome.UNCHANGED if is_there else Outcome.CREATED,
            row.line,
            key=":".join(str(part) for part in key),
            title=" · ".join(filter(None, (title, mark))),
            own_key=True,
        )
        if not is_there:
            data = EquipmentInput(
                kind=row.get("kind"),
                first_due_on=first_due_on,
                months=months,
                mark=mark,
                unit_number=place.unit_number,
                unit_kind=place.unit_kind,
            )
            verdict.plan = (contract_id, place.group_id, data)
        return verdict


register_kind(EquipmentImport())
