"""Addresses of a landlord's agencies and sectors, below its members."""

from django.urls import path

from nexxio.core.territories import views

app_name = "territories"
_ROOT = "bailleur/<slug:org>/membres/secteurs"

urlpatterns = [
    path(f"{_ROOT}/", views.index, name="index"),
    path(f"{_ROOT}/nouvelle-agence/", views.new_agency, name="new_agency"),
    path(f"{_ROOT}/residences/", views.residences, name="residences"),
    path(f"{_ROOT}/<uuid:pk>/", views.edit, name="edit"),
    path(f"{_ROOT}/<uuid:pk>/nouveau-secteur/", views.new_sector, name="new_sector"),
    path(f"{_ROOT}/<uuid:pk>/<slug:action>/", views.act, name="act"),
]
