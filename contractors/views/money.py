"""What is to come: cash for a company; interest and payment days for a landlord."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from contractors.selectors.delays import payment_delays
from contractors.selectors.forecast import Forecast, forecast
from contractors.selectors.interest import SOON, Interest, interest_owed
from contractors.views.invoices import contractor, landlord
from contractors.views.tabs import tabs
from nexxio.core.http import PortalRequest
from nexxio.core.templatetags.ui import money_text


def _forecast(request: PortalRequest) -> HttpResponseBase:
    """When a company's open invoices are likely to be paid."""
    found = forecast(request.actor)
    context = {"forecast": found, "figures": _sums(found), "tabs": tabs(request, "forecast")}
    return render(request, "contractors/forecast.html", context)


def _sums(found: Forecast) -> list[dict[str, object]]:
    return [
        {
            "label": _("Attendu dans les 12 semaines"),
            "value": money_text(found.expected),
            "icon": "cash",
        },
        {
            "label": _("Échéance passée, rien d’annoncé"),
            "value": money_text(found.late),
            "icon": "alarm",
            "tone": "danger" if found.late else "success",
        },
        {
            "label": _("Bloqué"),
            "value": money_text(found.blocked),
            "icon": "lock",
            "tone": "warning" if found.blocked else "success",
        },
    ]


def _interest(request: PortalRequest) -> HttpResponseBase:
    """What late payment costs a landlord, by service."""
    found = interest_owed(request.actor)
    context = {
        "interest": found,
        "days": SOON,
        "figures": _owed(found),
        "tabs": tabs(request, "interest"),
    }
    return render(request, "contractors/interest.html", context)


def _owed(found: Interest) -> list[dict[str, object]]:
    total = found.total
    known = total.known > 0
    return [
        {
            "label": _("Factures en retard, non payées"),
            "value": money_text(total.late_euros),
            "detail": _("TTC, à payer"),
            "icon": "alarm",
            "tone": "danger" if total.late else "success",
        },
        {
            "label": _("Intérêts et indemnités déjà dus"),
            "value": money_text(total.owed + total.indemnities if known else None),
            "detail": found.estimate,
            "icon": "scale",
            "tone": "danger" if known else "",
        },
        {
            "label": _("En plus dans %d jours, si rien n’est payé") % SOON,
            "value": money_text(total.added or None),
            "detail": found.estimate,
            "icon": "hourglass",
            "tone": "warning" if total.added else "",
        },
    ]


def _delays(request: PortalRequest) -> HttpResponseBase:
    """In how many days a landlord pays, by month."""
    context = {
        "delays": payment_delays(request.actor, request.organisation),
        "tabs": tabs(request, "delays"),
    }
    return render(request, "contractors/delays.html", context)


contractor_forecast = require_GET(contractor(_forecast))
landlord_interest = require_GET(landlord(_interest))
landlord_delays = require_GET(landlord(_delays))
