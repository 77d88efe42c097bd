"""Trades to choose among: platform data that hardly ever changes, read from the cache."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from orders.models import Trade

_KEY = "orders.trades"
_SECONDS = 300

Choice = tuple[str, str]


def trade_choices() -> list[Choice]:
    """Return code and label of all trades, by label; at most five minutes old."""
    known: list[Choice] | None = cache.get(_KEY)
    if not known:  # an empty list is no answer: the first trades may just be on their way in
        known = list(Trade.objects.values_list("code", "label"))
        cache.set(_KEY, known, _SECONDS)
    return known


@receiver([post_save, post_delete], sender=Trade)
def _forget(**_signal: Any) -> None:
    cache.delete(_KEY)
