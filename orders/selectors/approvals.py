"""Who may approve what waits for it: the reader himself, or which of his colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from nexxio.core.actors import Actor, Role
from nexxio.core.models import Membership
from orders import policies
from orders.models import Order
from orders.states import OrderState

NAMED = 3


@dataclass(frozen=True)
class Above:
    """An order that the reader can't approve, and who can."""

    reference: str
    who: str


def approvable(
    actor: Actor, orders: QuerySet[Order], stands_in: list[Membership], *, own: bool = False
) -> QuerySet[Order]:
    """Keep what the actor's own limit covers, or that of somebody for whom he stands in.

    own: what he wrote himself too.
    """
    limits = [actor.limit, *(member.limit for member in stands_in)]
    known = [limit for limit in limits if limit is not None]
    return able_within(actor, orders, max(known) if len(known) == len(limits) else None, own=own)


def able_within(
    actor: Actor, orders: QuerySet[Order], limit: Decimal | None, *, own: bool = False
) -> QuerySet[Order]:
    """Keep what a limit covers, the actor's own orders apart unless `own`; None: everything."""
    theirs = orders.exclude(author_id=actor.user_id) if actor.user_id and not own else orders
    if limit is None:
        return theirs
    capped = Q(budget__quote_cap__isnull=True) | Q(budget__quote_cap__lte=limit)
    return theirs.filter(capped, budget__total_without_vat__lte=limit)


def approvers(orders: list[Order]) -> dict[UUID, str]:
    """Return who may approve each order, in words: whose own limit covers it, its author apart.

    Of one that was returned who may send it again: its author too.

    orders: of one landlord, their budgets loaded.
    """
    if not orders:
        return {}
    desk = list(
        Membership.objects.filter(
            organisation_id=orders[0].landlord_id,
            is_active=True,
            roles__overlap=[role.value for role in policies.DESK],
        )
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "id")
    )
    return {order.pk: _names(order, desk) for order in orders}


def managers_of(actor: Actor) -> str:
    """Return the first managers of the reader's house, in words."""
    found = Membership.objects.filter(
        organisation_id=actor.own_id, is_active=True, roles__contains=[Role.MANAGER.value]
    ).select_related("user")
    named = found.order_by("user__last_name", "user__first_name", "id")[:NAMED]
    return ", ".join(str(member.user) for member in named)


def _names(order: Order, desk: list[Membership]) -> str:
    total = order.budget.committed
    able = [
        str(member.user)
        for member in desk
        if policies.within_limit(member, total)
        and (order.state == OrderState.RETURNED or member.user_id != order.author_id)
    ]
    more = len(able) - NAMED
    return ", ".join(able[:NAMED]) + (f" et {more} de plus" if more > 0 else "")
