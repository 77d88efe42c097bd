"""Exports of whole lists: asked for, looked at while a worker makes them, fetched by who asked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import files, saved_views
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest
from orders import services
from orders.models import ExportFormat
from orders.selectors import lists
from orders.selectors.exports import export_file, exports_of
from orders.views.order_list import KEYS, desk, landlord


def _exports(request: PortalRequest) -> HttpResponseBase:
    """The person's exports, and what the next one would hold; POST asks for it."""
    name = f"orders:{request.actor.side.value}_exports"
    if request.method == "POST":
        query = saved_views.canonical(request.POST.get("query", "")[:600], KEYS)
        try:
            services.ask_export(
                actor=request.actor, query=query, file_format=request.POST.get("format", "")
            )
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(
                request, _("Export en préparation : il apparaît ici dès qu’il est prêt.")
            )
        back = reverse(name, args=[request.organisation.slug])
        return redirect(f"{back}?{query}" if query else back)
    rows = exports_of(request.actor)
    filters = lists.Filters.read(request.GET, request.actor)
    total = None if request.htmx else lists.export_total(request.actor, filters)
    context = {
        "rows": rows,
        "is_busy": any(row.is_preparing for row in rows),
        "query": saved_views.canonical(request.GET.urlencode(), KEYS),
        "total": total,
        "most": lists.EXPORT_MOST,
        "is_cut": total is not None and total > lists.EXPORT_MOST,
        "formats": ExportFormat.choices,
        "side": request.actor.side.value,
    }
    return render(request, "orders/exports.html", context)


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = export_file(request.actor, pk)
    if found is None:
        raise Http404
    return files.serve(request, found, download=True)


_both = require_http_methods(["GET", "POST"])
landlord_exports = _both(landlord(_exports))
contractor_exports = _both(desk(_exports))
landlord_file = require_GET(landlord(_file))
contractor_file = require_GET(desk(_file))
