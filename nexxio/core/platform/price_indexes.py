"""Price indexes: asked for by month, kept up by the platform's staff."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.models import PriceIndex, PriceIndexValue

logger = logging.getLogger(__name__)


def index_choices() -> list[tuple[str, str]]:
    """Return the series by code, for a form."""
    return [(one.code, str(one)) for one in PriceIndex.objects.all()]


def index_values(
    codes: Iterable[str], months: Iterable[date]
) -> dict[tuple[str, date], PriceIndexValue]:
    """Return what is known of some series in some months (first days). One query."""
    found = PriceIndexValue.objects.filter(index_id__in=list(codes), month__in=list(months))
    return {(one.index_id, one.month): one for one in found}


@transaction.atomic
def save_index(*, actor: Actor, index: PriceIndex) -> None:
    """Save a series that was filled in and checked."""
    index.save()
    logger.info("price index %s saved by %s", index.pk, actor.user_id)


@transaction.atomic
def save_index_value(*, actor: Actor, value: PriceIndexValue) -> None:
    """Save a month's value that was filled in and checked."""
    value.save()
    logger.info("price index value %s saved by %s", value.pk, actor.user_id)
