"""The columns of a contracts' file for clauses: attribution, pieces, delays, what is granted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from nexxio.core.estate.landlords import unaccented
from nexxio.core.imports import cells
from nexxio.core.imports.registry import Fault, Field, Row
from orders.terms import Attribution, InvoicePiece

MOST_HOURS = 720
YES, NO = "yes", "no"
_ANSWERS = ((YES, _("Oui")), (NO, _("Non")))
_SAID = {"o": YES, "x": YES, "1": YES, "vrai": YES, "n": NO, "0": NO, "faux": NO}


def whole(highest: int) -> cells.Parser:
    """Parser of a whole number from 1."""

    def parse(cell: Any) -> int | None:
        found = cells.amount(cell)
        if found is None:
            return None
        if found != int(found) or not 1 <= found <= highest:
            raise cells.BadCell(f"nombre entier de 1 à {highest} attendu")
        return int(found)

    return parse


def hour(cell: Any) -> time | None:
    """Parser of an hour of the day: 18:00, 18 h, 18h30, or a spreadsheet's own."""
    if isinstance(cell, datetime | time):
        found = cell.time() if isinstance(cell, datetime) else cell
        return found.replace(second=0, microsecond=0)
    text = cells.text_of(cell).casefold().replace(" ", "").replace("h", ":")
    if not text:
        return None
    hours, _mark, minutes = text.partition(":")
    minutes = minutes.partition(":")[0] or "0"
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):  # noqa: PLR2004 (a day's)
        raise cells.BadCell("heure attendue, 18:00 par exemple")
    return time(int(hours), int(minutes))


def money(cell: Any) -> Decimal | None:
    """Parser of a sum from nought."""
    found = cells.amount(cell)
    if found is not None and found < 0:
        raise cells.BadCell("une somme n’est pas négative")
    return found


def yes_or_no(code: str, label: Any, synonyms: tuple[str, ...] = ()) -> Field:
    """Return a column that says yes or no."""
    return Field(
        code,
        label,
        cells.text(20),
        synonyms=synonyms,
        choices=lambda _landlord_id: [(value, str(said)) for value, said in _ANSWERS],
        value_synonyms=_SAID,
        help=_("Oui ou non."),
    )


_FLAGS = ("needs_commitment", "pieces_to_finish", "contractor_cancels", "on_call_days_off")
CLAUSES = (
    Field(
        "urgent_ack_hours",
        _("Prise en charge d’une urgence (heures)"),
        whole(MOST_HOURS),
        synonyms=("prise en charge", "accusé urgence"),
    ),
    Field(
        "variation_hours",
        _("Réponse à un devis urgent (heures)"),
        whole(72),
        synonyms=("devis urgent",),
    ),
    Field(
        "regularisation_days",
        _("Délai de régularisation (jours ouvrés)"),
        whole(30),
        synonyms=("régularisation", "délai de régularisation"),
    ),
    Field(
        "attribution",
        _("Règle d’attribution"),
        cells.text(60),
        synonyms=("attribution", "mode d’attribution"),
        choices=lambda _landlord_id: [(value, str(label)) for value, label in Attribution.choices],
        value_synonyms={
            "unique": "single",
            "mono attributaire": "single",
            "cascade": "cascade",
            "rotation": "rotation",
            "tour de role": "rotation",
        },
        help=_("Par périmètre : avec la colonne « Périmètre »."),
    ),
    Field(
        "attribution_rank",
        _("Rang d’attribution"),
        whole(99),
        synonyms=("rang", "rang cascade"),
    ),
    Field(
        "attribution_share",
        _("Part des commandes (%)"),
        whole(100),
        synonyms=("part", "quote-part"),
    ),
    Field(
        "pieces",
        _("Pièces de la facture"),
        cells.text(400),
        synonyms=("pièces", "pièces exigées", "justificatifs"),
        help=_("Séparées par des virgules ou des points-virgules, comme au marché."),
    ),
    yes_or_no(
        "pieces_to_finish", _("Pièces exigées avant de terminer"), ("pièces avant fin de travaux",)
    ),
    yes_or_no("needs_commitment", _("Numéro d’engagement exigé"), ("engagement exigé",)),
    yes_or_no("contractor_cancels", _("L’entreprise peut annuler"), ("annulation entreprise",)),
    Field(
        "tacit_clause",
        _("Clause de constat tacite"),
        cells.text(300),
        synonyms=("constat tacite", "clause tacite"),
    ),
    Field(
        "on_call_cap",
        _("Plafond d’une astreinte HT"),
        money,
        synonyms=("astreinte", "plafond astreinte"),
        help=_("Une somme ouvre l’astreinte ; 0 la ferme."),
    ),
    Field("on_call_from", _("Astreinte, de"), hour, synonyms=("début astreinte",)),
    Field("on_call_to", _("Astreinte, à"), hour, synonyms=("fin astreinte",)),
    yes_or_no("on_call_days_off", _("Astreinte : week-ends et jours fériés")),
    Field(
        "on_call_hours",
        _("Astreinte : arrivée (heures)"),
        whole(72),
        synonyms=("délai astreinte",),
    ),
    Field(
        "on_call_phone",
        _("Numéro d’astreinte"),
        cells.phone,
        synonyms=("téléphone astreinte", "tel astreinte"),
    ),
)


def folded(word: str) -> str:
    """Return a word as codes and labels are compared."""
    return " ".join(unaccented(word.casefold()).split())


_PIECES = {
    folded(word): code for code, label in InvoicePiece.choices for word in (code, str(label))
}


def listed(row: Row, name: str, known: Mapping[str, str], reason: str) -> tuple[str, ...] | Fault:
    """Return the codes that a cell names, each once; a Fault for a word that isn't known."""
    codes = []
    for word in row.get(name).replace(";", ",").split(","):
        if not word.strip():
            continue
        code = known.get(folded(word))
        if code is None:
            return Fault(row.columns[name], word.strip(), reason)
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def read_clauses(row: Row, said: dict[str, Any]) -> Fault | None:
    """Turn what a row says of clauses into terms, in place; a Fault for an unknown piece."""
    for name in _FLAGS:
        if name in said:
            said[name] = said[name] == YES
    if "pieces" in said:
        found = listed(row, "pieces", _PIECES, "cette pièce n’est pas dans la liste")
        if isinstance(found, Fault):
            return found
        said["pieces"] = found
    if "on_call_cap" in said:
        cap = said["on_call_cap"]
        said |= {"on_call": bool(cap), "on_call_cap": cap or None}
    return None
