"""The kind of import that opens a landlord's contracts, and brings their terms up to date.

The contract's number is the key. The company is found by its SIRET among those that work for the
landlord, and a contract never changes company. A blank cell leaves what is there; a new contract
needs company, subject, trades and dates. Price schedules come from files of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Invalid
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, note, plain, values_of
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow, Organisation, Partnership
from orders import services
from orders.imports.contract_clauses import (
    CLAUSES,
    MOST_HOURS,
    folded,
    listed,
    money,
    read_clauses,
    whole,
)
from orders.imports.contract_places import FIELD as PERIMETER_FIELD
from orders.imports.contract_places import LABEL as PERIMETER_LABEL
from orders.imports.contract_places import (
    PERIMETER,
    Places,
    perimeter_of,
    same_perimeter,
    take_back_contracts,
)
from orders.models import Contract, Trade
from orders.services import ContractInput
from orders.services.contracts import contract_as_typed, require_terms
from orders.terms import Attribution

NAME = "contracts"
CENT = Decimal("0.01")
MOST_DAYS = 365
_SUMS = ("ceiling", "tolerance_percent", "tolerance_amount", "on_call_cap")


def _share(cell: Any) -> Decimal | None:
    found = cells.amount(cells.text_of(cell).rstrip("% ") if isinstance(cell, str) else cell)
    if found is not None and not 0 <= found <= 100:  # noqa: PLR2004 (percent)
        raise cells.BadCell("pourcentage de 0 à 100 attendu")
    return found


FIELDS = (
    Field(
        "number",
        _("Numéro de marché"),
        cells.code(40),
        required=True,
        synonyms=("n° marché", "n° de marché", "marché", "contrat", "n° contrat", "référence"),
        help=_("Il reconnaît le marché : le même fichier envoyé deux fois ne change rien."),
    ),
    Field(
        "siret",
        _("SIRET de l’entreprise"),
        cells.siret,
        synonyms=("siret", "n° siret", "siret titulaire", "siret prestataire"),
        help=_("Une de vos entreprises. Il ne change plus ensuite."),
    ),
    Field(
        "title",
        _("Objet"),
        cells.text(160),
        synonyms=("intitulé", "libellé", "objet du marché", "désignation"),
    ),
    Field(
        "trades",
        _("Corps d’état"),
        cells.text(400),
        synonyms=("corps d’état", "métier", "métiers", "lot", "lots", "famille"),
        help=_("Codes ou noms, séparés par des virgules ou des points-virgules."),
    ),
    Field("starts_on", _("Début"), cells.day, synonyms=("date de début", "date d’effet")),
    Field("ends_on", _("Fin"), cells.day, synonyms=("date de fin", "échéance")),
    Field(
        "ceiling",
        _("Plafond HT"),
        money,
        synonyms=("plafond", "montant maximum", "montant maximum ht", "maximum"),
    ),
    Field(
        "target_days",
        _("Délai normal (jours ouvrés)"),
        whole(MOST_DAYS),
        synonyms=("délai", "délai en jours", "sla jours", "délai d’exécution"),
    ),
    Field(
        "urgent_hours",
        _("Délai d’urgence (heures)"),
        whole(MOST_HOURS),
        synonyms=("urgence", "délai d’urgence", "sla urgence", "urgence heures"),
    ),
    Field(
        "certificate_days",
        _("Délai de constat (jours)"),
        whole(30),
        synonyms=("constat", "délai de constat", "service fait"),
    ),
    Field(
        "variation_days",
        _("Réponse à un devis (jours ouvrés)"),
        whole(30),
        synonyms=("réponse devis", "délai devis"),
    ),
    Field("tolerance_percent", _("Tolérance (%)"), _share, synonyms=("tolérance",)),
    Field("tolerance_amount", _("Tolérance (€ HT)"), money, synonyms=("tolérance en euros",)),
    *CLAUSES,
    PERIMETER_FIELD,
)
LABELS = {field.code: field.label for field in FIELDS} | {"on_call": _("Astreinte")}
KEPT = tuple(code for code in LABELS if code not in ("siret", PERIMETER))
_LISTS = ("trades", "pieces")
_NEEDED = ("siret", "title", "trades", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an apply writes. before: the contract that is there, with what it was."""

    data: ContractInput
    contractor_id: UUID
    before: Contract | None = None


