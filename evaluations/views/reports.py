"""Monthly documents: their list, and each as a PDF."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evaluations import access
from evaluations.selectors.reports import reports_page
from evaluations.views.desk import contractor, landlord
from evaluations.views.tabs import tabs
from nexxio.core import files
from nexxio.core.http import PortalRequest


def _list(request: PortalRequest) -> HttpResponseBase:
    page = reports_page(
        request.actor,
        house=request.GET.get("partenaire", ""),
        page=request.GET.get("page", "1"),
    )
    context = {
        "page": page,
        "side": request.actor.side.value,
        "tabs": tabs(request, "reports"),
    }
    return render(request, "evaluations/reports.html", context)


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    return files.serve(request, access.get_report_file(request.actor, pk), download=True)


landlord_reports = require_GET(landlord(_list))
contractor_reports = require_GET(contractor(_list))
landlord_report = require_GET(landlord(_file))
contractor_report = require_GET(contractor(_file))
