"""What a tenant who entered with a code may follow: the cases of where he lives now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor, scope_of
from nexxio.core.entry.sessions import residents_of
from nexxio.core.models import Case, EntryCode, Occupancy, Organisation
from orders.models import Order, Visit
from orders.selectors.status import Status, current_visit, status_of
from orders.states import OPEN_VISIT
from orders.waits import waits_of, with_waits
from tenants.selectors import followed_of

MOST_CASES = 30


@dataclass(frozen=True)
class FollowedCase:
    """One line of the list."""

    pk: UUID
    title: str
    reference: str
    trade: str
    status: Status
    appointment: datetime | None
    opened_at: datetime


@dataclass(frozen=True)
class Home:
    """A landlord of this tenant, and what is followed there."""

    landlord: str
    phone: str
    cases: list[FollowedCase]


def homes_of(entry: EntryCode) -> list[Home]:
    """Return what the entry opens, landlord by landlord; each is read in its tenant's scope."""
    found: dict[UUID, Home] = {}
    for resident in residents_of(entry):
        actor = resident.actor()
        with scope_of(actor):
            landlord = landlord_of(actor)
            home = found.setdefault(landlord.pk, Home(landlord.name, landlord.phone, []))
            home.cases.extend(_cases(actor))
    return list(found.values())


def actor_for(entry: EntryCode, case_id: UUID) -> Actor | None:
    """Return the tenant to whom a case belongs today; None when it is none of this entry's."""
    for resident in residents_of(entry):
        actor = resident.actor()
        with scope_of(actor):
            if _living(actor).filter(pk=case_id).exists():
                return replace(actor, case_id=case_id)
    return None


def landlord_of(actor: Actor) -> Organisation:
    """Return the landlord through whom a tenant comes. In his scope."""
    found: Organisation = Organisation.objects.get(pk=actor.own_id)
    return found


def _living(actor: Actor) -> QuerySet[Case]:
    """Keep the actor's cases at dwellings where he lives today."""
    today, tenant_id = clock.today(), actor.tenant_id
    if tenant_id is None:
        return Case.objects.none()
    lives = Occupancy.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        tenant_id=tenant_id,
        unit_id=OuterRef("unit_id"),
        starts_on__lte=today,
    )
    return Case.objects.filter(Exists(lives), tenant_id=tenant_id)


def _cases(actor: Actor) -> list[FollowedCase]:
    cases = {case.pk: case for case in _living(actor).order_by("-created_at", "-id")[:MOST_CASES]}
    orders: dict[UUID, list[Order]] = {}
    for order in (
        with_waits(Order.objects.filter(reader_case_id__in=cases))
        .select_related("case", "contractor", "landlord", "trade")
        .order_by("created_at")
    ):
        orders.setdefault(order.case_id, []).append(order)
    visits: defaultdict[UUID, list[Visit]] = defaultdict(list)
    for visit in Visit.objects.filter(reader_case_id__in=cases).order_by("number"):
        visits[visit.order_id].append(visit)
    now = clock.now()
    followed = {pk: followed_of(found, visits, now) for pk, found in orders.items()}
    return [
        _line(case, followed[pk], visits[followed[pk].pk], actor)
        for pk, case in cases.items()
        if pk in followed
    ]


def _line(case: Case, order: Order, visits: list[Visit], actor: Actor) -> FollowedCase:
    visit = current_visit(visits)
    status = status_of(order, visits, actor.side, waits_of(order))
    return FollowedCase(
        pk=case.pk,
        title=order.title,
        reference=case.reference,
        trade=order.trade.label if order.trade else "",
        status=status,
        appointment=_appointment(visit),
        opened_at=case.created_at,
    )


def _appointment(visit: Visit | None) -> datetime | None:
    """Return when somebody is to come, proposed or agreed; None when nobody is."""
    if visit is None or visit.state not in OPEN_VISIT or visit.window_end < clock.now():
        return None
    return visit.window_start
