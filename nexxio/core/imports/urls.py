"""Addresses of imports: the same pages for a landlord's desk and a company's.

Inside a portal `imports:` leads to that portal's own pages.
"""

from __future__ import annotations

from django.urls import URLPattern, include, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.http import portal
from nexxio.core.imports import views


def _pages(side: Side) -> list[URLPattern]:
    desk = portal(side, Role.MANAGER, Role.CLERK)
    form = require_http_methods(["GET", "POST"])
    return [
        path("", require_GET(desk(views.index)), name="index"),
        path("nouveau/<slug:slug>/", form(desk(views.start)), name="start"),
        path("nouveau/<slug:slug>/modele.csv", require_GET(desk(views.template)), name="template"),
        path("<uuid:pk>/", require_GET(desk(views.run)), name="run"),
        path("<uuid:pk>/colonnes/", form(desk(views.columns)), name="columns"),
        path("<uuid:pk>/valeurs/", form(desk(views.values)), name="values"),
        path("<uuid:pk>/rapport.csv", require_GET(desk(views.report)), name="report"),
        path("<uuid:pk>/<slug:action>/", require_POST(desk(views.act)), name="act"),
    ]


urlpatterns = [
    path("bailleur/<slug:org>/imports/", include((_pages(Side.LANDLORD), "imports"))),
    path(
        "prestataire/<slug:org>/imports/",
        include((_pages(Side.CONTRACTOR), "imports"), namespace="contractor_imports"),
    ),
]
