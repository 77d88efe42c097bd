"""The administration's first page: what staff do, in the order in which they do it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "organisations",
        _("Organisations"),
        ("core.Organisation", "core.Partnership", "core.PlatformEntry"),
    ),
    ("comptes", _("Comptes"), ("core.User", "core.Membership")),
    (
        "referentiels",
        _("Référentiels"),
        (
            "core.Rate",
            "core.PriceIndex",
            "core.PriceIndexValue",
            "core.RetentionRule",
            "contractors.Cause",
            "contractors.BlockedThreshold",
            "contractors.PaperRule",
            "contractors.MoneyRule",
            "contractors.LandlordDelay",
            "orders.Trade",
            "evaluations.Question",
            "evaluations.Wording",
            "@codes",
        ),
    ),
    (
        "fonctionnement",
        _("Fonctionnement"),
        (
            "@direct",
            "evaluations.Evaluation",
            "evaluations.VoiceReport",
            "core.Delivery",
            "core.Job",
            "core.ImportRun",
            "core.Message",
        ),
    ),
    (
        "consultation",
        _("Consultation"),
        ("orders.Order", "orders.Visit", "orders.Contract", "core.Event", "admin.LogEntry"),
    ),
)
NAMES = {
    "core.PlatformEntry": _("Accès aux espaces"),
    "core.Delivery": _("Remises d’événements"),
    "core.Job": _("Travaux longs"),
    "core.ImportRun": _("Imports"),
    "core.Message": _("Messages envoyés"),
    "orders.Visit": _("Passages"),
    "core.Event": _("Événements"),
    "admin.LogEntry": _("Journal de l’équipe"),
    "evaluations.Evaluation": _("Évaluations"),
    "evaluations.VoiceReport": _("Commentaires signalés"),
    "evaluations.Question": _("Questionnaires"),
    "evaluations.Wording": _("Questionnaires par langue"),
    "core.Rate": _("Taux et montants légaux"),
    "core.PriceIndex": _("Indices de prix"),
    "core.PriceIndexValue": _("Valeurs des indices"),
    "core.RetentionRule": _("Durées de conservation"),
    "contractors.Cause": _("Causes de blocage"),
    "contractors.BlockedThreshold": _("Seuils d’alerte des blocages"),
    "contractors.PaperRule": _("Pièces de conformité"),
    "contractors.MoneyRule": _("Retenues, avances, sous-traitance"),
    "contractors.LandlordDelay": _("Délais des coopératives"),
}
HINTS = {
    "core.Organisation": _("Ouvrir, corriger, fermer un bailleur ou un prestataire"),
    "core.Partnership": _("Qui travaille avec qui"),
    "core.PlatformEntry": _("Qui est entré chez qui, pourquoi, jusqu’à quand"),
    "core.User": _("Désactiver, fermer les sessions"),
    "core.Membership": _("Service, rôles et plafond de chacun"),
    "core.Rate": _("Intérêts de retard, indemnité, délais, TVA : datés, avec leur source"),
    "core.PriceIndex": _("BT, ICHT : les séries que les marchés peuvent citer"),
    "core.PriceIndexValue": _("Mois par mois, avec leur source, provisoires ou non"),
    "core.RetentionRule": _("Contact et photos d’une commande close : mois avant l’effacement"),
    "contractors.Cause": _("Qui les tient, ce qui est transmis, ce qui interrompt le délai"),
    "contractors.PaperRule": _("Attestations et assurances : durée de validité, liste usuelle"),
    "contractors.MoneyRule": _("Plafonds et seuils : datés, avec leur source"),
    "contractors.LandlordDelay": _("30 ou 60 jours, organisme par organisme, avec sa source"),
    "contractors.BlockedThreshold": _("À partir de combien les deux directions sont prévenues"),
    "orders.Trade": _("Les mêmes pour tous les bailleurs"),
    "evaluations.Evaluation": _("Maintenir ou retirer ce qu’une entreprise conteste"),
    "evaluations.Question": _("Les onze axes, version par version"),
    "evaluations.Wording": _("Les phrases des locataires, à relire par langue"),
    "@codes": _("Renvois, réserves, annulations, accès : listes figées"),
    "@direct": _("Délai entre un geste et les pages, p50 et p95"),
    "core.Delivery": _("Ce qui attend, ce qui est abandonné : rejouer"),
    "core.Job": _("Imports et autres : relancer, abandonner"),
    "core.ImportRun": _("Où en est chaque fichier"),
    "core.Message": _("SMS et e-mails : partis ou non, sans leur texte"),
    "orders.Order": _("Par référence exacte"),
    "orders.Visit": _("Par référence de commande"),
    "orders.Contract": _("Par numéro exact"),
    "core.Event": _("Tout ce qui a été enregistré"),
    "admin.LogEntry": _("Qui a fait quoi ici"),
}


def arranged(
    app_list: list[dict[str, Any]], pages: dict[str, tuple[Any, str]]
) -> list[dict[str, Any]]:
    """Regroup Django's list of apps; whatever no group names comes last, so that it isn't lost.

    pages: our own pages, "@name" → title and address.
    """
    models = {_label(model): model for app in app_list for model in app["models"]}
    groups = []
    for slug, title, labels in GROUPS:
        found = [_entry(label, models, pages) for label in labels]
        kept = [entry for entry in found if entry is not None]
        if kept:
            groups.append(_group(slug, title, kept))
    if models:
        groups.append(_group("autres", _("Autres"), list(models.values())))
    return groups


def _label(model: dict[str, Any]) -> str:
    return str(model["model"]._meta.label)


def _entry(
    label: str, models: dict[str, dict[str, Any]], pages: dict[str, tuple[Any, str]]
) -> dict[str, Any] | None:
    hint = HINTS.get(label, "")
    if label in pages:
        title, url = pages[label]
        return {
            "name": title,
            "object_name": label.strip("@"),
            "admin_url": url,
            "add_url": None,
            "view_only": True,
            "perms": {},
            "hint": hint,
        }
    model = models.pop(label, None)
    if model is None:
        return None
    return {**model, "name": NAMES.get(label, model["name"]), "hint": hint}


def _group(slug: str, title: Any, models: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": title,
        "app_label": slug,
        "app_url": "",
        "has_module_perms": True,
        "models": models,
    }
