"""The filters that are set, each as a chip that takes it away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from nexxio.core.actors import Actor
from nexxio.core.templatetags.ui import NBSP, day, money_text
from orders.selectors import criteria, lists
from orders.selectors.narrowing import Offer, place_names
from orders.views.common import SILENCES, TURNS, list_states
from orders.views.saved import WHOLE

_MOMENTS = {criteria.ISSUED: "Émise", criteria.TARGET: "À faire", criteria.DONE: "Réalisée"}
MOMENTS = list(_MOMENTS.items())
_ALWAYS_OUT = ("apres", "avant")


def filter_chips(
    actor: Actor, filters: lists.Filters, query: QueryDict, offer: Offer, trades: Iterable[Any]
) -> list[dict[str, Any]]:
    """Return what narrows the list, each with the address of the list without it."""
    asked = filters.criteria
    places = place_names(actor, asked)
    told = [
        (("q",), f"« {filters.q} »" if filters.q else ""),
        (("etat",), _named(filters.state, [("open", _("En cours")), *list_states()])),
        (("corps",), _named(filters.trade, trades)),
        (("tour",), _named(filters.holder, TURNS[actor.side])),
        (("silence",), _named(filters.silence, SILENCES)),
        (("priorite",), _("Urgentes") if filters.priority == "urgent" else ""),
        (("retard",), _("En retard") if filters.late else ""),
        (
            (criteria.COMPANY, criteria.HOUSE),
            _named(str(asked.company or ""), offer.others, unknown=_("Autre entreprise")),
        ),
        (
            (criteria.CONTRACT,),
            _named(str(asked.contract or ""), offer.contracts, unknown=_("Autre marché")),
        ),
        ((criteria.GROUP,), (places.get("group") or _("Résidence")) if asked.group else ""),
        ((criteria.UNIT,), (places.get("unit") or _("Logement")) if asked.unit else ""),
        ((criteria.NATURE,), _named(asked.nature, offer.natures)),
        (
            (criteria.HAZARD,),
            _named(asked.hazard, [(criteria.ANY_HAZARD, _("Avec danger")), *offer.hazards]),
        ),
        ((criteria.SITUATION,), _named(asked.situation, offer.situations)),
        ((criteria.MOMENT, criteria.SINCE, criteria.UNTIL), _period(asked)),
        ((criteria.LEAST,), _sum("≥", asked.least)),
        ((criteria.MOST,), _sum("≤", asked.most)),
    ]
    return [
        {"label": label, "url": _without(query, keys), "icon": "x"} for keys, label in told if label
    ]


def _named(code: str, choices: Iterable[Any], unknown: str = "") -> str:
    if not code:
        return ""
    return next((str(label) for value, label in choices if value == code), unknown or code)


def _period(asked: criteria.Criteria) -> str:
    if not asked.moment:
        return ""
    parts: list[tuple[str, date | None]] = [("du", asked.since), ("au", asked.until)]
    told = " ".join(f"{word} {day(value, 'short')}" for word, value in parts if value)
    return f"{_MOMENTS[asked.moment]} {told}"


def _sum(sign: str, euros: Decimal | None) -> str:
    return f"{sign}{NBSP}{money_text(euros)}" if euros is not None else ""


def _without(query: QueryDict, keys: Iterable[str]) -> str:
    rest = query.copy()
    for key in (*keys, *_ALWAYS_OUT):
        rest.pop(key, None)
    return f"?{rest.urlencode() or WHOLE}"
