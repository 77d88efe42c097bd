"""Addresses of evaluations: French nouns for people, English names in code."""

from django.urls import path

from evaluations.views import bonus, bonus_rules, desk, tenant

app_name = "evaluations"

_L = "bailleur/<slug:org>/evaluations"
_C = "prestataire/<slug:org>/evaluations"
_LB = "bailleur/<slug:org>/bonus"
_CB = "prestataire/<slug:org>/bonus"
_RULES, _STATEMENT = "regles/<uuid:pk>", "releves/<uuid:pk>"

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
    path(f"{_LB}/", bonus.landlord_bonus, name="landlord_bonus"),
    path(f"{_LB}/marche/<uuid:pk>/regles/", bonus_rules.landlord_new, name="landlord_bonus_new"),
    path(f"{_LB}/marche/<uuid:pk>/", bonus.landlord_now, name="landlord_bonus_now"),
    path(f"{_LB}/{_RULES}/", bonus_rules.landlord_rules, name="landlord_bonus_rules"),
    path(
        f"{_LB}/{_RULES}/<slug:action>/",
        bonus_rules.landlord_rules_act,
        name="landlord_bonus_rules_act",
    ),
    path(f"{_LB}/{_STATEMENT}/", bonus.landlord_statement, name="landlord_bonus_statement"),
    path(
        f"{_LB}/{_STATEMENT}/fichier.<str:ending>", bonus.landlord_file, name="landlord_bonus_file"
    ),
    path(f"{_LB}/{_STATEMENT}/<slug:action>/", bonus.landlord_act, name="landlord_bonus_act"),
    path(f"{_LB}/contestations/<uuid:pk>/", bonus.landlord_answer, name="landlord_bonus_contest"),
    path(f"{_CB}/", bonus.contractor_bonus, name="contractor_bonus"),
    path(f"{_CB}/marche/<uuid:pk>/", bonus.contractor_now, name="contractor_bonus_now"),
    path(f"{_CB}/{_RULES}/", bonus_rules.contractor_rules, name="contractor_bonus_rules"),
    path(
        f"{_CB}/{_RULES}/<slug:action>/",
        bonus_rules.contractor_rules_act,
        name="contractor_bonus_rules_act",
    ),
    path(f"{_CB}/{_STATEMENT}/", bonus.contractor_statement, name="contractor_bonus_statement"),
    path(
        f"{_CB}/{_STATEMENT}/fichier.<str:ending>",
        bonus.contractor_file,
        name="contractor_bonus_file",
    ),
    path(f"{_CB}/{_STATEMENT}/<slug:action>/", bonus.contractor_act, name="contractor_bonus_act"),
    path(f"{_CB}/lignes/<uuid:pk>/", bonus.contractor_contest, name="contractor_bonus_contest"),
    path("s/<str:token>/avis/", tenant.opinion, name="opinion"),
    path("suivi/<uuid:case>/avis/", tenant.case_opinion, name="case_opinion"),
]
