"""Estimates of roll-outs as a file: one line by perimeter and indicator."""

from __future__ import annotations

from evaluations.impact_terms import TERMS, Indicator
from evaluations.selectors.impact_words import reading
from orders.list_files import Column

_UNITS = {"share": "%", "days": "jours", "euros": "€"}


def _mean(name: str) -> Column:
    titles = {
        "before": "Périmètre avant",
        "after": "Périmètre après",
        "other_before": "Comparés avant",
        "other_after": "Comparés après",
    }
    return Column(titles[name], 16, lambda pair: getattr(pair[1], f"mean_{name}"))


def _count(name: str) -> Column:
    titles = {
        "before": "n périmètre avant",
        "after": "n périmètre après",
        "other_before": "n comparés avant",
        "other_after": "n comparés après",
    }
    return Column(titles[name], 14, lambda pair: str(getattr(pair[1], f"n_{name}")))


_CELLS = ("before", "after", "other_before", "other_after")
COLUMNS = (
    Column("Périmètre", 40, lambda pair: pair[0].label),
    Column("Mise en service", 14, lambda pair: pair[0].rollout.starts_on),
    Column("Référence depuis", 14, lambda pair: pair[0].rollout.baseline_on),
    Column("Observé jusqu’au (exclu)", 14, lambda pair: pair[1].until),
    Column("Indicateur", 34, lambda pair: str(Indicator(pair[1].indicator).label)),
    Column("Unité", 8, lambda pair: _UNITS[TERMS[Indicator(pair[1].indicator)].unit]),
    Column("Périmètres comparés", 14, lambda pair: str(pair[1].others)),
    *(_count(name) for name in _CELLS),
    *(_mean(name) for name in _CELLS),
    Column("Effet", 12, lambda pair: pair[1].effect),
    Column("Borne basse (90 %)", 12, lambda pair: pair[1].low),
    Column("Borne haute (90 %)", 12, lambda pair: pair[1].high),
    Column("Lecture", 40, lambda pair: reading(pair[1])),
)
