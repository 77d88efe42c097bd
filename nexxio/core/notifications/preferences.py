"""What a member is told, and how: every kind is on until he switches a channel off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor
from nexxio.core.errors import Refused
from nexxio.core.members import events
from nexxio.core.members.services import tell
from nexxio.core.models import Membership, NoticeMute
from nexxio.core.notifications.registry import Kind, Notice, all_kinds

CHANNELS = {"bell": _("Dans Nexxio"), "sms": _("SMS"), "email": _("E-mail")}
"""Channels in the order of the page's columns."""


@dataclass(frozen=True)
class Tick:
    """A channel of a kind. name: of the box, "" where the kind doesn't go that way."""

    channel: str
    label: Any
    name: str
    is_on: bool


@dataclass(frozen=True)
class Line:
    """A kind among a member's preferences. in_part: some of its events are always told."""

    label: Any
    always: bool
    in_part: bool
    ticks: list[Tick]


def shown_kinds(actor: Actor) -> list[Kind]:
    """Return the kinds that may tell a member of the actor's side, those always sent last."""
    found = [kind for kind in all_kinds() if kind.label and actor.side in kind.sides]
    return sorted(found, key=lambda kind: (kind.always, str(kind.label)))


def preferences_of(actor: Actor) -> list[Line]:
    """Return the actor's preferences, a line for each kind. One query."""
    muted = set(_own(actor).values_list("kind", "channel"))
    return [
        Line(
            kind.label,
            kind.always,
            bool(kind.anyway),
            [
                Tick(
                    channel,
                    label,
                    f"{kind.name}:{channel}" if channel in kind.channels else "",
                    kind.always or (kind.name, channel) not in muted,
                )
                for channel, label in CHANNELS.items()
            ],
        )
        for kind in shown_kinds(actor)
    ]


@transaction.atomic
def choose_notices(*, actor: Actor, wanted: Collection[str]) -> int:
    """Keep which notices the actor wants in this organisation; returns how many boxes are off.

    wanted: boxes that are ticked, "kind:channel"; unknown ones and those of kinds that are always
    sent say nothing. The same choice again changes nothing. Locks the membership. Raises Refused
    for who isn't a member.
    """
    if actor.membership_id is None:
        raise Refused("Ces préférences sont celles d’un membre.", code="role")
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.membership_id)
    boxes = {
        f"{kind.name}:{channel}": (kind.name, channel)
        for kind in shown_kinds(actor)
        if not kind.always
        for channel in kind.channels
    }
    off = {pair for name, pair in boxes.items() if name not in wanted}
    rows = {(row.kind, row.channel): row for row in _own(actor)}
    gone = [row.pk for pair, row in rows.items() if pair not in off]
    new = off - rows.keys()
    if not gone and not new:
        return len(off)
    _own(actor).filter(pk__in=gone).delete()
    NoticeMute.objects.bulk_create(
        NoticeMute(
            organisation_id=actor.own_id,
            membership_id=actor.membership_id,
            kind=kind,
            channel=channel,
        )
        for kind, channel in sorted(new)
    )
    tell(actor, events.NoticesChosen(off=len(off)), actor.membership_id, "member")
    return len(off)


@dataclass(frozen=True)
class Mutes:
    """What the readers of an event's notices of one kind have switched off."""

    bells: frozenset[tuple[UUID, UUID]]
    """Organisation and user."""
    addresses: frozenset[tuple[UUID, str]]
    """Membership and channel."""

    def silences(self, notice: Notice) -> bool:
        """Tell whether the bell of a notice is off."""
        return (notice.bell_organisation_id, notice.bell_user_id) in self.bells

    def channels(self, notice: Notice) -> set[str]:
        """Return the channels that are off for a notice's addresses."""
        return {channel for member, channel in self.addresses if member == notice.member_id}


def mutes_of(kind: Kind, event_kind: str, told: Sequence[Notice]) -> Mutes:
    """Return what is off among some notices of a kind. One query, or none; in a system scope."""
    bells = [one for one in told if one.bell_user_id and one.bell_organisation_id]
    members = {one.member_id for one in told if one.member_id}
    always = kind.always or event_kind in kind.anyway
    if always or not kind.label or not (bells or members):
        return Mutes(frozenset(), frozenset())
    of_bells = Q(
        channel="bell",
        organisation_id__in={one.bell_organisation_id for one in bells},
        membership__user_id__in={one.bell_user_id for one in bells},
    )
    rows = NoticeMute.objects.filter(
        of_bells | Q(membership_id__in=members), kind=kind.name, membership__is_active=True
    ).values_list("organisation_id", "membership__user_id", "membership_id", "channel")
    found = list(rows)
    return Mutes(
        frozenset((house, user) for house, user, _member, channel in found if channel == "bell"),
        frozenset((member, channel) for _house, _user, member, channel in found),
    )


# --- inside -----------------------------------------------------------------------------------


def _own(actor: Actor) -> Any:
    return NoticeMute.objects.filter(organisation_id=actor.own_id, membership_id=_member(actor))


def _member(actor: Actor) -> UUID:
    assert actor.membership_id is not None
    return actor.membership_id
