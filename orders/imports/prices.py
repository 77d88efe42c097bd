"""The kind of import that fills a version of a price schedule.

The version is prepared first, on its contract's page, which gives its date of effect. Rows go to
the version that the contract of the row prepares; a file that names no contract goes to the only
one that is being prepared. Codes decide: one that is there is rewritten, the others are made.
Nothing holds before the version is published, so an undo takes back what nobody touched since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Invalid
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, note, take_back, values_of
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow
from nexxio.core.templatetags.ui import money_text, number
from orders import services
from orders.imports.fields import contracts_of
from orders.models import PriceItem, PriceSchedule
from orders.services import WORKS_VAT, ItemInput

NAME = "prices"
CENT = Decimal("0.01")
KEPT = ("code", "label", "unit", "unit_price", "vat_rate")
LABELS = {"label": _("Désignation"), "unit": _("Unité"), "vat_rate": _("TVA %")}
FIELDS = (
    Field(
        "code",
        _("Code"),
        cells.text(20),
        required=True,
        synonyms=("code article", "article", "n° de prix", "numéro de prix", "réf", "référence"),
        help=_("Il reconnaît l’article d’une version à la suivante."),
    ),
    Field(
        "label",
        _("Désignation"),
        cells.text(200),
        synonyms=("libellé", "intitulé", "description", "prestation"),
    ),
    Field("unit", _("Unité"), cells.text(12), synonyms=("u", "unité de mesure")),
    Field(
        "unit_price",
        _("Prix unitaire HT"),
        cells.amount,
        required=True,
        synonyms=("pu ht", "prix ht", "prix unitaire", "pu", "prix", "montant ht"),
    ),
    Field(
        "vat_rate",
        _("TVA %"),
        cells.amount,
        synonyms=("tva", "taux de tva", "taux"),
        help=_("Sans elle, 10 %."),
    ),
    Field(
        "contract",
        _("Marché"),
        cells.text(160),
        synonyms=("n° marché", "numéro de marché", "contrat"),
        choices=contracts_of,
        help=_("Sans lui, le seul marché dont une version est en préparation."),
    ),
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an apply writes, and what the article was."""

    schedule_id: UUID
    item: ItemInput
    before: Mapping[str, Any]


