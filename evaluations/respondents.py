"""Which members a house asks about itself."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from evaluations.quarters import Quarter
from nexxio.core.actors import Role
from nexxio.core.models import Membership
from nexxio.core.notifications import bell


def asked_members(organisation_id: UUID, quarter: Quarter) -> QuerySet[Membership]:
    """Return whom a house asks about a quarter: members who joined before it ended, each once.

    Not those who came later: accounts of his own that a manager makes when the quarter is over
    would answer too, and leave one real answer among marks that he knows.
    """
    return bell.members_with(organisation_id, *Role).filter(created_at__lt=quarter.ends_at)
