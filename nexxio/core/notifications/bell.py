"""The bell: what a member was told in one organisation, and what he has read of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.models import Absence, Event, Membership, Notification

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


def heads(organisation_id: UUID, department: str) -> list[Membership]:
    """Return who leads a service; all managers where it has none of its own, or isn't named."""
    managers = list(members_with(organisation_id, Role.MANAGER))
    own = [member for member in managers if department and member.department == department]
    return own or managers


def present(organisation_id: UUID, members: Iterable[Membership]) -> list[Membership]:
    """Return whom a reminder may reach today: those who are there, and who stands in for others.

    Nobody is reminded of anything while he is absent. Runs in a system scope.
    """
    found = {member.user_id: member for member in members}
    today = clock.today()
    away = {
        absence.member.user_id: absence.substitute
        for absence in Absence.objects.filter(
            organisation_id=organisation_id,
            ended_at__isnull=True,
            starts_on__lte=today,
            ends_on__gte=today,
        ).select_related("member", "substitute__user")
    }
    for user_id in [user_id for user_id in found if user_id in away]:
        del found[user_id]
        substitute = away[user_id]
        if substitute is None or not (substitute.is_active and substitute.user.is_active):
            continue
        if substitute.user_id not in away:
            found.setdefault(substitute.user_id, substitute)
    return list(found.values())


def reachable(organisation_id: UUID, members: Iterable[Membership]) -> list[Membership]:
    """Return whom something that can't wait reaches today: those who are there or stand in, else
    the rest of the desk, else whoever leads it. Runs in a system scope.
    """
    return (
        present(organisation_id, members)
        or present(organisation_id, members_with(organisation_id, Role.MANAGER, Role.CLERK))
        or heads(organisation_id, "")
    )


def told_today(
    event: Event,
    organisation_id: UUID,
    members: Iterable[Membership],
    *,
    kinds: Iterable[str],
    about: Mapping[str, Any],
) -> set[UUID]:
    """Return which persons have heard of something today: one alert per person and thing a day.

    kinds: of notices; about: what of their event says that it is the same thing. The event that
    is being told doesn't count. Runs in a system scope.
    """
    midnight = clock.midnight()
    told = Notification.objects.filter(
        user_id__in=[member.user_id for member in members],
        organisation_id=organisation_id,
        kind__in=list(kinds),
        created_at__gte=midnight,
        **about,
    ).exclude(event_id=event.pk)
    return set(told.values_list("user_id", flat=True))


def unread_count(actor: Actor) -> int:
    """Return how many notices the actor has not read, counted up to a hundred."""
    return _mine(actor).filter(read_at__isnull=True)[:COUNT_CAP].count()


class _Count(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def unread_of_member() -> Subquery:
    """Return `unread_count` as an expression on a query of memberships."""
    waiting = Notification.objects.filter(
        user=OuterRef("user_id"), organisation=OuterRef("organisation_id"), read_at__isnull=True
    )
    return _Count(waiting.order_by().values("pk")[:COUNT_CAP])


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
