"""Addresses of evaluations: French nouns for people, English names in code."""

from django.urls import path

from evaluations.views import desk, tenant

app_name = "evaluations"

_L = "bailleur/<slug:org>/evaluations"
_C = "prestataire/<slug:org>/evaluations"

urlpatterns = [
    path(f"{_L}/", desk.landlord_home, name="landlord_home"),
    path(f"{_L}/resultats/", desk.landlord_results, name="landlord_results"),
    path(f"{_L}/trimestre/<uuid:pk>/", desk.landlord_campaign, name="landlord_campaign"),
    path(f"{_L}/<uuid:pk>/", desk.landlord_evaluation, name="landlord_evaluation"),
    path(f"{_C}/", desk.contractor_home, name="contractor_home"),
    path(f"{_C}/resultats/", desk.contractor_results, name="contractor_results"),
    path(f"{_C}/trimestre/<uuid:pk>/", desk.contractor_campaign, name="contractor_campaign"),
    path(f"{_C}/<uuid:pk>/", desk.contractor_evaluation, name="contractor_evaluation"),
    path(f"{_C}/<uuid:pk>/<slug:action>/", desk.contractor_act, name="contractor_act"),
    path("s/<str:token>/avis/", tenant.opinion, name="opinion"),
    path("suivi/<uuid:case>/avis/", tenant.case_opinion, name="case_opinion"),
]
