"""Whom a house asks: about itself, and about another house that it worked with.

Runs in a system scope, but `has_seat`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from evaluations.axes import Direction
from evaluations.models import Campaign, CampaignSeat
from evaluations.quarters import Quarter
from nexxio.core.actors import Actor, Role
from nexxio.core.models import Event, Membership
from nexxio.core.notifications import bell
from orders.models import Order

MOST_SEATS = 5
"""So many members of a house are asked about one other house, at most."""
MOST_FORMS = 10
"""Of so many houses one person is asked in a quarter, at most."""
_ORDERS = 1000


def asked_members(organisation_id: UUID, quarter: Quarter) -> QuerySet[Membership]:
    """Return whom a house asks about a quarter: members who joined before it ended, each once.

    Not those who came later: accounts of his own that a manager makes when the quarter is over
    would answer too, and leave one real answer among marks that he knows.
    """
    return bell.members_with(organisation_id, *Role).filter(created_at__lt=quarter.ends_at)


def concerned(house_id: UUID, orders: QuerySet[Order], *, landlord_id: UUID) -> list[Membership]:
    """Return who of a house's desk has to do with some orders of a landlord.

    Those who acted on one of them; where nobody did, those whose agency or sector has one; where
    nobody has a territory either, the whole desk.
    """
    desk = list(bell.members_with(house_id, Role.MANAGER, Role.CLERK))
    acted = set(
        Event.objects.filter(
            landlord_id=landlord_id,
            order_id__in=orders.values("pk"),
            actor_organisation_id=house_id,
            actor_user__isnull=False,
        )
        .order_by()
        .values_list("actor_user_id", flat=True)
        .distinct()
    )
    return [member for member in desk if member.user_id in acted] or _at_home(desk, orders) or desk


def seats_for(campaign: Campaign) -> list[CampaignSeat]:
    """Return whom a campaign asks on both sides: of those concerned MOST_SEATS, drawn by lot.

    The lot falls anew each quarter, and the same way whoever draws it again. Nobody is drawn who
    has MOST_FORMS already.
    """
    quarter = Quarter(campaign.quarter)
    orders = Order.objects.filter(
        landlord_id=campaign.landlord_id,
        contractor_id=campaign.contractor_id,
        done_at__gte=quarter.starts_at,
        done_at__lt=quarter.ends_at,
    ).order_by("-done_at")[:_ORDERS]
    found = []
    for direction, house_id in (
        (Direction.LANDLORD_CONTRACTOR, campaign.landlord_id),
        (Direction.CONTRACTOR_LANDLORD, campaign.contractor_id),
    ):
        members = concerned(house_id, orders, landlord_id=campaign.landlord_id)
        found += [
            CampaignSeat(
                landlord_id=campaign.landlord_id,
                contractor_id=campaign.contractor_id,
                campaign=campaign,
                direction=direction,
                user_id=user_id,
            )
            for user_id in _drawn(campaign, [member.user_id for member in members])
        ]
    return found


def has_seat(actor: Actor, campaign: Campaign) -> bool:
    """Tell whether a campaign asks the actor himself. In his own scope."""
    if actor.user_id is None:
        return False
    return CampaignSeat.objects.filter(campaign=campaign, user_id=actor.user_id).exists()


# --- inside -----------------------------------------------------------------------------------


def _at_home(desk: Iterable[Membership], orders: QuerySet[Order]) -> list[Membership]:
    """Return the members whose own part of the estate has one of the orders."""
    placed = [member for member in desk if member.agency_id or member.sector_id]
    if not placed:
        return []
    places = set(Order.objects.filter(pk__in=orders.values("pk")).values_list("agency", "sector"))
    agencies, sectors = ({place[n] for place in places} for n in (0, 1))
    return [
        member
        for member in placed
        if (member.sector_id in sectors if member.sector_id else member.agency_id in agencies)
    ]


def _drawn(campaign: Campaign, users: Sequence[UUID]) -> list[UUID]:
    seats = CampaignSeat.objects.filter(user_id__in=users, campaign__quarter=campaign.quarter)
    counted = seats.order_by().values_list("user_id").annotate(n=Count("pk"))
    full = {user_id for user_id, n in counted if n >= MOST_FORMS}
    free = sorted(user_id for user_id in users if user_id not in full)
    dice = random.Random(  # noqa: S311 (a lot, no secret)
        f"{campaign.landlord_id} {campaign.contractor_id} {campaign.quarter}"
    )
    return dice.sample(free, min(MOST_SEATS, len(free)))
