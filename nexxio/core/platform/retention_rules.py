"""How long personal data of orders are kept: asked for by the clock, kept up by staff."""

from __future__ import annotations

import logging

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.models import RetentionCode, RetentionRule

logger = logging.getLogger(__name__)


def months_kept(code: RetentionCode) -> int | None:
    """Return for how many months after its closing an order keeps something; None for ever."""
    return RetentionRule.objects.filter(code=code).values_list("months", flat=True).first()


@transaction.atomic
def save_retention_rule(*, actor: Actor, rule: RetentionRule) -> None:
    """Save a duration that was filled in and checked."""
    rule.save()
    logger.info("retention of %s set to %d months by %s", rule.code, rule.months, actor.user_id)
