"""The board of either side: its open orders in columns, narrowed as the list is."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from nexxio.core.http import PortalRequest
from orders.selectors import boards, lists
from orders.selectors.trades import trade_choices
from orders.views import shapes
from orders.views.common import SILENCES, TURNS
from orders.views.narrowing import filter_chips, panel_of
from orders.views.order_list import desk, landlord


def _board(request: PortalRequest) -> HttpResponseBase:
    """Open orders by what comes next."""
    actor = request.actor
    filters = lists.Filters.read(request.GET, actor)
    trades = trade_choices()
    columns = boards.board(actor, filters)
    context = {
        "columns": shapes.board_columns(columns, actor.side.value, request.organisation.slug),
        "panel": panel_of(actor, request.GET, _filters_url(request)),
        "filter_chips": filter_chips(actor, filters, request.GET, trades),
        "reach": shapes.reach_chips(filters.reach, request.GET),
        "filters": filters,
        "trades": trades,
        "turns": TURNS[actor.side],
        "silences": SILENCES,
        "side": actor.side.value,
    }
    return render(request, "orders/board.html", context)


def _filters_url(request: PortalRequest) -> str:
    name = f"orders:{request.actor.side.value}_filters"
    return reverse(name, args=[request.organisation.slug])


landlord_board = require_GET(landlord(_board))
contractor_board = require_GET(desk(_board))
