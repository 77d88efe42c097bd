"""The history of an order, in the words of whoever reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from nexxio.core import clock
from nexxio.core.actors import Actor, Channel, Side
from nexxio.core.events import describe, event_type
from nexxio.core.models import Event, Membership, Organisation, PartyModel
from orders.events import ApprovedForAnother
from orders.models import Contract, Order, PaperAct

_LATE = timedelta(minutes=2)
MOST = 200
"""How many lines an order's page shows; its history's own page has all, up to ALL."""
ALL = 2_000
_SIDES = {
    Side.LANDLORD: "Le bailleur",
    Side.CONTRACTOR: "L’entreprise",
    Side.TENANT: "Le locataire",
    Side.SYSTEM: "Nexxio",
}


@dataclass(frozen=True)
class HistoryEntry:
    """One line: what, who, when it happened, when it was recorded if later, by which channel.

    by_office: a desk typed it for the technician; all sides read that, tenants too.
    """

    text: str
    who: str
    happened_at: datetime
    recorded_at: datetime | None
    channel: str
    icon: str
    tone: str
    by_office: bool = False

    def told_in(self, zone: tzinfo) -> HistoryEntry:
        """Return the line with its hours as they were at a place; those of Paris stay as kept."""
        if zone is clock.PARIS:
            return self
        recorded = self.recorded_at.astimezone(zone) if self.recorded_at else None
        at = self.happened_at.astimezone(zone)
        return replace(self, happened_at=at, recorded_at=recorded)


def newest_events(order: Order, *, kinds: Collection[str] = (), most: int = MOST) -> list[Event]:
    """Return an order's newest events that the scope may read, the last one first.

    kinds: of these kinds only, and all of them. most: how many of any kind.
    """
    rows = (
        Event.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")
    )
    return list(rows.filter(kind__in=kinds) if kinds else rows[:most])


def order_history(
    actor: Actor, order: Order, newest: list[Event] | None = None
) -> list[HistoryEntry]:
    """Return what `actor` may read of an order's events, newest first. Its parties are loaded.

    newest: `newest_events`, when they are there already.
    """
    rows = newest_events(order) if newest is None else newest
    return [entry.told_in(order.zone) for entry in _entries(rows, actor, order)]


def case_history(actor: Actor, order: Order) -> list[HistoryEntry]:
    """Return what a tenant may read of an order's case, newest first. Its parties are loaded."""
    rows = (
        Event.objects.filter(reader_case_id=order.case_id)
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")[:MOST]
    )
    return [entry.told_in(order.zone) for entry in _entries(list(rows), actor, order)]


def contract_history(actor: Actor, contract: Contract) -> list[HistoryEntry]:
    """Return what happened to a contract and its price schedule, newest first."""
    rows = (
        Event.objects.filter(landlord_id=contract.landlord_id, subject_id=contract.pk)
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")[:50]
    )
    return _entries(list(rows), actor, contract)


def subject_history(
    actor: Actor, about: PartyModel | Contract, subject_ids: Iterable[UUID]
) -> list[HistoryEntry]:
    """Return what happened to some rows of an upper app, newest first.

    about: a row whose landlord and contractor are loaded; the events are of its landlord.
    """
    rows = (
        Event.objects.filter(landlord_id=about.landlord_id, subject_id__in=list(subject_ids))
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")[:200]
    )
    return _entries(list(rows), actor, about)


def house_history(
    actor: Actor,
    houses: Iterable[Organisation],
    subject_ids: Iterable[UUID],
    *,
    kinds: Collection[str] = (),
) -> list[HistoryEntry]:
    """Return what `actor` may read of some rows between several houses, newest first.

    houses: whose events they are, and all that are named there. kinds: of these kinds only, and
    all of them.
    """
    names = {house.pk: house.name for house in houses}
    rows = (
        Event.objects.filter(landlord_id__in=list(names), subject_id__in=list(subject_ids))
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")
    )
    found = rows.filter(kind__in=kinds) if kinds else rows
    return _told(list(found[:200]), actor, names)


def _entries(rows: list[Event], actor: Actor, about: PartyModel | Contract) -> list[HistoryEntry]:
    names = {party.pk: party.name for party in (about.landlord, about.contractor) if party}
    return _told(rows, actor, names)


def _told(rows: list[Event], actor: Actor, names: dict[UUID, str]) -> list[HistoryEntry]:
    others = {row.actor_organisation_id for row in rows if row.actor_organisation_id} - set(names)
    if others:  # a former contractor of the case
        names |= dict(Organisation.objects.filter(pk__in=others).values_list("id", "name"))
    on_paper = _names_on_paper(rows, actor)
    absent = _names_of_absent(rows)
    found = []
    for row in rows:
        who = on_paper.get(row.pk) or _who(row, actor, names)
        if row.pk in absent:
            who = f"{who}, pour {absent[row.pk]},"
        text = describe(row.kind, row.payload, side=actor.side, who=who)
        cls = event_type(row.kind)
        if text is None or cls is None:
            continue
        late = row.recorded_at - row.happened_at > _LATE
        found.append(
            HistoryEntry(
                text=text,
                who=who,
                happened_at=row.happened_at,
                recorded_at=row.recorded_at if late else None,
                channel=_channel(row, actor),
                icon=cls.icon,
                tone=cls.tone,
                by_office=row.channel == Channel.OFFICE,
            )
        )
    return found


def _channel(row: Event, actor: Actor) -> str:
    """Return how the act reached us, and for whom it was done."""
    label = Channel(row.channel).label
    if row.channel == Channel.OFFICE and _is_colleague(row, actor):
        return f"{label} ({row.actor_user})"
    if row.on_behalf_of == Side.TENANT:
        return f"{label}, avec l’accord du locataire par téléphone"
    return label


def _names_on_paper(rows: list[Event], actor: Actor) -> dict[UUID, str]:
    """Return who acted with a printed order in hand, by event: for that person's company only."""
    acts = [row.pk for row in rows if row.channel == Channel.PAPER]
    if not acts or actor.side is not Side.CONTRACTOR or actor.link_id:
        return {}
    return dict(PaperAct.objects.filter(event_id__in=acts).values_list("event_id", "name"))


def _names_of_absent(rows: list[Event]) -> dict[UUID, str]:
    """Return in whose place was approved, by event; only the own house reads these events."""
    acts = {
        row.pk: UUID(row.payload["membership_id"])
        for row in rows
        if row.kind == ApprovedForAnother.kind
    }
    if not acts:
        return {}
    members = Membership.objects.filter(pk__in=acts.values()).select_related("user")
    names = {member.pk: str(member.user) for member in members}
    return {event: names[member] for event, member in acts.items() if member in names}


def _is_colleague(row: Event, actor: Actor) -> bool:
    return row.actor_side == actor.side and not actor.link_id and row.actor_user is not None


def _who(row: Event, actor: Actor, names: dict[UUID, str]) -> str:
    """Names of persons only inside their organisation; outside, and on paper, the organisation."""
    if _is_colleague(row, actor):
        # A desk that typed what was done on site did not do it.
        return "Le technicien" if row.channel == Channel.OFFICE else str(row.actor_user)
    if row.actor_side == Side.TENANT:
        return "Vous" if actor.side is Side.TENANT else "Le locataire"
    name = names.get(row.actor_organisation_id) if row.actor_organisation_id else None
    return name or _SIDES[Side(row.actor_side)]
