"""Addresses of evaluations: French nouns for people, English names in code."""

from django.urls import path

from evaluations.views import (
    balance,
    bonus,
    bonus_rules,
    clauses,
    desk,
    impact,
    pilots,
    questions,
    references,
    reports,
    reviews,
    sendings,
    showing,
    staff,
    steering,
    tenant,
    tenant_surveys,
    thanks,
    training,
    voices,
)

app_name = "evaluations"

_L = "bailleur/<slug:org>/evaluations"
_C = "prestataire/<slug:org>/evaluations"
_LB = "bailleur/<slug:org>/bonus"
_CB = "prestataire/<slug:org>/bonus"
_I = "bailleur/<slug:org>/impact"
_P = "bailleur/<slug:org>/pilotes"
_LR = "bailleur/<slug:org>/references"
_CR = "prestataire/<slug:org>/references"
_THANKS = "merci/<uuid:pk>/<slug:action>/"
_RULES, _STATEMENT = "regles/<uuid:pk>", "releves/<uuid:pk>"

urlpatterns = [
    path(f"{_L}/", desk.landlord_home, name="landlord_home"),
    path(f"{_L}/en-attente/", desk.landlord_waiting, name="landlord_waiting"),
    path(f"{_C}/en-attente/", desk.contractor_waiting, name="contractor_waiting"),
    path(f"{_L}/resultats/", desk.landlord_results, name="landlord_results"),
    path(f"{_L}/trimestre/<uuid:pk>/", desk.landlord_campaign, name="landlord_campaign"),
    path(f"{_L}/<uuid:pk>/", desk.landlord_evaluation, name="landlord_evaluation"),
    path(f"{_C}/", desk.contractor_home, name="contractor_home"),
    path(f"{_C}/resultats/", desk.contractor_results, name="contractor_results"),
    path(f"{_C}/reponses/", showing.contractor_given, name="contractor_given"),
    path(
        f"{_C}/reponses/<uuid:pk>/montrer/",
        showing.contractor_given_show,
        name="contractor_given_show",
    ),
    path(
        f"{_C}/reponses/<uuid:pk>/retirer/",
        showing.contractor_given_withdraw,
        name="contractor_given_withdraw",
    ),
    path(f"{_C}/trimestre/<uuid:pk>/", desk.contractor_campaign, name="contractor_campaign"),
    path(f"{_C}/<uuid:pk>/", desk.contractor_evaluation, name="contractor_evaluation"),
    path(f"{_C}/<uuid:pk>/<slug:action>/", desk.contractor_act, name="contractor_act"),
    path(f"{_L}/mots/<uuid:pk>/signaler/", voices.landlord_report, name="landlord_voice"),
    path(f"{_C}/mots/<uuid:pk>/signaler/", voices.contractor_report, name="contractor_voice"),
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
    path(f"{_L}/fiches/", reports.landlord_reports, name="landlord_reports"),
    path(f"{_L}/fiches/<uuid:pk>.pdf", reports.landlord_report, name="landlord_report"),
    path(f"{_C}/fiches/", reports.contractor_reports, name="contractor_reports"),
    path(f"{_C}/fiches/<uuid:pk>.pdf", reports.contractor_report, name="contractor_report"),
    *(
        path(f"{base}/{end}", getattr(reviews, f"{side}_{view}"), name=f"{side}_{name}")
        for side, base in (("landlord", _L), ("contractor", _C))
        for end, view, name in (
            ("revues/", "reviews", "reviews"),
            ("revues/marche/<uuid:pk>/", "new", "review_new"),
            ("revues/decisions/<uuid:pk>/", "settle", "decision"),
            ("revues/<uuid:pk>/", "review", "review"),
            ("revues/<uuid:pk>/<slug:action>/", "act", "review_act"),
        )
    ),
    *(
        path(f"{base}/{end}", getattr(staff, f"{side}_{view}"), name=f"{side}_{name}")
        for side, base in (("landlord", _L), ("contractor", _C))
        for end, view, name in (
            ("equipes/", "staff", "staff"),
            ("equipes/<uuid:pk>/", "answer", "staff_answer"),
        )
    ),
    path("bailleur/<slug:org>/fiches/", training.landlord_cards, name="landlord_cards"),
    path("prestataire/<slug:org>/fiches/", training.contractor_cards, name="contractor_cards"),
    path(
        "bailleur/<slug:org>/fiches/<slug:card>/<slug:action>/",
        training.landlord_card_act,
        name="landlord_card_act",
    ),
    path(
        "prestataire/<slug:org>/fiches/<slug:card>/<slug:action>/",
        training.contractor_card_act,
        name="contractor_card_act",
    ),
    path(f"{_LR}/", references.landlord_references, name="landlord_references"),
    path(f"{_LR}/notre-nom/", references.landlord_naming, name="landlord_naming"),
    path(f"{_LR}/<uuid:pk>/", references.landlord_reference, name="landlord_reference"),
    path(f"{_LR}/<uuid:pk>/appelez-moi/", references.landlord_call, name="landlord_reference_call"),
    path(
        f"{_LR}/contacts/<uuid:pk>/retirer/",
        references.landlord_call_end,
        name="landlord_reference_call_end",
    ),
    path(f"{_CR}/", references.contractor_references, name="contractor_references"),
    path(f"{_CR}/publier/", references.contractor_new, name="contractor_reference_new"),
    path(
        f"{_CR}/<uuid:pk>/retirer/",
        references.contractor_withdraw,
        name="contractor_reference_withdraw",
    ),
    path(f"{_L}/questions/", questions.landlord_questions, name="landlord_questions"),
    path(f"{_L}/questions/ajouter/", questions.landlord_new, name="landlord_question_new"),
    path(
        f"{_L}/questions/<uuid:pk>/<slug:action>/",
        questions.landlord_act,
        name="landlord_question_act",
    ),
    path(f"{_P}/", pilots.landlord_pilots, name="landlord_pilots"),
    path(f"{_P}/besoins/ajouter/", pilots.landlord_need_new, name="landlord_need_new"),
    path(
        f"{_P}/besoins/<uuid:pk>/<slug:action>/",
        pilots.landlord_need_act,
        name="landlord_need_act",
    ),
    path(
        f"{_P}/nouveau/<slug:need>/<slug:feature>/", pilots.landlord_new, name="landlord_pilot_new"
    ),
    path(f"{_P}/<uuid:pk>/", pilots.landlord_pilot, name="landlord_pilot"),
    path(f"{_P}/<uuid:pk>/<slug:action>/", pilots.landlord_act, name="landlord_pilot_act"),
    path(f"{_L}/clauses/marche/<uuid:pk>/", clauses.landlord_clauses, name="landlord_clauses"),
    path(f"{_C}/clauses/marche/<uuid:pk>/", clauses.contractor_clauses, name="contractor_clauses"),
    path(
        f"{_L}/clauses/marche/<uuid:pk>/annexe/",
        clauses.landlord_annex_new,
        name="landlord_annex_new",
    ),
    path(f"{_L}/clauses/<uuid:pk>.pdf", clauses.landlord_annex, name="landlord_annex"),
    path("bailleur/<slug:org>/pilotage/", steering.landlord_steering, name="landlord_steering"),
    path(
        "bailleur/<slug:org>/pilotage/enquete/<uuid:pk>/retirer/",
        tenant_surveys.landlord_withdraw,
        name="landlord_survey_withdraw",
    ),
    path(f"{_I}/", impact.landlord_impact, name="landlord_impact"),
    path(f"{_I}/prevoir/", impact.landlord_new, name="landlord_rollout_new"),
    path(f"{_I}/impact.csv", impact.landlord_file, name="landlord_impact_file"),
    path(f"{_I}/journal/", impact.landlord_note, name="landlord_impact_note"),
    path(
        f"{_I}/journal/<uuid:pk>/<slug:action>/",
        impact.landlord_note_act,
        name="landlord_impact_note_act",
    ),
    path(f"{_I}/<uuid:pk>/<slug:action>/", impact.landlord_act, name="landlord_rollout_act"),
    path(f"{_C}/balance/", balance.contractor_balance, name="contractor_balance"),
    path(
        f"{_C}/lettres/<uuid:pk>/envoi/",
        sendings.contractor_claim_sent,
        name="contractor_claim_sent",
    ),
    path(f"{_L}/{_THANKS}", thanks.landlord_thanks, name="landlord_thanks"),
    path(f"{_C}/{_THANKS}", thanks.contractor_thanks, name="contractor_thanks"),
    path("s/<str:token>/merci/<slug:action>/", thanks.tenant_thanks, name="tenant_thanks"),
    path("suivi/<uuid:case>/merci/<slug:action>/", thanks.case_thanks, name="case_thanks"),
    path("s/<str:token>/avis/", tenant.opinion, name="opinion"),
    path("suivi/<uuid:case>/avis/", tenant.case_opinion, name="case_opinion"),
]
