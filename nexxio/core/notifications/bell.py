"""The bell: what a member was told in one organisation, and what he has read of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.models import Membership, Notification

COUNT_CAP = 100
SHOWN = 60


def members_with(organisation_id: UUID, *roles: Role) -> QuerySet[Membership]:
    """Return an organisation's active members who hold one of `roles`, each person once.

    Whoever is told of something by the bell. Runs in a system scope.
    """
    return (
        Membership.objects.filter(
            organisation_id=organisation_id,
            is_active=True,
            user__is_active=True,
            roles__overlap=[role.value for role in roles],
        )
        .order_by("user_id", "created_at")
        .distinct("user_id")
    )


def unread_count(actor: Actor) -> int:
    """Return how many notices the actor has not read, counted up to a hundred."""
    return _mine(actor).filter(read_at__isnull=True)[:COUNT_CAP].count()


def last_notices(actor: Actor) -> list[Notification]:
    """Return the actor's last notices, newest first."""
    return list(_mine(actor).order_by("-created_at")[:SHOWN])


def mark_all_read(*, actor: Actor) -> None:
    """Mark all that the actor was told in his organisation as read."""
    _mine(actor).filter(read_at__isnull=True).update(read_at=clock.now())


def open_notice(*, user_id: UUID, pk: UUID) -> str:
    """Mark one of a person's notices as read; return where it points, "" without such a notice."""
    notice = Notification.objects.filter(pk=pk, user_id=user_id).first()
    if notice is None:
        return ""
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice.url


def _mine(actor: Actor) -> QuerySet[Notification]:
    return Notification.objects.filter(user=actor.user_id, organisation_id=actor.own_id)
