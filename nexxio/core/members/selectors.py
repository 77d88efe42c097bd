"""What the members' pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Channel, Role, Side
from nexxio.core.events import describe, event_type
from nexxio.core.identity.events import SecondFactorRequired
from nexxio.core.identity.factors import having_factors
from nexxio.core.members import events
from nexxio.core.members.absences import absences_of, may_set
from nexxio.core.members.wording import department_text, roles_text
from nexxio.core.models import (
    Absence,
    EntryPage,
    Event,
    Invitation,
    Membership,
    Message,
    MessageState,
    PlatformEntry,
)
from nexxio.core.platform import events as platform
from nexxio.core.territories.selectors import names_of, territory_text

PER_PAGE = 50
_HISTORY = 200
_ENTRIES = 50
_KINDS = [
    cls.kind
    for cls in (
        events.MemberInvited,
        events.InvitationResent,
        events.InvitationRevoked,
        events.MemberJoined,
        events.MemberChanged,
        events.MemberDeactivated,
        events.MemberReactivated,
        events.AbsenceNoted,
        events.AbsenceEnded,
        events.PlatformEntered,
        events.PlatformSentOut,
        SecondFactorRequired,
    )
] + platform.KINDS


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; state: "" (active), "inactive" or "all"."""

    q: str = ""
    role: str = ""
    department: str = ""
    state: str = ""

    @property
    def is_active(self) -> bool:
        """Whether anything is narrowed."""
        return any((self.q, self.role, self.department, self.state))


@dataclass(frozen=True)
class MemberRow:
    """One member in words; is_self: nobody changes his own rights.

    has_factor: he has a second factor, whatever it is.
    """

    member: Membership
    roles: str
    department: str
    is_self: bool
    has_factor: bool
    territory: str = ""
    absence: Absence | None = None
    can_be_absent: bool = False

    @property
    def is_absent(self) -> bool:
        """Tell whether the absence runs today."""
        return self.absence is not None and self.absence.starts_on <= clock.today()


def members(actor: Actor, filters: Filters) -> QuerySet[Membership]:
    """Return the members of the actor's house that match, by name."""
    found = Membership.objects.filter(organisation_id=actor.own_id).select_related("user")
    if filters.state != "all":
        found = found.filter(is_active=filters.state != "inactive")
    if filters.role in {role.value for role in Role}:
        found = found.filter(roles__contains=[filters.role])
    if filters.department:
        found = found.filter(department=filters.department)
    for word in filters.q.split()[:5]:
        found = found.filter(
            Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__email__icontains=word)
        )
    return found.order_by("user__last_name", "user__first_name", "user__email", "id")


def member_page(actor: Actor, filters: Filters, number: str) -> Page[Membership]:
    """Return one page of members; the nearest one when there is no such page."""
    return Paginator(members(actor, filters), PER_PAGE).get_page(number)


def rows(actor: Actor, found: Iterable[Membership]) -> list[MemberRow]:
    """Put members into words. Four queries at most, however many there are."""
    members = list(found)
    protected = having_factors(member.user_id for member in members)
    names = names_of(actor) if actor.side is Side.LANDLORD else {}
    absences = absences_of(actor.own_id, members)
    return [
        MemberRow(
            member=member,
            roles=roles_text(member.roles, actor.side),
            department=department_text(member.department),
            is_self=member.user_id == actor.user_id,
            has_factor=member.user_id in protected,
            territory=territory_text(member.agency_id, member.sector_id, names),
            absence=absences.get(member.pk),
            can_be_absent=member.is_active and may_set(actor, member),
        )
        for member in members
    ]


@dataclass(frozen=True)
class PendingRow:
    """An invitation that waits, and how its message fares (label, tone, icon)."""

    invitation: Invitation
    roles: str
    department: str
    is_expired: bool
    delivery: tuple[str, str, str]
    sent_at: datetime | None


_DELIVERY = {
    MessageState.QUEUED.value: ("waiting", "hourglass"),
    MessageState.SENT.value: ("success", "mail-check"),
    MessageState.FAILED.value: ("danger", "mail-off"),
}


def pending(actor: Actor) -> list[PendingRow]:
    """Return the invitations of the actor's house that nobody accepted yet, newest first."""
    found = list(
        Invitation.objects.filter(
            organisation_id=actor.own_id, accepted_at__isnull=True, revoked_at__isnull=True
        ).order_by("-created_at")[:_HISTORY]
    )
    messages = {
        message.event.subject_id: message
        for message in Message.objects.filter(
            landlord_id=actor.own_id,
            event__landlord_id=actor.own_id,
            event__subject_id__in=[invitation.pk for invitation in found],
        )
        .select_related("event")
        .order_by("created_at")
    }
    return [_pending_row(actor, one, messages.get(one.pk)) for one in found]


