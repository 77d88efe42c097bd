"""What the pages of agencies and sectors show, and what forms offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from nexxio.core.actors import Actor, Channel
from nexxio.core.estate.residences import find_ids
from nexxio.core.events import describe, event_type
from nexxio.core.models import Agency, Event, Group, Membership, Sector

PER_PAGE = 100
MOST_FOUND = 1000
_HISTORY = 20
NOWHERE, EVERYWHERE = "sans", "tous"


@dataclass(frozen=True)
class SectorRow:
    """A sector with what belongs to it."""

    sector: Sector
    residences: int
    members: int


@dataclass(frozen=True)
class AgencyRow:
    """An agency with its sectors. members: of the agency itself, beside those of its sectors."""

    agency: Agency
    members: int
    sectors: list[SectorRow] = field(default_factory=list)

    @property
    def residences(self) -> int:
        """How many residences its sectors have."""
        return sum(row.residences for row in self.sectors)


@dataclass(frozen=True)
class Tree:
    """A landlord's agencies; what is archived; how many residences belong to no sector."""

    agencies: list[AgencyRow]
    archived: list[Agency | Sector]
    unassigned: int
    residences: int
    former_notes: list[str]


def tree(actor: Actor) -> Tree:
    """Return the landlord's agencies and sectors by name."""
    own = {"landlord_id": actor.own_id}
    agencies: list[Agency] = list(Agency.objects.filter(**own).order_by("name", "id"))
    sectors: list[Sector] = list(
        Sector.objects.filter(**own).select_related("agency").order_by("name", "id")
    )
    groups: dict[UUID | None, int] = dict(
        Group.objects.filter(**own, archived_at__isnull=True)
        .order_by()
        .values("sector_id")
        .annotate(n=Count("pk"))
        .values_list("sector_id", "n")
    )
    house = Membership.objects.filter(organisation_id=actor.own_id, is_active=True)
    members: Counter[tuple[UUID | None, UUID | None]] = Counter(
        house.values_list("agency_id", "sector_id")
    )
    rows = {
        agency.pk: AgencyRow(agency, members[agency.pk, None])
        for agency in agencies
        if agency.archived_at is None
    }
    for sector in sectors:
        if sector.archived_at is None and sector.agency_id in rows:
            count = members[sector.agency_id, sector.pk]
            row = SectorRow(sector, groups.get(sector.pk, 0), count)
            rows[sector.agency_id].sectors.append(row)
    notes = house.filter(agency__isnull=True).exclude(former_sector="")
    return Tree(
        agencies=list(rows.values()),
        archived=[
            *(agency for agency in agencies if agency.archived_at is not None),
            *(sector for sector in sectors if sector.archived_at is not None),
        ],
        unassigned=groups.get(None, 0),
        residences=sum(groups.values()),
        former_notes=sorted(set(notes.values_list("former_sector", flat=True))),
    )


def get_territory(actor: Actor, pk: UUID) -> Agency | Sector | None:
    """Return an agency or a sector of the landlord."""
    own = {"landlord_id": actor.own_id, "pk": pk}
    agency: Agency | None = Agency.objects.filter(**own).first()
    return agency or Sector.objects.filter(**own).select_related("agency").first()


@dataclass(frozen=True)
class Choice:
    """What a form offers: an agency, and the sectors that it has."""

    agency: Agency
    sectors: tuple[Sector, ...]


def choices(actor: Actor, *, kept: Membership | None = None) -> list[Choice]:
    """Return what isn't archived, and what a member has already."""
    own = {"landlord_id": actor.own_id}
    held = {kept.agency_id, kept.sector_id} if kept is not None else set()
    sectors: dict[UUID, list[Sector]] = {}
    for sector in Sector.objects.filter(**own).order_by("name", "id"):
        if sector.archived_at is None or sector.pk in held:
            sectors.setdefault(sector.agency_id, []).append(sector)
    return [
        Choice(agency, tuple(sectors.get(agency.pk, ())))
        for agency in Agency.objects.filter(**own).order_by("name", "id")
        if agency.archived_at is None or agency.pk in held
    ]


@dataclass(frozen=True)
class Sought:
    """Which residences the page of assignment shows: words, and where they are now."""

    q: str = ""
    where: str = NOWHERE

    @property
    def sector_id(self) -> UUID | None:
        """The sector that is looked at; None for "none" and "all"."""
        try:
            return UUID(self.where)
        except ValueError:
            return None


def sought_groups(actor: Actor, sought: Sought) -> QuerySet[Group]:
    """Return the landlord's residences that match, by postcode and name."""
    found = Group.objects.filter(landlord_id=actor.own_id, archived_at__isnull=True)
    if sought.q:
        found = found.filter(pk__in=find_ids(sought.q, size=MOST_FOUND))
    if sought.where == NOWHERE:
        found = found.filter(sector__isnull=True)
    elif sought.sector_id:
        found = found.filter(sector_id=sought.sector_id)
    return found.select_related("sector__agency").order_by("postcode", "name", "id")


def group_page(actor: Actor, sought: Sought, number: str) -> Page[Group]:
    """Return one page of them; the nearest one when there is no such page."""
    return Paginator(sought_groups(actor, sought), PER_PAGE).get_page(number)


@dataclass(frozen=True)
class HistoryLine:
    """One line of what happened to agencies and sectors."""

    text: str
    happened_at: datetime
    channel: str
    icon: str
    tone: str


def history(actor: Actor) -> list[HistoryLine]:
    """Return the last acts on agencies and sectors, newest first."""
    found = list(
        Event.objects.filter(
            landlord_id=actor.own_id, order_id__isnull=True, kind__startswith="territory."
        )
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")[:_HISTORY]
    )
    names = names_of(actor)
    lines = []
    for event in found:
        cls = event_type(event.kind)
        payload = {**event.payload, "name": names.get(event.subject_id, "")}
        who = str(event.actor_user) if event.actor_user else "Nexxio"
        text = describe(event.kind, payload, side=actor.side, who=who)
        if cls is None or text is None:
            continue
        channel = Channel(event.channel).label
        lines.append(HistoryLine(text, event.happened_at, channel, cls.icon, cls.tone))
    return lines


def names_of(actor: Actor) -> dict[UUID, str]:
    """Return the names of the landlord's agencies and sectors, archived ones too."""
    found: dict[UUID, str] = {}
    for model in (Agency, Sector):
        found |= dict(model.objects.filter(landlord_id=actor.own_id).values_list("pk", "name"))
    return found


def territory_text(
    agency_id: UUID | None, sector_id: UUID | None, names: Mapping[UUID, str]
) -> str:
    """Return a member's territory in words; "" for the whole estate."""
    if agency_id is None:
        return ""
    agency = names.get(agency_id, "–")
    if sector_id is None:
        return agency
    return _("%(agency)s, %(sector)s") % {"agency": agency, "sector": names.get(sector_id, "–")}
