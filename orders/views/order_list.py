"""The list of orders, for landlord and contractor: its filters, columns, files and views."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from nexxio.core import saved_views
from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal
from orders.list_files import EVERY, Column, chosen, csv_export, xlsx_export
from orders.selectors import columns, criteria, lists, narrowing, territory
from orders.selectors.bulk import (
    ACCEPT,
    APPROVE,
    ASSIGN,
    CANCEL,
    CHASE,
    ISSUE,
    PRINT,
    states_to_tick,
)
from orders.views.common import SILENCES, TURNS, list_states
from orders.views.narrowing import MOMENTS, filter_chips, panel_of
from orders.views.saved import WHOLE, SavedPages
from orders.views.shapes import reach_chips

PAGE = "orders"
KEYS = (
    "q",
    "etat",
    "corps",
    "priorite",
    "retard",
    "tour",
    "silence",
    "tri",
    *criteria.KEYS,
    territory.KEY,
    columns.KEY,
)
SORTS = (
    ("-creation", _("Plus récentes")),
    ("creation", _("Plus anciennes")),
    ("echeance", _("Échéance proche")),
    ("-echeance", _("Échéance lointaine")),
    ("attente", _("Attendent depuis longtemps")),
    ("-attente", _("Attendent depuis peu")),
    ("urgence", _("Délai d’urgence proche")),
    ("-montant", _("Montant, du plus élevé")),
    ("montant", _("Montant, du plus bas")),
    ("etat", _("État, du début")),
    ("-etat", _("État, de la fin")),
    ("lieu", _("Lieu, par commune et par rue")),
    ("-lieu", _("Lieu, de la fin")),
    ("corps", _("Corps d’état, de A à Z")),
    ("-corps", _("Corps d’état, de Z à A")),
)
_BY_PARTY = {
    Side.LANDLORD: (
        ("partie", _("Entreprise, de A à Z")),
        ("-partie", _("Entreprise, de Z à A")),
    ),
    Side.CONTRACTOR: (
        ("partie", _("Bailleur, de A à Z")),
        ("-partie", _("Bailleur, de Z à A")),
    ),
}
# The acts on what is ticked (views/bulk.py): name, label, icon.
BUTTONS = {
    Side.LANDLORD: (
        (ISSUE, _("Transmettre…"), "send"),
        (APPROVE, _("Valider et transmettre…"), "circle-check"),
        (CHASE, _("Relancer…"), "alarm"),
        (PRINT, _("Bons en PDF"), "printer"),
        (CANCEL, _("Annuler…"), "ban"),
    ),
    Side.CONTRACTOR: (
        (ACCEPT, _("Accepter…"), "circle-check"),
        (ASSIGN, _("Confier à…"), "user-check"),
        (CHASE, _("Relancer…"), "alarm"),
        (PRINT, _("Bons en PDF"), "printer"),
    ),
}

landlord = portal(Side.LANDLORD)
desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)


def _list(request: PortalRequest) -> HttpResponseBase:
    """Filter, search, sort, page; the query string is the state."""
    saved = SAVED.of_list(request)
    if saved.first and not request.GET:
        return redirect(f"{request.path}?{saved.first.query}")
    filters = lists.Filters.read(request.GET, request.actor)
    page = lists.order_list(request.actor, filters)
    shown = columns.shown(request.GET, saved.columns)
    asked = request.GET.copy()
    asked.pop(columns.AGAIN, None)
    again = asked.copy()
    again[columns.AGAIN] = columns.written(shown)
    context = {
        "page": page,
        "panel": panel_of(request.actor, request.GET, _url(request, "filters")),
        "export_cap": lists.EXPORT_CAP,
        "filter_chips": filter_chips(
            request.actor, filters, request.GET, page.trades, [row.order for row in page.rows]
        ),
        "reach": reach_chips(filters.reach, request.GET),
        "side": request.actor.side.value,
        "states": list_states(),
        "sorts": (*SORTS, *_BY_PARTY[request.actor.side]),
        "turns": TURNS[request.actor.side],
        "silences": SILENCES,
        "columns": shown,
        "asked": asked,
        "again": again.urlencode(),
        "column_choices": columns.choices(shown, request.actor.side),
        "columns_url": _url(request, "columns"),
        **saved.context(columns.as_query(shown)),
        **_bulk_of(request, page),
    }
    return render(request, "orders/list.html", context)


def _bulk_of(request: PortalRequest, page: lists.OrderList) -> dict[str, Any]:
    """Return which rows have a box, and the acts on them; nothing where no row may be ticked."""
    ticks = states_to_tick(request.actor)
    if not any(row.order.state in ticks for row in page.rows):
        return {"ticks": []}
    return {
        "ticks": ticks,
        "bulk_acts": BUTTONS[request.actor.side],
        "bulk_url": _url(request, "bulk"),
        "has_more": bool(page.next_key or page.previous_key),
    }


landlord_list = require_GET(landlord(_list))
contractor_list = require_GET(desk(_list))


def _filters(request: PortalRequest) -> HttpResponseBase:
    """The controls of « Plus de filtres », when the panel opens."""
    context = {
        "asked": criteria.Criteria.read(request.GET, request.actor),
        "offer": narrowing.offer_of(request.actor),
        "moments": MOMENTS,
        "side": request.actor.side.value,
    }
    return render(request, "orders/filter_more_fields.html", context)


landlord_filters = require_GET(landlord(_filters))
contractor_filters = require_GET(desk(_filters))


def _export(request: PortalRequest) -> HttpResponseBase:
    """The filtered list as CSV, at most 2 000 rows."""
    return csv_export(_rows(request), _name(request), _asked(request))


def _workbook(request: PortalRequest) -> HttpResponseBase:
    """The filtered list as a workbook, at most 2 000 rows."""
    return xlsx_export(_rows(request), _name(request), _asked(request))


def _name(request: PortalRequest) -> str:
    return f"commandes-{request.organisation.slug}"


def _asked(request: PortalRequest) -> tuple[Column, ...]:
    """Return the chosen columns, or all of them."""
    if request.GET.get("fichier") != "affichees":
        return EVERY
    kept = saved_views.shelf_of(request.actor, page=PAGE).columns
    return chosen(columns.shown(request.GET, kept))


def _rows(request: PortalRequest) -> list[lists.OrderRow]:
    filters = lists.Filters.read(request.GET, request.actor)
    return lists.export_rows(request.actor, filters)


landlord_export = require_GET(landlord(_export))
contractor_export = require_GET(desk(_export))
landlord_workbook = require_GET(landlord(_workbook))
contractor_workbook = require_GET(desk(_workbook))


def _url(request: PortalRequest, name: str, *args: object) -> str:
    side = request.actor.side.value
    return reverse(f"orders:{side}_{name}", args=[request.organisation.slug, *args])


SAVED = SavedPages(page=PAGE, keys=KEYS, url=_url, first={"tri": "-creation"})
landlord_views, landlord_view = SAVED.pages(landlord)
contractor_views, contractor_view = SAVED.pages(desk)


def _columns(request: PortalRequest) -> HttpResponseBase:
    """Remember which columns the person wants, and go back to what was shown."""
    query = "" if "usuelles" in request.POST else columns.as_query(request.POST.getlist("colonne"))
    saved_views.keep_columns(actor=request.actor, page=PAGE, query=query)
    messages.success(request, _("Colonnes enregistrées : la liste s’ouvrira ainsi."))
    rest = [key for key in KEYS if key != columns.KEY]
    back = saved_views.canonical(request.POST.get("retour", "")[:600], rest)
    return redirect(f"{_url(request, 'list')}?{back or WHOLE}")


landlord_columns = require_POST(landlord(_columns))
contractor_columns = require_POST(desk(_columns))
