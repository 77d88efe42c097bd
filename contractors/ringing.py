"""Bells of a house that several kinds of notice share. Runs in a system scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nexxio.core.actors import Role
from nexxio.core.models import Event, Membership, Organisation
from nexxio.core.notifications import Notice, bell

ACCOUNTS = "comptabilite"


def desk_of(house: Organisation) -> list[Membership]:
    """Return the desk of a house: its managers and clerks."""
    return list(bell.members_with(house.pk, Role.MANAGER, Role.CLERK))


def accounts_of(house: Organisation) -> list[Membership]:
    """Return who pays at a landlord: its accounts; its managers where it has none."""
    desk = desk_of(house)
    own = [member for member in desk if member.department == ACCOUNTS]
    return own or bell.heads(house.pk, "")


def rings(
    event: Event, house: Organisation, members: Iterable[Membership], title: str, url: str
) -> Iterator[Notice]:
    """Ring each member's bell, but not that of whoever did it himself."""
    for member in members:
        if member.user_id != event.actor_user_id:
            yield Notice(
                title=title[:200],
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )
