"""Addresses of imports."""

from django.urls import path

from nexxio.core.imports import views

app_name = "imports"
_I = "bailleur/<slug:org>/imports"
urlpatterns = [
    path(f"{_I}/", views.index, name="index"),
    path(f"{_I}/nouveau/<slug:slug>/", views.start, name="start"),
    path(f"{_I}/nouveau/<slug:slug>/modele.csv", views.template, name="template"),
    path(f"{_I}/<uuid:pk>/", views.run, name="run"),
    path(f"{_I}/<uuid:pk>/colonnes/", views.columns, name="columns"),
    path(f"{_I}/<uuid:pk>/valeurs/", views.values, name="values"),
    path(f"{_I}/<uuid:pk>/rapport.csv", views.report, name="report"),
    path(f"{_I}/<uuid:pk>/<slug:action>/", views.act, name="act"),
]