def _pending_row(actor: Actor, invitation: Invitation, message: Message | None) -> PendingRow:
    state = message.state if message else MessageState.QUEUED.value
    tone, icon = _DELIVERY[state]
    return PendingRow(
        invitation=invitation,
        roles=roles_text(invitation.roles, actor.side),
        department=department_text(invitation.department),
        is_expired=invitation.expires_at <= clock.now(),
        delivery=(str(MessageState(state).label), tone, icon),
        sent_at=message.sent_at if message else None,
    )


def member(actor: Actor, pk: UUID) -> Membership | None:
    """Return a member of the actor's house."""
    return (
        Membership.objects.filter(organisation_id=actor.own_id, pk=pk)
        .select_related("user")
        .first()
    )


@dataclass(frozen=True)
class HistoryLine:
    """One line of the members' history (components/timeline.html); undo: the event to take back."""

    text: str
    happened_at: datetime
    channel: str
    icon: str
    tone: str
    recorded_at: datetime | None = None
    undo: UUID | None = None


def history(actor: Actor) -> list[HistoryLine]:
    """Return who did what when among the members, the platform's staff included, newest first."""
    found = list(
        Event.objects.filter(landlord_id=actor.own_id, order_id__isnull=True, kind__in=_KINDS)
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")[:_HISTORY]
    )
    names, people = _people(actor, found)
    places = {str(pk): name for pk, name in names_of(actor).items()}
    undoable = _undoable(actor, found, people)
    lines = []
    for event in found:
        cls = event_type(event.kind)
        text = _sentence(event, names, places, actor.side)
        if text is None or cls is None:
            continue
        lines.append(
            HistoryLine(
                text=text,
                happened_at=event.happened_at,
                channel=Channel(event.channel).label,
                icon=cls.icon,
                tone=cls.tone,
                undo=event.pk if event.pk in undoable else None,
            )
        )
    return lines


def _sentence(
    event: Event, names: Mapping[UUID, str], places: Mapping[str, str], side: Side
) -> str | None:
    """Put an event into words. Of the platform's acts the bell says no name; here one follows."""
    person = names.get(event.subject_id, _("un membre"))
    payload = {**event.payload, "person": person, "places": places}
    who = str(event.actor_user) if event.actor_user else "Nexxio"
    text = describe(event.kind, payload, side=side, who=who)
    if text is not None and event.kind in platform.KINDS and event.subject_id in names:
        text = f"{text}\N{NO-BREAK SPACE}: {names[event.subject_id]}"
    return text


def _people(actor: Actor, found: list[Event]) -> tuple[dict[UUID, str], dict[UUID, Membership]]:
    ids = {event.subject_id for event in found}
    members = Membership.objects.filter(
        Q(pk__in=ids) | Q(user_id__in=ids), organisation_id=actor.own_id
    ).select_related("user")
    people = {member.pk: member for member in members}
    invited = Invitation.objects.filter(organisation_id=actor.own_id, pk__in=ids)
    names = dict(invited.values_list("pk", "email"))
    for member in members:
        names[member.pk] = names[member.user_id] = str(member.user)
    return names, people


def _undoable(actor: Actor, found: list[Event], people: Mapping[UUID, Membership]) -> set[UUID]:
    """Return the last change of each member, where it still stands and isn't the actor's own."""
    last: dict[UUID, Event] = {}
    for event in found:
        if event.kind == events.MemberChanged.kind:
            last.setdefault(event.subject_id, event)
    return {
        event.pk
        for pk, event in last.items()
        if pk in people
        and people[pk].user_id != actor.user_id
        and all(
            getattr(people[pk], name) == value
            for name, value in events.MemberChanged.values(event.payload).items()
        )
    }


@dataclass(frozen=True)
class EntryRow:
    """A stay of platform staff, and the pages that were seen."""

    entry: PlatformEntry
    is_open: bool
    pages: list[EntryPage] = field(default_factory=list)


def entries(actor: Actor) -> list[EntryRow]:
    """Return the last stays of platform staff in the actor's house, newest first."""
    found = list(
        PlatformEntry.objects.filter(organisation_id=actor.own_id)
        .select_related("staff", "ended_by")
        .order_by("-created_at")[:_ENTRIES]
    )
    pages: dict[UUID, list[EntryPage]] = {}
    for page in EntryPage.objects.filter(
        organisation_id=actor.own_id, entry_id__in=[entry.pk for entry in found]
    ).order_by("created_at"):
        pages.setdefault(page.entry_id, []).append(page)
    now = clock.now()
    return [
        EntryRow(entry, entry.ended_at is None and entry.expires_at > now, pages.get(entry.pk, []))
        for entry in found
    ]