class PriceKind:
    """Articles of a version that is being prepared, for the managers of a landlord."""

    name = NAME
    slug = "bordereaux"
    title = _("Bordereaux de prix")
    about = _("Les articles d’une version en préparation, comparés à ceux qui sont en vigueur.")
    icon = "receipt"
    rank = 40
    roles = (Role.MANAGER,)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> PriceSession:
        """Begin one reading."""
        return PriceSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take articles back that nobody touched, of versions that are still being prepared."""
        of_version = {row.pk: UUID(row.key.partition(":")[0]) for row in rows}
        prepared = set(
            PriceSchedule.objects.select_for_update(of=("self",))
            .filter(pk__in=set(of_version.values()), published_at__isnull=True)
            .values_list("pk", flat=True)
        )
        found = take_back(PriceItem, [row for row in rows if of_version[row.pk] in prepared])
        found.kept += [
            (row.after.get("code", ""), "la version est publiée : reprenez-la d’abord")
            for row in rows
            if of_version[row.pk] not in prepared
        ]
        return found


class PriceSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._prepared = {
            str(schedule.contract_id): schedule
            for schedule in PriceSchedule.objects.filter(
                landlord_id=actor.own_id, published_at__isnull=True
            )
        }
        self._held: dict[UUID, dict[str, PriceItem]] = {}

    def label(self, row: Row) -> tuple[str, str]:
        """Return code and label."""
        return row.get("code"), row.get("label")

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge articles against those that the version has already."""
        ids = [schedule.pk for schedule in self._prepared.values()]
        codes = {rows[0].get("code").casefold() for rows in things}
        known = {
            (item.schedule_id, item.code.casefold()): item
            for item in PriceItem.objects.filter(schedule_id__in=ids)
            if item.code.casefold() in codes
        }
        return [self._judge(rows[0], known) for rows in things]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Write the articles of each version at once."""
        noted = []
        by_version: dict[UUID, list[Verdict]] = {}
        for verdict in verdicts:
            by_version.setdefault(verdict.plan.schedule_id, []).append(verdict)
        for schedule_id, found in by_version.items():
            written = services.write_items(
                actor=self._actor, schedule_id=schedule_id, items=[v.plan.item for v in found]
            )
            for verdict in found:
                item = written[verdict.plan.item.code]
                after = values_of(item, KEPT)
                noted.append(note(verdict, item, before=verdict.plan.before, after=after))
        return noted

    # --- inside -------------------------------------------------------------------------------

    def _judge(self, row: Row, known: Mapping[tuple[UUID, str], PriceItem]) -> Verdict:
        schedule = self._schedule(row)
        key, title = self.label(row)
        if isinstance(schedule, Fault):
            return refusal(row, schedule, key=key, title=title)
        before = known.get((schedule.pk, key.casefold()))
        said = _said(row, before)
        try:
            services.require_sane(said)
        except Invalid as invalid:
            ((name, reasons),) = invalid.errors.items()
            fault = Fault(row.columns.get(name, ""), cells.excerpt(row.get(name)), reasons[0])
            return refusal(row, fault, key=key, title=title)
        words = _changes(before, said)
        outcome = Outcome.CREATED
        if before is not None:
            outcome = Outcome.CHANGED if words else Outcome.UNCHANGED
        verdict = Verdict(outcome, row.line, title=f"{said.code} · {said.label}", changes=words)
        verdict.key, verdict.own_key = f"{schedule.pk}:{key.casefold()}", True
        verdict.note = self._beside(schedule, said)
        if outcome is not Outcome.UNCHANGED:
            kept = values_of(before, KEPT) if before is not None else {}
            verdict.plan = _Plan(schedule.pk, said, kept)
        return verdict

    def _schedule(self, row: Row) -> PriceSchedule | Fault:
        contract = row.get("contract")
        if contract:
            found = self._prepared.get(contract)
            reason = "aucune version en préparation : préparez-la sur la page du marché"
            return found or Fault(row.columns["contract"], "", reason)
        if len(self._prepared) == 1:
            return next(iter(self._prepared.values()))
        if not self._prepared:
            return Fault("", "", "préparez d’abord une version sur la page du marché")
        return Fault("", "", "plusieurs versions sont en préparation : dites le marché")

    def _beside(self, schedule: PriceSchedule, said: ItemInput) -> str:
        """Say how the price stands beside the one in force on the eve of the version."""
        if schedule.pk not in self._held:
            held = services.items_in_force(schedule.contract_id, schedule.effective_on)
            self._held[schedule.pk] = {item.code.casefold(): item for item in held}
        if not self._held[schedule.pk]:
            return ""
        item = self._held[schedule.pk].get(said.code.casefold())
        if item is None:
            return "nouveau : absent du bordereau en vigueur"
        return f"en vigueur : {_moved(item.unit_price, said.unit_price)}"


def _said(row: Row, before: PriceItem | None) -> ItemInput:
    """Return the article as the file says it; a blank cell leaves what is there."""
    return ItemInput(
        code=before.code if before else row.get("code"),
        label=row.get("label", before.label if before else ""),
        unit=row.get("unit", before.unit if before else ""),
        unit_price=row.get("unit_price", Decimal(0)).quantize(Decimal("0.0001")),
        vat_rate=row.get("vat_rate", before.vat_rate if before else WORKS_VAT).quantize(CENT),
    )


def _changes(before: PriceItem | None, said: ItemInput) -> tuple[str, ...]:
    if before is None:
        return ()
    words = []
    if before.unit_price != said.unit_price:
        words.append(f"Prix : {_moved(before.unit_price, said.unit_price)}")
    for name, label in LABELS.items():
        old, new = getattr(before, name), getattr(said, name)
        if old != new:
            words.append(f"{label} : {cells.excerpt(old)} → {cells.excerpt(new)}")
    return tuple(words)


def _moved(before: Decimal, after: Decimal) -> str:
    """Return both prices, and by how much the second one is off the first."""
    if before == after:
        return f"{money_text(before)}, inchangé"
    shown = f"{money_text(before)} → {money_text(after)}"
    if not before:
        return shown
    percent = 100 * (after / before - 1)
    return f"{shown} ({'+' if percent > 0 else ''}{number(percent, 1)} %)"


register_kind(PriceKind())
