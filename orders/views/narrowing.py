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
from orders.models import Order
from orders.selectors import criteria, lists, situations
from orders.selectors.narrowing import offer_of, party_names, place_names
from orders.states import Hazard, Nature
from orders.views.common import SILENCES, TURNS, list_states
from orders.views.saved import WHOLE

_MOMENTS = {criteria.ISSUED: "Émise", criteria.TARGET: "À faire", criteria.DONE: "Réalisée"}
MOMENTS = list(_MOMENTS.items())
OPENED = "filtres"
"""Asks for the list with the panel of filters open, where no script opens it."""
_ALWAYS_OUT = ("apres", "avant", OPENED)


def panel_of(actor: Actor, query: QueryDict, url: str) -> dict[str, Any]:
    """Return what « Plus de filtres » shows: what there is to choose from only once it is open.

    url: of the fragment with the controls.
    """
    rest = query.copy()
    for key in _ALWAYS_OUT:
        rest.pop(key, None)
    return {
        "offer": offer_of(actor) if query.get(OPENED) else None,
        "moments": MOMENTS,
        "query": rest.urlencode(),
        "kept": [(key, rest[key]) for key in criteria.KEYS if rest.get(key)],
        "url": url,
    }


def filter_chips(
    actor: Actor,
    filters: lists.Filters,
    query: QueryDict,
    trades: Iterable[Any],
    orders: Iterable[Order] = (),
) -> list[dict[str, Any]]:
    """Return what narrows the list, each with the address of the list without it.

    orders: those that are shown; they say what company and contract are called.
    """
    asked = filters.criteria
    places, parties = place_names(actor, asked), party_names(actor, asked, orders)
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
            (parties.get("company") or _("Autre entreprise")) if asked.company else "",
        ),
        (
            (criteria.CONTRACT,),
            (parties.get("contract") or _("Autre marché")) if asked.contract else "",
        ),
        ((criteria.GROUP,), (places.get("group") or _("Résidence")) if asked.group else ""),
        ((criteria.UNIT,), (places.get("unit") or _("Logement")) if asked.unit else ""),
        ((criteria.NATURE,), _named(asked.nature, Nature.choices)),
        (
            (criteria.HAZARD,),
            _named(asked.hazard, [(criteria.ANY_HAZARD, _("Avec danger")), *Hazard.choices]),
        ),
        ((criteria.SITUATION,), _named(asked.situation, situations.choices(actor.side))),
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
