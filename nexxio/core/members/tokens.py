"""Tokens of invitations: derived from id and issue with the links' key, found by their hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse

from nexxio.core.links import hash_of, keyed, token_from
from nexxio.core.models import Invitation

LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Found:
    """What the look-up tells the holder of a token.

    state: open, accepted, revoked, closed (the organisation), expired. account: whose address it
    is, None when nobody's.
    """

    id: UUID
    organisation_id: UUID
    organisation: str
    kind: str
    slug: str
    email: str
    department: str
    roles: list[str]
    inviter: str
    expires_at: datetime
    state: str
    account: UUID | None


def token_of(invitation_id: UUID, issue: int) -> str:
    """Return the token of one sending of an invitation."""
    return token_from(keyed("invitation", invitation_id.bytes + str(issue).encode()))


def seal(invitation: Invitation) -> None:
    """Put the hash of the present sending's token on an invitation."""
    invitation.token_hash = hash_of(token_of(invitation.pk, invitation.issue))


def url_of(invitation: Invitation) -> str:
    """Return the full address that the message carries."""
    token = token_of(invitation.pk, invitation.issue)
    return str(settings.SITE_URL) + reverse("members:invitation", args=[token])


def find(token: str) -> Found | None:
    """Look a token up; None when no invitation has it (forged, or sent again since)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, organisation_id, organisation, kind, slug, email, department, roles,"
            " inviter, expires_at, state, account FROM nexxio_find_invitation(%s)",
            [hash_of(token)],
        )
        row = cursor.fetchone()
    return None if row is None else Found(*row)
