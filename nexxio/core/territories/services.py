"""What managers do with agencies and sectors: add, rename, archive, assign residences.

The database asks again, by policy: whoever writes an agency or a sector is an active manager.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Agency, Group, Invitation, Membership, Sector
from nexxio.core.outbox import Subject, record
from nexxio.core.territories import events

NAME = 80
MOST_AT_ONCE = 1000
"""Residences that one act may move."""

Territory = Agency | Sector


@transaction.atomic
def add_agency(*, actor: Actor, name: str) -> Agency:
    """Make an agency. Raises Invalid for the name, Refused for whoever is no manager."""
    _require_manager(actor)
    agency = Agency(landlord_id=actor.own_id, name=clean_name(name))
    with explained():
        agency.save(force_insert=True)
    _tell(actor, events.AgencyAdded(), agency.pk, "agency")
    return agency


@transaction.atomic
def add_sector(*, actor: Actor, agency_id: UUID, name: str) -> Sector:
    """Make a sector of an agency. Locks the agency. Invalid and Refused as `add_agency`."""
    _require_manager(actor)
    agency = _lock(actor, agency_id)
    if not isinstance(agency, Agency) or agency.archived_at is not None:
        raise Refused(_("Cette agence n’est plus proposée."))
    sector = Sector(landlord_id=actor.own_id, agency=agency, name=clean_name(name))
    with explained():
        sector.save(force_insert=True)
    _tell(actor, events.SectorAdded(agency=agency.pk), sector.pk, "sector")
    return sector


@transaction.atomic
def add_planned(*, actor: Actor, planned: Territory) -> None:
    """Make an agency, or a sector of an agency that is made, which a file has planned.

    Raises Refused for whoever is no manager, and when somebody made it in the meantime.
    """
    _require_manager(actor)
    try:
        with explained():
            planned.save(force_insert=True)
    except Invalid as invalid:
        raise Refused(f"{planned.name} : {invalid.errors['name'][0]}") from invalid
    if isinstance(planned, Sector):
        _tell(actor, events.SectorAdded(agency=planned.agency_id), planned.pk, "sector")
    else:
        _tell(actor, events.AgencyAdded(), planned.pk, "agency")


@transaction.atomic
def rename(*, actor: Actor, pk: UUID, name: str) -> Territory:
    """Give an agency or a sector another name. Locks it; the same name records nothing."""
    _require_manager(actor)
    found = _lock(actor, pk)
    wanted = clean_name(name)
    if wanted == found.name:
        return found
    found.name = wanted
    with explained():
        found.save(update_fields=["name"])
    _tell(actor, events.TerritoryRenamed(), pk, _what(found))
    return found


@transaction.atomic
def archive(*, actor: Actor, pk: UUID) -> Territory:
    """Offer an agency or a sector no more. Locks it.

    Raises Refused while residences, members, invitations or sectors hang on it: nothing is moved
    behind anybody's back, so nothing has to be undone.
    """
    _require_manager(actor)
    found = _lock(actor, pk)
    if found.archived_at is not None:
        raise Conflict(_("C’est déjà archivé."))
    held = _held_by(found)
    if held:
        raise Refused(
            _("« %(name)s » n’est pas vide : %(held)s. Déplacez d’abord ce qui y reste.")
            % {"name": found.name, "held": ", ".join(held)},
            code="held",
        )
    found.archived_at = clock.now()
    found.save(update_fields=["archived_at"])
    _tell(actor, events.TerritoryArchived(), pk, _what(found))
    return found


@transaction.atomic
def restore(*, actor: Actor, pk: UUID) -> Territory:
    """Offer an archived agency or sector again. Locks it; Refused when its name is taken."""
    _require_manager(actor)
    found = _lock(actor, pk)
    if found.archived_at is None:
        raise Conflict(_("Ce n’est pas archivé."))
    if isinstance(found, Sector) and found.agency.archived_at is not None:
        raise Refused(_("Rétablissez d’abord l’agence de ce secteur."))
    found.archived_at = None
    try:
        with explained():
            found.save(update_fields=["archived_at"])
    except Invalid as invalid:
        raise Refused(invalid.errors["name"][0]) from invalid
    _tell(actor, events.TerritoryRestored(), pk, _what(found))
    return found


def leaving(*, actor: Actor, group_ids: Collection[UUID], sector_id: UUID | None) -> int:
    """Return how many of the residences would leave another sector."""
    found = _groups(actor, group_ids).filter(sector__isnull=False)
    return found.exclude(sector_id=sector_id).count() if sector_id else found.count()


@transaction.atomic
def assign(
    *, actor: Actor, group_ids: Collection[UUID], sector_id: UUID | None, expected: int
) -> list[Group]:
    """Put residences into a sector, or into none; return those that moved.

    Locks the sector, then the residences. expected: how many may leave another sector, as the
    person was told; Refused when it has become another number, and past MOST_AT_ONCE. Their
    orders follow by a job (orders/services/territories.py).
    """
    _require_manager(actor)
    if not group_ids:
        raise Invalid({"groups": [_("Cochez au moins une résidence.")]})
    if len(group_ids) > MOST_AT_ONCE:
        raise Invalid({"groups": [_("Mille résidences au plus à la fois.")]})
    if sector_id is not None:
        sector = _lock(actor, sector_id)
        if not isinstance(sector, Sector) or sector.archived_at is not None:
            raise Invalid({"sector": [_("Ce secteur n’est plus proposé.")]})
    groups = list(_groups(actor, group_ids).select_for_update(of=("self",)).order_by("pk"))
    moving = [group for group in groups if group.sector_id != sector_id]
    if sum(group.sector_id is not None for group in moving) != expected:
        raise Refused(_("Ces résidences ont changé de secteur entre-temps : regardez à nouveau."))
    _groups(actor, [group.pk for group in moving]).update(sector_id=sector_id)
    tell_assigned(actor=actor, moved={sector_id: [group.pk for group in moving]})
    return moving


def tell_assigned(*, actor: Actor, moved: Mapping[UUID | None, Iterable[UUID]]) -> None:
    """Record for each sector (None: for none) which residences were put there just now."""
    for sector_id, group_ids in moved.items():
        groups = tuple(sorted(group_ids))
        if not groups:
            continue
        if sector_id is None:
            _tell(actor, events.ResidencesReleased(groups=groups), actor.own_id, "estate")
        else:
            _tell(actor, events.ResidencesAssigned(groups=groups), sector_id, "sector")


def tell_as_they_stand(*, actor: Actor, group_ids: Collection[UUID]) -> None:
    """Record where residences are now, after something else moved them."""
    moved: dict[UUID | None, list[UUID]] = defaultdict(list)
    for pk, sector_id in _groups(actor, group_ids).values_list("pk", "sector_id"):
        moved[sector_id].append(pk)
    tell_assigned(actor=actor, moved=moved)


def territory_problem(
    *, actor: Actor, agency_id: UUID | None, sector_id: UUID | None, kept: Membership | None
) -> str:
    """Say what is wrong with a member's territory; "" when it may be given. Locks it.

    Only landlords have territories. A sector comes with its agency. kept: what a member has
    already may stay.
    """
    if agency_id is None and sector_id is None:
        return ""
    if kept is not None and (kept.agency_id, kept.sector_id) == (agency_id, sector_id):
        return ""
    if actor.side is not Side.LANDLORD or agency_id is None:
        return _("Cette agence n’existe pas ici.")
    if not _is_offered(actor, agency_id, sector_id):
        return _("Cette agence ou ce secteur n’est plus proposé.")
    return ""


def _is_offered(actor: Actor, agency_id: UUID, sector_id: UUID | None) -> bool:
    """Tell whether an agency, and a sector of it, may be given. Locks them against archiving."""
    own = {"landlord_id": actor.own_id, "archived_at__isnull": True}
    agencies = Agency.objects.select_for_update(of=("self",))
    if agencies.filter(pk=agency_id, **own).first() is None:
        return False
    if sector_id is None:
        return True
    sectors = Sector.objects.select_for_update(of=("self",))
    return sectors.filter(pk=sector_id, agency_id=agency_id, **own).first() is not None


def clean_name(text: str) -> str:
    """Return a name without needless spaces; Invalid when it is empty or too long."""
    name = " ".join(text.split())
    if not name:
        raise Invalid({"name": [_("Donnez un nom.")]})
    if len(name) > NAME:
        raise Invalid({"name": [_("Ce nom est trop long : 80 caractères au plus.")]})
    return name


def _groups(actor: Actor, group_ids: Collection[UUID]) -> QuerySet[Group]:
    return Group.objects.filter(landlord_id=actor.own_id, pk__in=group_ids)


def _require_manager(actor: Actor) -> None:
    if actor.side is not Side.LANDLORD or not actor.has(Role.MANAGER):
        raise Refused(_("Seul un responsable organise les agences et les secteurs."), code="role")


def _lock(actor: Actor, pk: UUID) -> Territory:
    """Lock and return an agency or a sector of the actor's landlord."""
    agencies = Agency.objects.select_for_update(of=("self",))
    agency: Agency | None = agencies.filter(pk=pk, landlord_id=actor.own_id).first()
    if agency is not None:
        return agency
    sectors = Sector.objects.select_for_update(of=("self",)).select_related("agency")
    sector: Sector | None = sectors.filter(pk=pk, landlord_id=actor.own_id).first()
    if sector is None:
        raise Refused(_("Cette agence ou ce secteur n’existe pas."))
    return sector


def _held_by(found: Territory) -> list[str]:
    """Return in words what hangs on an agency or a sector."""
    name, own = _what(found), {"landlord_id": found.landlord_id}
    house = {"organisation_id": found.landlord_id, f"{name}_id": found.pk}
    waiting = {"accepted_at__isnull": True, "revoked_at__isnull": True}
    counts = [
        (Membership.objects.filter(**house).count(), _("%(n)s membre(s)")),
        (Invitation.objects.filter(**house, **waiting).count(), _("%(n)s invitation(s)")),
    ]
    if isinstance(found, Agency):
        sectors = Sector.objects.filter(**own, agency_id=found.pk, archived_at__isnull=True)
        counts.append((sectors.count(), _("%(n)s secteur(s)")))
    else:
        groups = Group.objects.filter(**own, sector_id=found.pk)
        counts.append((groups.count(), _("%(n)s résidence(s)")))
    return [text % {"n": count} for count, text in counts if count]


def _what(found: Territory) -> str:
    return "agency" if isinstance(found, Agency) else "sector"


def _tell(actor: Actor, event: EventType, pk: UUID, what: str) -> None:
    subject = Subject(pk=pk, landlord_id=actor.own_id)
    record(event, actor=actor, subject=subject, subject_type=what)
