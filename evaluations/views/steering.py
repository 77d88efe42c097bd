"""A landlord's steering page: services, satisfaction, each chart with its table."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evaluations.imports import SLUG as SURVEY_SLUG
from evaluations.selectors.impact import newest_finding
from evaluations.selectors.scorecard import thresholds
from evaluations.selectors.steering import steering
from evaluations.selectors.training import training
from evaluations.views.desk import landlord
from evaluations.views.tabs import tabs, url_of
from nexxio.core.http import PortalRequest


def _steering(request: PortalRequest) -> HttpResponseBase:
    context = {
        "page": steering(request.actor, desk=request.GET.get("service", "")),
        "thresholds": thresholds(),
        "training": training(request.actor),
        "measure": newest_finding(request.actor),
        "impact_url": url_of(request, "impact"),
        "cards_url": url_of(request, "cards"),
        "survey_slug": SURVEY_SLUG,
        "tabs": tabs(request, "steering"),
    }
    return render(request, "evaluations/steering.html", context)


landlord_steering = require_GET(landlord(_steering))
