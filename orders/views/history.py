"""The whole history of an order on a page of its own, to read and to print."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal
from orders import access
from orders.selectors.history import ALL, newest_events, order_history
from orders.selectors.turns import turns_of
from orders.views.common import order_url


def _history(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """What happened to an order, the newest first, and how long each party had it."""
    order = access.get_order(request.actor, pk)
    events = newest_events(order, most=ALL)
    context = {
        "order": order,
        "entries": order_history(request.actor, order, events),
        "turns": turns_of(request.actor, order, events),
        "order_url": order_url(request, order.pk),
    }
    return render(request, "orders/history.html", context)


landlord_history = require_GET(portal(Side.LANDLORD)(_history))
contractor_history = require_GET(
    portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)(_history)
)