class ContractKind:
    """Contracts of a landlord, for its managers."""

    name = NAME
    slug = "marches"
    title = _("Marchés")
    about = _("Vos marchés : entreprise, corps d’état, dates, plafond, délais, clauses.")
    icon = "file-text"
    rank = 35
    roles = (Role.MANAGER,)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> ContractSession:
        """Begin one reading."""
        return ContractSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take back contracts on which nothing stands, and terms that nobody changed since."""
        return take_back_contracts(rows)


class ContractSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        partners = Partnership.objects.filter(landlord_id=actor.own_id)
        self._companies = {
            siret: pk
            for pk, siret in Organisation.objects.filter(
                pk__in=partners.values("contractor_id"), is_active=True
            )
            .exclude(siret="")
            .values_list("pk", "siret")
        }
        self._places = Places(actor.own_id)
        self._trades: dict[str, str] = {}
        for code, label in Trade.objects.values_list("code", "label"):
            self._trades |= {folded(code): code, folded(label): code}

    def label(self, row: Row) -> tuple[str, str]:
        """Return number and subject."""
        return row.get("number"), row.get("title")

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge contracts against those that the landlord has."""
        numbers = [rows[0].get("number") for rows in things]
        found = Contract.objects.filter(landlord_id=self._actor.own_id, number__in=numbers)
        known = {contract.number: contract for contract in found}
        return [self._judge(rows[0], known.get(rows[0].get("number"))) for rows in things]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Open and change contracts by the service, one by one."""
        noted = []
        for verdict in verdicts:
            plan: _Plan = verdict.plan
            before: dict[str, Any] = {}
            if plan.before is None:
                made = services.open_contract(
                    actor=self._actor, contractor_id=plan.contractor_id, data=plan.data
                )
            else:
                before = values_of(plan.before, KEPT)
                before[PERIMETER] = perimeter_of(contract_as_typed(plan.before))
                made = services.change_contract(
                    actor=self._actor,
                    contract_id=plan.before.pk,
                    version=plan.before.version,
                    data=plan.data,
                )
            # Read again: sums come back as the database keeps them, so that an undo sees them so.
            made.refresh_from_db()
            after = {**values_of(made, KEPT), "version": made.version}
            after[PERIMETER] = perimeter_of(plan.data)
            noted.append(note(verdict, made, before=before, after=after))
        return noted

    # --- inside -------------------------------------------------------------------------------

    def _judge(self, row: Row, before: Contract | None) -> Verdict:
        key, title = self.label(row)
        found = self._plan(row, before)
        if isinstance(found, Fault):
            return refusal(row, found, key=key, title=title)
        verdict = Verdict(Outcome.CREATED, row.line, key=key, title=found.data.title)
        if before is not None:
            verdict.changes = (
                *_changes(before, found.data),
                *self._moved(contract_as_typed(before), found.data),
            )
            verdict.outcome = Outcome.CHANGED if verdict.changes else Outcome.UNCHANGED
        if verdict.outcome is not Outcome.UNCHANGED:
            verdict.plan = found
        return verdict

    def _plan(self, row: Row, before: Contract | None) -> _Plan | Fault:
        company = self._company(row, before)
        if isinstance(company, Fault):
            return company
        said = self._said(row)
        if isinstance(said, Fault):
            return said
        if before is not None:
            data = replace(contract_as_typed(before), **said)
        else:
            lacking = [code for code in _NEEDED if code != "siret" and code not in said]
            if lacking:
                column = row.columns.get(lacking[0], "")
                return Fault(column, "", f"{LABELS[lacking[0]]} : un nouveau marché en a besoin")
            data = ContractInput(**said)
        return self._fault_of(row, data) or _Plan(data, company, before)

    def _fault_of(self, row: Row, data: ContractInput) -> Fault | None:
        """Return the cell by which no contract can have these terms."""
        if data.ends_on < data.starts_on:
            ends = row.get("ends_on")
            return Fault(
                row.columns.get("ends_on", ""), cells.text_of(ends), "la fin précède le début"
            )
        if data.attribution == Attribution.PERIMETER and not perimeter_of(data):
            reason = "une attribution par périmètre a un périmètre"
            return Fault(row.columns.get(PERIMETER, ""), row.get(PERIMETER), reason)
        try:
            require_terms(data)
        except Invalid as invalid:
            ((name, reasons),) = invalid.errors.items()
            return Fault(row.columns.get(name, ""), cells.excerpt(row.get(name)), reasons[0])
        return None

    def _moved(self, before: ContractInput, data: ContractInput) -> tuple[str, ...]:
        """Say what a file changes of the perimeter."""
        if same_perimeter(before, data):
            return ()
        shown = " → ".join(self._places.words(one) for one in (before, data))
        return (f"{PERIMETER_LABEL} : {shown}",)

    def _said(self, row: Row) -> dict[str, Any] | Fault:
        """Return the terms that a row names, as a contract has them."""
        said = {code: row.get(code, None) for code in KEPT}
        said = {code: value for code, value in said.items() if value is not None}
        for name in _SUMS:
            if name in said:
                said[name] = said[name].quantize(CENT)
        if "trades" in said:
            reason = "ce corps d’état n’est pas dans la liste"
            trades = listed(row, "trades", self._trades, reason)
            if isinstance(trades, Fault):
                return trades
            said["trades"] = trades
        places = self._places.read(row)
        if isinstance(places, Fault):
            return places
        return read_clauses(row, said) or said | places

    def _company(self, row: Row, before: Contract | None) -> UUID | Fault:
        siret, column = row.get("siret"), row.columns.get("siret", "")
        if not siret:
            if before is not None:
                return before.contractor_id
            return Fault(column, "", f"{LABELS['siret']} : un nouveau marché en a besoin")
        found = self._companies.get(siret)
        if found is None:
            reason = "cette entreprise n’est pas parmi vos prestataires : importez-la d’abord"
            return Fault(column, siret, reason)
        if before is not None and before.contractor_id != found:
            return Fault(column, siret, "ce marché est celui d’une autre entreprise")
        return found


def _changes(before: Contract, data: ContractInput) -> tuple[str, ...]:
    """Say what a file changes, field by field."""
    words = []
    for name in KEPT:
        old, new = getattr(before, name), getattr(data, name)
        if name in _LISTS:
            old, new = tuple(sorted(old)), tuple(sorted(new))
        if old != new:
            shown = " → ".join(_shown(value) for value in (old, new))
            words.append(f"{LABELS[name]} : {shown}")
    return tuple(words)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Decimal):
        return str(plain(value)).replace(".", ",")
    if isinstance(value, bool):
        return "oui" if value else "non"
    return cells.excerpt(value) or "–"


register_kind(ContractKind())
