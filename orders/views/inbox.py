"""The inbox: what was said on the orders of either side, the unread first."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core.http import PortalRequest
from orders.selectors.inbox import inbox
from orders.views.order_list import desk, landlord


def _inbox(request: PortalRequest) -> HttpResponseBase:
    """Orders that were spoken of."""
    context = {"inbox": inbox(request.actor), "side": request.actor.side.value}
    return render(request, "orders/inbox.html", context)


landlord_inbox = require_GET(landlord(_inbox))
contractor_inbox = require_GET(desk(_inbox))
