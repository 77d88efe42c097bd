"""The kind of import that keeps a landlord's own satisfaction survey, a row for each perimeter.

Perimeter and date find the figure that a row replaces; the same file twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from evaluations import services
from evaluations.models import TenantSurvey
from evaluations.models.tenant_surveys import MOST_SOURCE, WHOLE
from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.estate.landlords import unaccented
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import (
    Singles,
    fault_of,
    note,
    plain,
    take_back,
    values_of,
    wanted_changes,
)
from nexxio.core.imports.kinds.territories import Territories, fold
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow

NAME = "tenant_surveys"
SLUG = "enquetes-de-satisfaction"
_ALL = frozenset(
    {"ensemble", "ensemble du patrimoine", "tout le patrimoine", "patrimoine", "total", "tous"}
)
_HUNDREDTH = Decimal("0.01")
_FIELDS = ("respondents", "share", "source")


def count(cell: Any) -> int | None:
    """Read a whole number of persons."""
    found = cells.amount(cell)
    if found is None:
        return None
    if found < 0 or found != found.to_integral_value():
        raise cells.BadCell("un nombre entier de personnes est attendu")
    return int(found)


def persons(cell: Any) -> int | None:
    """Read a whole number of persons, one at least."""
    found = count(cell)
    if found == 0:
        raise cells.BadCell("un répondant au moins est attendu")
    return found


def share(cell: Any) -> Decimal | None:
    """Read "28,4 %", "28,4", or a percent cell, which a workbook keeps as 0.284; in percent.

    A bare 1 may be either, and is refused.
    """
    found = cells.text_of(cell)
    number = cells.amount(found.removesuffix("%") if isinstance(cell, str) else cell)
    if number is None:
        return None
    if not found.endswith("%") and number == 1:
        raise cells.BadCell("part ambiguë : écrivez 1 % ou 100 %")
    if not found.endswith("%") and number < 1:
        number *= 100
    if not 0 <= number <= 100:  # noqa: PLR2004 (percent)
        raise cells.BadCell("une part entre 0 et 100 % est attendue")
    return number.quantize(_HUNDREDTH)


FIELDS = (
    Field(
        "perimeter",
        _("Périmètre"),
        cells.text(120),
        required=True,
        synonyms=("agence", "antenne", "direction territoriale"),
        help=_("« Ensemble », ou le nom d’une de vos agences."),
    ),
    Field(
        "held_on",
        _("Date de l’enquête"),
        cells.day,
        required=True,
        synonyms=("date", "période", "enquête du", "date d’enquête"),
        help=_("Une ligne du même périmètre et de la même date remplace la précédente."),
    ),
    Field(
        "respondents",
        _("Nombre de répondants"),
        persons,
        required=True,
        synonyms=("répondants", "réponses", "nombre de réponses", "locataires interrogés"),
    ),
    Field(
        "dissatisfied",
        _("Nombre d’insatisfaits"),
        count,
        synonyms=("insatisfaits", "locataires insatisfaits", "nombre de locataires insatisfaits"),
        help=_("Ou leur part : l’un des deux suffit."),
    ),
    Field(
        "share",
        _("Part d’insatisfaits (%)"),
        share,
        synonyms=("part d’insatisfaits", "taux d’insatisfaction", "% insatisfaits"),
        help=_("28,4 ou 28,4 %, ou une cellule en pourcentage."),
    ),
    Field(
        "source",
        _("Source ou institut"),
        cells.text(MOST_SOURCE),
        required=True,
        synonyms=("source", "institut", "prestataire de l’enquête"),
        help=_("Qui a mené l’enquête : elle est montrée sous ce nom."),
    ),
)
LABELS = {field.code: str(field.label) for field in FIELDS}


class TenantSurveyKind:
    """What a landlord's own survey of its tenants says."""

    name = NAME
    slug = SLUG
    title = _("Enquêtes de satisfaction")
    about = _(
        "Les résultats de votre propre enquête auprès des locataires : montrés dans Pilotage sous"
        " son nom, jamais mêlés à ce que Nexxio mesure."
    )
    icon = "clipboard-list"
    rank = 70
    roles = (Role.MANAGER,)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> TenantSurveySession:
        """Begin one reading."""
        return TenantSurveySession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take figures away, or put back what they replaced."""
        return take_back(TenantSurvey, rows)


class TenantSurveySession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._agencies = Territories(actor.own_id).agencies

    def label(self, row: Row) -> tuple[str, str]:
        """Return the key, and perimeter and date."""
        perimeter, held_on = row.get("perimeter"), row.get("held_on", None)
        if not perimeter or not isinstance(held_on, date):
            return "", perimeter
        found = self._perimeter(perimeter)
        name = perimeter if isinstance(found, Fault) else found[1]
        where = "" if isinstance(found, Fault) else str(found[0] or "")
        return f"{where}/{held_on}", f"{name}, {held_on:%d/%m/%Y}"

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the figures that are there: one query for all of them."""
        rows = [thing[0] for thing in things]
        known = {
            (survey.agency_id, survey.held_on): survey
            for survey in TenantSurvey.objects.filter(
                landlord_id=self._actor.own_id, held_on__in={row.get("held_on") for row in rows}
            )
        }
        return [self._verdict(row, known) for row in rows]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Keep each figure through its service."""
        notes = []
        for verdict in verdicts:
            kept = services.keep_tenant_survey(actor=self._actor, **verdict.plan["figure"])
            notes.append(
                note(verdict, kept, before=verdict.plan["before"], after=values_of(kept, _FIELDS))
            )
        return notes

    def _perimeter(self, said: str) -> tuple[UUID | None, str] | Fault:
        agency = self._agencies.get(fold(said))
        if agency is not None:
            return agency.pk, agency.name
        if unaccented(fold(said)) in _ALL:
            return None, str(WHOLE)
        known = ", ".join(f"« {one.name} »" for one in list(self._agencies.values())[:5])
        listed = f" ; vos agences : {known}" if known else ""
        return Fault("", said, f"aucune agence de ce nom : écrivez Ensemble ou une agence{listed}")

    def _verdict(self, row: Row, known: Mapping[tuple[UUID | None, date], TenantSurvey]) -> Verdict:
        key, title = self.label(row)
        found = self._perimeter(row.get("perimeter"))
        if isinstance(found, Fault):
            fault = fault_of(row, "perimeter", found.reason)
            return refusal(row, fault, key=key, title=title)
        figure = _share_of(row)
        if isinstance(figure, Fault):
            return refusal(row, figure, key=key, title=title)
        if row.get("held_on") > clock.today():
            fault = fault_of(row, "held_on", "cette date n’est pas encore passée")
            return refusal(row, fault, key=key, title=title)
        said = {
            "respondents": row.get("respondents"),
            "share": figure,
            "source": row.get("source"),
        }
        plan = {"figure": {"agency_id": found[0], "held_on": row.get("held_on"), **said}}
        verdict = Verdict(Outcome.CREATED, row.line, key=key, title=title, own_key=True)
        there = known.get((found[0], row.get("held_on")))
        if there is None:
            verdict.note = f"{figure} % d’insatisfaits".replace(".", ",")
            verdict.plan = {**plan, "before": {}}
            return verdict
        changes, verdict.changes = wanted_changes(there, said, LABELS)
        if not changes:
            verdict.outcome = Outcome.UNCHANGED
            return verdict
        verdict.outcome = Outcome.CHANGED
        verdict.plan = {**plan, "before": {code: plain(getattr(there, code)) for code in _FIELDS}}
        return verdict


def _share_of(row: Row) -> Decimal | Fault:
    """Return the share of dissatisfied respondents, by their number where it is given."""
    total: int = row.get("respondents")
    number, said = row.get("dissatisfied", None), row.get("share", None)
    if number is None and said is None:
        code = "dissatisfied" if "dissatisfied" in row.columns else "share"
        return fault_of(
            row, code, "indiquez le nombre ou la part d’insatisfaits", label=LABELS[code]
        )
    if number is None:
        return Decimal(said)
    if number > total:
        return fault_of(row, "dissatisfied", "plus d’insatisfaits que de répondants")
    counted = (Decimal(number) * 100 / total).quantize(_HUNDREDTH)
    if said is not None and abs(counted - said) > 1:
        words = f"{counted} %".replace(".", ",")
        return fault_of(row, "share", f"ne va pas avec le nombre d’insatisfaits, qui donne {words}")
    return counted


register_kind(TenantSurveyKind())
