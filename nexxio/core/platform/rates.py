"""Rates: asked for by day, kept up by the platform's staff."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from nexxio.core.actors import Actor
from nexxio.core.models import Rate, RateKind

logger = logging.getLogger(__name__)


def rate_on(kind: RateKind, day: date, *, code: str = "") -> Rate | None:
    """Return the rate of a day; None where none is known: then no amount may be printed."""
    return _covering(Rate.objects.filter(kind=kind, code=code), day, day).first()


def rates_on(kind: RateKind, day: date) -> list[Rate]:
    """Return the rates of a kind that hold on a day, one for each code."""
    return list(_covering(Rate.objects.filter(kind=kind), day, day).order_by("-value"))


def all_rates(kinds: Iterable[str]) -> list[Rate]:
    """Return all rates of some kinds, of any day."""
    return list(Rate.objects.filter(kind__in=list(kinds)))


def overlapping(rate: Rate) -> Rate | None:
    """Return a row that says something else of a day that `rate` is for; None when it fits."""
    others = Rate.objects.filter(kind=rate.kind, code=rate.code).exclude(pk=rate.pk)
    return _covering(others, rate.starts_on, rate.ends_on).order_by("starts_on").first()


@transaction.atomic
def save_rate(*, actor: Actor, rate: Rate) -> None:
    """Save a rate that was filled in and checked."""
    rate.save()
    logger.info("rate %s saved by %s", rate.pk, actor.user_id)


def _covering(rates: QuerySet[Rate], first: date, last: date | None) -> QuerySet[Rate]:
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=first)
    begun = Q(starts_on__lte=last) if last is not None else Q()
    return rates.filter(open_ended, begun)
