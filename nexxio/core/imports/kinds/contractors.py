"""Contractors from a file, by SIRET.

A company is on the platform once, whoever works with it: its SIRET finds it, and the import joins
it to the landlord. What the company says of itself (name, phone) is its own: only a company that
the import makes takes them from the file. The answer is the same in both cases, so that nobody
learns from it who works for other landlords.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, note
from nexxio.core.imports.registry import Field, Outcome, Row, Undone, Verdict, register
from nexxio.core.models import (
    ImportedRow,
    LegalForm,
    Organisation,
    OrganisationKind,
    Partnership,
)
from nexxio.core.scoping import system_scope

NAME = "contractors"
FIELDS = (
    Field(
        "siret",
        _("SIRET"),
        cells.siret,
        required=True,
        synonyms=("n° siret", "siret de l’entreprise", "siren/siret"),
        help=_("14 chiffres, contrôlés : c’est lui qui reconnaît l’entreprise."),
    ),
    Field(
        "name",
        _("Raison sociale"),
        cells.text(120),
        required=True,
        synonyms=(
            "nom",
            "entreprise",
            "prestataire",
            "fournisseur",
            "société",
            "nom de l’entreprise",
            "dénomination",
        ),
    ),
    Field("phone", _("Téléphone"), cells.phone, synonyms=("tél", "standard")),
    Field("email", _("Adresse e-mail"), cells.email, synonyms=("e-mail", "mail", "courriel")),
)


class ContractorKind:
    """Contractors with whom a landlord works, for its managers."""

    name = NAME
    slug = "prestataires"
    title = _("Prestataires")
    about = _("Les entreprises qui travaillent pour vous, reconnues à leur SIRET.")
    icon = "briefcase"
    rank = 30
    roles = (Role.MANAGER,)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> ContractorSession:
        """Begin one reading."""
        return ContractorSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Part from contractors with whom nothing was agreed; companies stay on the platform."""
        found = Undone()
        gone = []
        busy = _in_business(actor.own_id, [row.subject_id for row in rows])
        for row in rows:
            if row.subject_id in busy:
                found.kept.append((row.after.get("name", row.key), busy[row.subject_id]))
                continue
            gone.append(row)
        with system_scope("imports: contractors taken back"):
            Partnership.objects.filter(
                landlord_id=actor.own_id, contractor_id__in=[row.subject_id for row in gone]
            ).delete()
        ImportedRow.objects.filter(pk__in=[row.pk for row in gone]).delete()
        found.removed = len(gone)
        return found


class ContractorSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._landlord_id = actor.own_id
        partners = Partnership.objects.filter(landlord_id=self._landlord_id)
        self._known = set(
            Organisation.objects.filter(pk__in=partners.values("contractor_id"))
            .exclude(siret="")
            .values_list("siret", flat=True)
        )

    def label(self, row: Row) -> tuple[str, str]:
        """Return SIRET and name."""
        return row.get("siret"), row.get("name")

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge companies against those that work for the landlord already."""
        return [self._verdict(thing[0]) for thing in things]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Make the companies that the platform doesn't know, and join all to the landlord."""
        rows = [verdict.plan for verdict in verdicts]
        companies = _companies(rows)
        partners = [
            Partnership(landlord_id=self._landlord_id, contractor_id=companies[row["siret"]])
            for row in rows
        ]
        with system_scope("imports: partners"):
            Partnership.objects.bulk_create(partners, ignore_conflicts=True)
        self._known |= set(companies)
        noted = []
        for verdict in verdicts:
            made = note(verdict, _Ref(companies[verdict.key]))
            made.after = {"name": verdict.title}
            noted.append(made)
        return noted

    def _verdict(self, row: Row) -> Verdict:
        siret, name = self.label(row)
        known = siret in self._known
        outcome = Outcome.UNCHANGED if known else Outcome.CREATED
        verdict = Verdict(outcome, row.line, key=siret, title=name)
        verdict.plan = {code: row.get(code) for code in ("siret", "name", "phone", "email")}
        return verdict


class _Ref:
    def __init__(self, pk: UUID) -> None:
        self.pk = pk


def _companies(rows: Sequence[Mapping[str, Any]]) -> dict[str, UUID]:
    """Return the company of each SIRET; make those that aren't there, in the same transaction."""
    wanted = {row["siret"]: row for row in rows}
    with system_scope("imports: companies by SIRET"):
        found = dict(
            Organisation.objects.filter(kind=OrganisationKind.CONTRACTOR, siret__in=wanted)
            .order_by("-created_at")
            .values_list("siret", "pk")
        )
        new = [
            Organisation(
                kind=OrganisationKind.CONTRACTOR,
                legal_form=LegalForm.COMPANY,
                name=row["name"],
                slug=f"{slugify(row['name'])[:45].strip('-') or 'entreprise'}-{siret}",
                siret=siret,
                phone=row["phone"],
                email=row["email"],
            )
            for siret, row in wanted.items()
            if siret not in found
        ]
        Organisation.objects.bulk_create(new)
    return found | {company.siret: company.pk for company in new}


def _in_business(landlord_id: UUID, contractors: Sequence[UUID]) -> dict[UUID, str]:
    """Say for each contractor that a row of the landlord names it."""
    found: dict[UUID, str] = {}
    for relation in Organisation._meta.related_objects:
        model: Any = relation.related_model
        names = {field.name for field in model._meta.get_fields()}
        if relation.field.name != "contractor" or model is Partnership or "landlord" not in names:
            continue
        used = model.objects.filter(landlord_id=landlord_id, contractor_id__in=contractors)
        for pk in used.values_list("contractor_id", flat=True).distinct():
            found.setdefault(pk, f"un objet y est rattaché ({model._meta.verbose_name})")
    return found


register(ContractorKind())
