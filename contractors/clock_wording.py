"""What the legal clock answers, in French words. Estimates are always marked as such. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contractors.legal_clock import Interruption, NoEffect, Reason, Regime, Result

ESTIMATE = gettext_lazy("Estimation, sans valeur juridique")
PROVISIONAL = gettext_lazy("Taux provisoire : calculé, pas encore publié")

REGIMES: dict[Regime, Any] = {
    Regime.OPH: gettext_lazy("OPH"),
    Regime.ESH: gettext_lazy("ESH"),
    Regime.SEM: gettext_lazy("SEM"),
    Regime.COOPERATIVE: gettext_lazy("Coopérative"),
    Regime.PRIVATE: gettext_lazy("Acheteur privé"),
}
NO_EFFECTS: dict[NoEffect, Any] = {
    NoEffect.PRIVATE_RULES: gettext_lazy("les règles privées n’en connaissent pas"),
    NoEffect.LANDLORDS_ACT: gettext_lazy(
        "la cause n’est pas du côté du créancier, ou n’interrompt pas le délai"
    ),
    NoEffect.ALREADY_DUE: gettext_lazy("le délai était déjà écoulé"),
    NoEffect.SECOND: gettext_lazy("une facture ne se suspend qu’une fois"),
}
_REASONS: dict[Reason, Any] = {
    Reason.NO_DATE: gettext_lazy("Ni date de réception ni date de facture : rien n’est calculé."),
    Reason.DELAY_NOT_SET: gettext_lazy(
        "Le délai de cette coopérative n’est pas réglé : rien n’est calculé."
    ),
    Reason.DELAY_MISSING: gettext_lazy("Délai légal inconnu au %(day)s : rien n’est calculé."),
    Reason.RATE_MISSING: gettext_lazy(
        "Taux inconnu pour le semestre qui commence le %(day)s : aucun montant n’est calculé."
    ),
    Reason.INDEMNITY_MISSING: gettext_lazy(
        "Indemnité forfaitaire inconnue au %(day)s : aucun montant n’est calculé."
    ),
}


def interruption(item: Interruption) -> str:
    """Return of which days a suspension was, and for which cause."""
    said = {"first": _day(item.notified_on), "cause": item.cause}
    if item.completed_on is None:
        return _("suspension du %(first)s (%(cause)s), pièces attendues") % said
    said["last"] = _day(item.completed_on)
    return _("suspension du %(first)s au %(last)s (%(cause)s)") % said


def no_effect(item: Interruption, why_not: NoEffect) -> str:
    """Return a suspension that did not interrupt the delay, and why."""
    return f"{interruption(item)} : {NO_EFFECTS[why_not]}"


def interest_due(result: Result) -> str:
    """Return when interest is itself due, in a sentence; "" where no day is set for it."""
    if result.interest_due_on is not None:
        return _("Intérêts et indemnité eux-mêmes exigibles le %s.") % _day(result.interest_due_on)
    if result.interest_wait is not None:
        return (
            _("Intérêts et indemnité eux-mêmes exigibles %d jours après le paiement du principal.")
            % result.interest_wait
        )
    return ""


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def why(reason: Reason, day: date | None) -> str:
    """Return in a sentence why something can't be said."""
    return str(_REASONS[reason]) % {"day": f"{day:%d/%m/%Y}" if day else _("ce jour")}
