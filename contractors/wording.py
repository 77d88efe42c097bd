"""Causes in the words of histories, and what is asked of whoever holds one. Pure.

Labels and requests stand in the dated rows; here is what a history says of a code, and what the
rows can't say because it depends on whose turn it is.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from contractors.blocking import CONTRACTOR, LANDLORD
from contractors.causes import CauseCode

_NAMES: dict[str, Any] = {
    CauseCode.CERTIFICATE_UNSIGNED: _("constat non signé"),
    CauseCode.ORDER_NOT_REGULARISED: _("commande non régularisée"),
    CauseCode.ORDER_NUMBER: _("numéro de commande"),
    CauseCode.COMMITMENT: _("engagement ou code service"),
    CauseCode.SIGN_OFF: _("bon d’intervention non signé"),
    CauseCode.ACCEPTANCE: _("réserves"),
    CauseCode.PHOTOS_OR_REPORT: _("photos ou compte rendu"),
    CauseCode.QUANTITY: _("quantité contestée"),
    CauseCode.PRICE: _("prix contesté"),
    CauseCode.TOTAL: _("total inexact"),
    CauseCode.VAT_RATE: _("taux de TVA"),
    CauseCode.LEGAL_MENTION: _("mentions, SIRET ou coordonnées bancaires"),
    CauseCode.DUPLICATE: _("doublon"),
    CauseCode.RECIPIENT: _("mauvais destinataire"),
    CauseCode.CONTRACT_OVER: _("marché terminé ou plafond atteint"),
    CauseCode.SUBCONTRACTOR: _("sous-traitant non déclaré"),
    CauseCode.PAPERS_EXPIRED: _("attestations périmées"),
    CauseCode.QUALITY: _("qualité contestée"),
    CauseCode.PENALTIES: _("pénalités en discussion"),
    CauseCode.INTERNAL_CIRCUIT: _("circuit interne d’approbation"),
    CauseCode.TOO_LATE_THIS_MONTH: _("déposée trop tard dans le mois"),
}

_ASKED: dict[tuple[str, str], Any] = {
    (CauseCode.CERTIFICATE_UNSIGNED, CONTRACTOR): _(
        "Le constat a été refusé : corrigez-le, puis soumettez-le à nouveau"
    ),
    (CauseCode.SIGN_OFF, LANDLORD): _(
        "Le locataire n’a pas signé : vérifiez avec lui ce qu’il en est"
    ),
    (CauseCode.TOTAL, CONTRACTOR): _(
        "Le total est faux, ou dépasse ce que la commande vaut à présent (moins-value, constat) :"
        " établissez un avoir"
    ),
    **{
        (code, CONTRACTOR): _(
            "Le bailleur n’admet qu’une partie : établissez un avoir pour le reste, ou répondez-lui"
        )
        for code in (CauseCode.QUANTITY, CauseCode.PRICE, CauseCode.QUALITY)
    },
    (CauseCode.SUBCONTRACTOR, LANDLORD): _(
        "Un sous-traitant est déclaré : acceptez-le ou refusez-le sur le marché"
    ),
    (CauseCode.ACCEPTANCE, LANDLORD): _("Une reprise est annoncée : vérifiez-la, levez la réserve"),
    (CauseCode.ACCEPTANCE, CONTRACTOR): _("Des réserves restent à lever : reprenez les défauts"),
}


def cause_name(code: str) -> str:
    """Return what a history calls a cause: "constat non signé (B01)"; an unknown code as it is."""
    return f"{_NAMES[code]} ({code})" if code in _NAMES else code


def asked_of(code: str, side: str, usual: str, *, is_granted: bool = False) -> str:
    """Return what is asked of the side that holds a cause. usual: what the cause's row says.

    is_granted: the invoice is approved, in whole or in part: its circuit has only to pay it.
    """
    if is_granted and code == CauseCode.INTERNAL_CIRCUIT:
        return str(_("La facture est approuvée : payez-la"))
    return str(_ASKED.get((code, side), usual))


def missing_text(pieces: list[str]) -> str:
    """Return what is asked of whoever owes pieces: "Il manque : photos après travaux"."""
    return str(_("Il manque : %(pieces)s")) % {"pieces": ", ".join(pieces)}
