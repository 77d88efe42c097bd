"""Whom a session that a code opened stands for. The look-up precedes every scope."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import EntryCode, LinkPurpose

PURPOSES = frozenset({LinkPurpose.FOLLOW.value, LinkPurpose.CHOOSE_SLOT.value})


@dataclass(frozen=True)
class Resident:
    """A tenant, by his keys alone."""

    tenant_id: UUID
    landlord_id: UUID

    def actor(self, *, case_id: UUID | None = None) -> Actor:
        """Return the tenant as an actor, for one case or for all of his."""
        return Actor(
            side=Side.TENANT,
            name="Locataire",
            organisation_id=self.landlord_id,
            tenant_id=self.tenant_id,
            case_id=case_id,
            purposes=PURPOSES,
        )


def open_entry(entry_id: UUID) -> EntryCode | None:
    """Return the code whose session is open; None when it ended, or was never opened."""
    return EntryCode.objects.filter(pk=entry_id, ends_at__gt=clock.now()).first()


def waiting_entry(entry_id: UUID) -> EntryCode | None:
    """Return the code that may still be typed."""
    return EntryCode.objects.filter(
        pk=entry_id, used_at__isnull=True, expires_at__gt=clock.now()
    ).first()


def residents_of(entry: EntryCode) -> list[Resident]:
    """Return who is reached at the entry's contact and lives somewhere today.

    One person may be the tenant of several landlords, and a phone may serve a household. Asked
    again at each page: a contact that a landlord changes, or an occupancy that ends, closes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tenant_id, landlord_id FROM nexxio_find_tenants(%s, %s, %s)",
            [entry.channel, entry.contact, clock.today()],
        )
        return [Resident(tenant_id, landlord_id) for tenant_id, landlord_id in cursor.fetchall()]


def last_entries(count: int) -> list[EntryCode]:
    """Return what was asked for last: for the demo's outbox only."""
    return list(EntryCode.objects.order_by("-created_at")[:count])
