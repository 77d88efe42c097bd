"""The board of either side: its open orders in columns, narrowed as the list is."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core.http import PortalRequest
from orders.selectors import boards, lists, narrowing
from orders.selectors.trades import trade_choices
from orders.views import shapes
from orders.views.common import SILENCES, TURNS
from orders.views.narrowing import MOMENTS, filter_chips
from orders.views.order_list import desk, landlord


def _board(request: PortalRequest) -> HttpResponseBase:
    """Open orders by what comes next."""
    actor = request.actor
    filters = lists.Filters.read(request.GET, actor)
    offer = narrowing.NOTHING if request.htmx else narrowing.offer_of(actor)
    trades = trade_choices()
    columns = boards.board(actor, filters)
    context = {
        "columns": shapes.board_columns(columns, actor.side.value, request.organisation.slug),
        "offer": offer,
        "moments": MOMENTS,
        "filter_chips": filter_chips(actor, filters, request.GET, offer, trades),
        "reach": shapes.reach_chips(filters.reach, request.GET),
        "filters": filters,
        "trades": trades,
        "turns": TURNS[actor.side],
        "silences": SILENCES,
        "side": actor.side.value,
    }
    return render(request, "orders/board.html", context)


landlord_board = require_GET(landlord(_board))
contractor_board = require_GET(desk(_board))
