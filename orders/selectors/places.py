"""All the orders of a dwelling, or of a residence.

Of former occupants nothing is told but the works: neither names nor that they were away. It is the
history of the place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Group, Occupancy, Unit
from orders.models import Order
from orders.selectors import lists, situations
from orders.selectors.criteria import Criteria
from orders.selectors.status import Status, status_of
from orders.states import OrderState
from orders.waits import Waits


@dataclass(frozen=True)
class PlacePage:
    """A page of them, newest first. unit: None for a whole residence."""

    group: Group
    unit: Unit | None
    found: lists.OrderList


def place_page(actor: Actor, group: Group, unit: Unit | None, query: Any) -> PlacePage:
    """Return a page of a landlord's orders of a place. query: trade, and from where on."""
    filters = lists.Filters(
        trade=query.get("corps", "")[:20],
        after=query.get("apres", "")[:200],
        before=query.get("avant", "")[:200],
        criteria=Criteria(
            group=None if unit else group.pk,
            unit=unit.pk if unit else None,
            own=situations.own_of(actor),
        ),
    )
    found = lists.order_list(actor, filters)
    here = _living_here(actor, {row.order.unit_id for row in found.rows})
    rows = [
        _told_of_former(row, actor) if _is_of_former(row.order, here) else row for row in found.rows
    ]
    return PlacePage(group, unit, replace(found, rows=rows))


def _living_here(actor: Actor, units: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Return who lives where today: (unit, tenant)."""
    today = clock.today()
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    found = Occupancy.objects.filter(
        lasting, landlord_id=actor.own_id, unit_id__in=list(units), starts_on__lte=today
    )
    return set(found.values_list("unit_id", "tenant_id"))


def _is_of_former(order: Order, here: set[tuple[UUID, UUID]]) -> bool:
    return order.tenant_id is not None and (order.unit_id, order.tenant_id) not in here


def _told_of_former(row: lists.OrderRow, actor: Actor) -> lists.OrderRow:
    """Return a row that says what became of the works, and nothing of who lived there."""
    status = status_of(row.order, [], actor.side, Waits())
    if row.order.state == OrderState.CLOSED_NO_ACCESS:
        status = Status("closed_without_works", _("Close sans travaux"), "neutral", "archive")
    return replace(row, status=status, ball=None, visit=None, is_silent=False)
