"""Which columns a list of orders shows: a person chooses, the order of columns stays the same.

The order itself (what, reference, urgency) is always there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side

KEY, AGAIN = "colonnes", "affichees"
PLACE, TRADE, STATE, TURN, OTHER = "lieu", "corps", "etat", "tour", "partie"
CREATED, DUE, TOTAL = "creation", "echeance", "montant"
ALL = (PLACE, TRADE, STATE, TURN, OTHER, CREATED, DUE, TOTAL)
USUAL = (PLACE, STATE, TURN, OTHER, DUE, TOTAL)
_LABELS: dict[str, str | Promise] = {
    PLACE: _("Lieu"),
    TRADE: _("Corps d’état"),
    STATE: _("État"),
    TURN: _("À qui le tour"),
    CREATED: _("Créée le"),
    DUE: _("Échéance"),
    TOTAL: _("Montant TTC"),
}
_OTHERS = {Side.LANDLORD: _("Entreprise"), Side.CONTRACTOR: _("Bailleur")}


@dataclass(frozen=True)
class Choice:
    """A column as a form offers it."""

    code: str
    label: str
    is_shown: bool


def written(codes: Iterable[str]) -> str:
    """Return known columns as the value of KEY: in their order, each once; "" for none."""
    wanted = set(codes)
    return ",".join(code for code in ALL if code in wanted)


def as_query(codes: Iterable[str]) -> str:
    """Return known columns as a query string; "" for the usual ones and for none."""
    value = written(codes)
    return "" if value in ("", written(USUAL)) else urlencode({KEY: value})


def shown(query: Mapping[str, str], remembered: str = "") -> tuple[str, ...]:
    """Return the columns that a query asks for, else the remembered ones, else the usual ones.

    remembered: a query string as `as_query` writes it. What is no column is dropped. A fragment
    of the list says which ones its page shows (AGAIN).
    """
    kept = parse_qs(remembered).get(KEY, [""])[0]
    for value in (query.get(AGAIN, ""), query.get(KEY, ""), kept):
        codes = written(value.split(","))
        if codes:
            return tuple(codes.split(","))
    return USUAL


def choices(columns: Iterable[str], side: Side) -> list[Choice]:
    """Return every column, and which of them are shown."""
    wanted = set(columns)
    labels = {**_LABELS, OTHER: _OTHERS[side]}
    return [Choice(code, str(labels[code]), code in wanted) for code in ALL]
