"""Causes: kept up by the platform's staff."""

from __future__ import annotations

import logging

from django.db import transaction

from contractors.models import Cause
from nexxio.core.actors import Actor

logger = logging.getLogger(__name__)


@transaction.atomic
def save_cause(*, actor: Actor, cause: Cause) -> None:
    """Save a cause that was filled in and checked. The administration's journal says who did."""
    cause.save()
    logger.info("cause %s saved by %s", cause.pk, actor.user_id)
