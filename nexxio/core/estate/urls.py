"""Addresses of the estate."""

from django.urls import path

from nexxio.core.estate import views

app_name = "estate"
_E = "bailleur/<slug:org>/patrimoine"
urlpatterns = [
    path(f"{_E}/", views.groups, name="groups"),
    path(f"{_E}/import/", views.imports, name="imports"),
    path(f"{_E}/import/<uuid:pk>/", views.job, name="job"),
    path(f"{_E}/import/<uuid:pk>/<slug:action>/", views.act, name="act"),
]
