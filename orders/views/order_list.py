"""The list of orders, for landlord and contractor, and the views that a person saves of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import saved_views
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from nexxio.core.models import SavedView
from orders.list_files import csv_export, xlsx_export
from orders.selectors import lists, territory
from orders.selectors.bulk import ACCEPT, APPROVE, ISSUE, states_to_tick
from orders.views.common import add_errors, list_states
from orders.views.shapes import reach_chips

PAGE = "orders"
KEYS = ("q", "etat", "corps", "priorite", "retard", "tour", "silence", "tri", territory.KEY)
SORTS = (
    ("-creation", _("Plus récentes")),
    ("creation", _("Plus anciennes")),
    ("echeance", _("Échéance proche")),
    ("-echeance", _("Échéance lointaine")),
    ("attente", _("Attendent depuis longtemps")),
    ("-attente", _("Attendent depuis peu")),
    ("urgence", _("Délai d’urgence proche")),
    ("etat", _("État, du début")),
    ("-etat", _("État, de la fin")),
)
SILENCES = (
    (lists.SILENT, _("Silencieuses")),
    *((days, format_lazy(_("Sans nouvelles depuis {} jours"), days)) for days in lists.SILENT_DAYS),
)
TURNS = {
    Side.LANDLORD: (
        ("landlord", _("Chez nous")),
        ("contractor", _("Chez l’entreprise")),
        ("tenant", _("Chez le locataire")),
    ),
    Side.CONTRACTOR: (
        ("contractor", _("Chez nous")),
        ("landlord", _("Chez le bailleur")),
        ("tenant", _("Chez le locataire")),
    ),
}
# The acts on what is ticked (views/bulk.py): name, label, icon.
BUTTONS = {
    Side.LANDLORD: (
        (ISSUE, _("Transmettre…"), "send"),
        (APPROVE, _("Valider et transmettre…"), "circle-check"),
    ),
    Side.CONTRACTOR: ((ACCEPT, _("Accepter…"), "circle-check"),),
}

landlord = portal(Side.LANDLORD)
desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)


class ViewForm(forms.Form):
    """The name of a view, and the query string that it stands for."""

    name = forms.CharField(label=_("Nom de la vue"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600)


def _list(request: PortalRequest) -> HttpResponseBase:
    """Filter, search, sort, page; the query string is the state."""
    query = saved_views.canonical(request.GET.urlencode(), KEYS)
    if query == "tri=-creation":
        query = ""
    chips = []
    if not request.htmx:
        views = saved_views.views_of(request.actor, page=PAGE)
        chips = saved_views.chips(views, current=query, whole=str(_("Toutes")))
    filters = lists.Filters.read(request.GET, request.actor)
    page = lists.order_list(request.actor, filters)
    context = {
        "page": page,
        "reach": reach_chips(filters.reach, request.GET),
        "side": request.actor.side.value,
        "states": list_states(),
        "sorts": SORTS,
        "turns": TURNS[request.actor.side],
        "silences": SILENCES,
        "query": query,
        "chips": chips,
        "is_saved": any(chip.current for chip in chips),
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
    }


landlord_list = require_GET(landlord(_list))
contractor_list = require_GET(desk(_list))


def _export(request: PortalRequest) -> HttpResponseBase:
    """The filtered list as CSV, at most 2 000 rows."""
    return csv_export(_rows(request), f"commandes-{request.organisation.slug}")


def _workbook(request: PortalRequest) -> HttpResponseBase:
    """The filtered list as a workbook, at most 2 000 rows."""
    return xlsx_export(_rows(request), f"commandes-{request.organisation.slug}")


def _rows(request: PortalRequest) -> list[lists.OrderRow]:
    filters = lists.Filters.read(request.GET, request.actor)
    return lists.export_rows(request.actor, filters)


landlord_export = require_GET(landlord(_export))
contractor_export = require_GET(desk(_export))
landlord_workbook = require_GET(landlord(_workbook))
contractor_workbook = require_GET(desk(_workbook))


def _views(request: PortalRequest) -> HttpResponseBase:
    """The person's saved views; POST keeps one more."""
    if request.method != "POST":
        return _show(request)
    form = ViewForm(request.POST)
    if form.is_valid():
        query = saved_views.canonical(form.cleaned_data["query"], KEYS)
        try:
            view = saved_views.save_view(
                actor=request.actor, page=PAGE, name=form.cleaned_data["name"], query=query
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, f"Vue « {view.name} » enregistrée.")
            return redirect(f"{_url(request, 'list')}?{view.query}")
    return _show(request, new=form)


landlord_views = require_http_methods(["GET", "POST"])(landlord(_views))
contractor_views = require_http_methods(["GET", "POST"])(desk(_views))


def _find(request: PortalRequest, pk: UUID) -> SavedView:
    view = saved_views.get_view(request.actor, pk)
    if view is None:
        raise Http404
    return view


def _rename(request: PortalRequest, view: SavedView) -> HttpResponseBase:
    form = ViewForm(request.POST, auto_id=_ids(view.pk))
    if form.is_valid():
        try:
            saved_views.rename_view(actor=request.actor, pk=view.pk, name=form.cleaned_data["name"])
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "Vue renommée.")
            return redirect(_url(request, "views"))
    return _show(request, wrong=(view, form))


def _delete(request: PortalRequest, view: SavedView) -> HttpResponseBase:
    saved_views.delete_view(actor=request.actor, pk=view.pk)
    messages.success(request, f"Vue « {view.name} » supprimée.")
    return redirect(_url(request, "views"))


ACTS: dict[str, Act[SavedView]] = {"renommer": _rename, "supprimer": _delete}
_view_act = by_action(ACTS, _find)
landlord_view = require_POST(landlord(_view_act))
contractor_view = require_POST(desk(_view_act))


def _show(
    request: PortalRequest,
    *,
    new: ViewForm | None = None,
    wrong: tuple[SavedView, ViewForm] | None = None,
) -> HttpResponseBase:
    rows: list[dict[str, Any]] = []
    for view in saved_views.views_of(request.actor, page=PAGE):
        form = ViewForm(auto_id=_ids(view.pk), initial={"name": view.name})
        if wrong is not None and wrong[0].pk == view.pk:
            form = wrong[1]
        rows.append(
            {
                "view": view,
                "form": form,
                "rename_url": _url(request, "view", view.pk, "renommer"),
                "delete_url": _url(request, "view", view.pk, "supprimer"),
            }
        )
    context = {"rows": rows, "new": new, "list_url": _url(request, "list")}
    return render(request, "orders/views.html", context, status=422 if new or wrong else 200)


def _ids(pk: UUID) -> str:
    """Return how a row's form names its controls: several of them stand on the page."""
    return f"id_{pk}_%s"


def _url(request: PortalRequest, name: str, *args: object) -> str:
    side = request.actor.side.value
    return reverse(f"orders:{side}_{name}", args=[request.organisation.slug, *args])
