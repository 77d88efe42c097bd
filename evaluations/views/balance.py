"""The balance of transparency: a company's own page."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evaluations.selectors.balance import balance
from evaluations.views.desk import contractor
from evaluations.views.tabs import tabs, url_of
from nexxio.core.http import PortalRequest


def _balance(request: PortalRequest) -> HttpResponseBase:
    page = balance(
        request.actor,
        request.organisation,
        month=request.GET.get("mois", ""),
        landlord=request.GET.get("bailleur", ""),
    )
    figures = [
        {"label": one.label, "value": one.value, "detail": one.detail, "icon": one.icon}
        for one in page.headlines
    ]
    context = {
        "page": page,
        "figures": figures,
        "reports_url": url_of(request, "reports"),
        "tabs": tabs(request, "balance"),
    }
    return render(request, "evaluations/balance.html", context)


contractor_balance = require_GET(contractor(_balance))
