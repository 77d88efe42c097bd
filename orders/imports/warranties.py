"""The kind of import that notes warranties of residences and dwellings.

A warranty is the same one when place, trade, nature, company, number and dates are: then nothing
changes. Another end is another warranty, and the rehearsal says that one runs there already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, note, take_back, values_of
from nexxio.core.imports.places import ADDRESS_FIELD, GROUP_FIELD, NUMBER_FIELD, POSTCODE_FIELD
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow
from orders import services
from orders.imports.fields import trades
from orders.imports.residences import Place, PlaceFinder
from orders.models import Warranty, WarrantyKind
from orders.services import WarrantyInput

NAME = "warranties"
KEPT = ("company", "reference", "starts_on", "ends_on", "ended_at")


def _kinds(_landlord_id: UUID) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in WarrantyKind.choices]


FIELDS = (
    GROUP_FIELD,
    ADDRESS_FIELD,
    POSTCODE_FIELD,
    Field(
        NUMBER_FIELD.code,
        NUMBER_FIELD.label,
        NUMBER_FIELD.parse,
        synonyms=NUMBER_FIELD.synonyms,
        help=_("Vide : toute la résidence."),
    ),
    Field(
        "kind",
        _("Nature"),
        cells.text(80),
        required=True,
        synonyms=("garantie", "type de garantie", "type"),
        choices=_kinds,
        value_synonyms={
            "gpa": "completion",
            "parfait achevement": "completion",
            "garantie de parfait achevement": "completion",
            "bon fonctionnement": "equipment",
            "biennale": "equipment",
            "decennale": "structure",
            "dommages-ouvrage": "structure",
            "do": "structure",
            "fabricant": "maker",
            "sinistre": "claim",
        },
    ),
    Field(
        "trade",
        _("Corps d’état"),
        cells.text(80),
        synonyms=("corps d’état", "métier", "lot"),
        choices=trades,
        help=_("Vide : tous."),
    ),
    Field(
        "company",
        _("Qui la doit"),
        cells.text(120),
        required=True,
        synonyms=("entreprise", "titulaire", "assureur", "constructeur", "fabricant"),
    ),
    Field(
        "reference",
        _("Numéro de contrat ou de dossier"),
        cells.code(60),
        synonyms=("référence", "police", "n° de police", "dossier", "n° de dossier"),
    ),
    Field(
        "starts_on",
        _("Début"),
        cells.day,
        required=True,
        synonyms=("date de début", "réception", "date de réception"),
    ),
    Field(
        "ends_on",
        _("Fin"),
        cells.day,
        required=True,
        synonyms=("date de fin", "échéance", "expiration"),
    ),
)


class WarrantyImport:
    """Warranties of a landlord, for its desk."""

    name = NAME
    slug = "garanties"
    title = _("Garanties")
    about = _("Ce qui court sur vos résidences et vos logements, et qui le doit.")
    icon = "shield-check"
    rank = 36
    roles = (Role.MANAGER, Role.CLERK)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> WarrantySession:
        """Begin one reading."""
        return WarrantySession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take back those that nobody has ended since."""
        return take_back(Warranty, rows)


class WarrantySession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._places = PlaceFinder(actor.own_id)

    def label(self, row: Row) -> tuple[str, str]:
        """Return nothing that is a key, and who owes it."""
        return "", row.get("company")

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge warranties against those that run or ran at the same places."""
        rows = [thing[0] for thing in things]
        places = self._places.find(rows)
        groups = {place.group_id for place in places if isinstance(place, Place)}
        known: dict[UUID, list[Warranty]] = {}
        for one in Warranty.objects.filter(landlord_id=self._actor.own_id, group_id__in=groups):
            known.setdefault(one.group_id, []).append(one)
        return [self._judge(row, place, known) for row, place in zip(rows, places, strict=True)]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Note them by the service."""
        noted = []
        for verdict in verdicts:
            group_id, data = verdict.plan
            made = services.note_warranty(actor=self._actor, group_id=group_id, data=data)
            noted.append(note(verdict, made, after=values_of(made, KEPT)))
        return noted

    # --- inside -------------------------------------------------------------------------------

    def _judge(
        self, row: Row, place: Place | Fault, known: Mapping[UUID, list[Warranty]]
    ) -> Verdict:
        title = row.get("company")
        if isinstance(place, Fault):
            return refusal(row, place, title=title)
        data = WarrantyInput(
            kind=row.get("kind"),
            company=title,
            starts_on=row.get("starts_on"),
            ends_on=row.get("ends_on"),
            reference=row.get("reference"),
            unit_number=place.unit_number,
            trade=row.get("trade"),
        )
        if data.ends_on < data.starts_on:
            shown = cells.text_of(data.ends_on)
            return refusal(
                row, Fault(row.columns["ends_on"], shown, "la fin précède le début"), title=title
            )
        same = [
            one
            for one in known.get(place.group_id, ())
            if (one.unit_id, one.kind, one.trade_id or "") == (place.unit_id, data.kind, data.trade)
        ]
        is_there = any(_identity(one) == _identity(data) for one in same)
        verdict = Verdict(
            Outcome.UNCHANGED if is_there else Outcome.CREATED,
            row.line,
            key=_key(place, data),
            title=f"{WarrantyKind(data.kind).label} · {title}",
            own_key=True,
        )
        if not is_there:
            verdict.plan = (place.group_id, data)
            if any(one.ended_at is None and one.ends_on >= data.starts_on for one in same):
                verdict.note = "une autre garantie de cette nature y court déjà"
        return verdict


def _identity(one: Warranty | WarrantyInput) -> tuple[Any, ...]:
    return one.company.casefold(), one.reference.casefold(), one.starts_on, one.ends_on


def _key(place: Place, data: WarrantyInput) -> str:
    """Return what makes it the same in the next file: short, and no text of people."""
    said = repr((str(place.unit_id), data.kind, data.trade, _identity(data)))
    return f"{place.group_id}:{sha256(said.encode()).hexdigest()[:32]}"


register_kind(WarrantyImport())
