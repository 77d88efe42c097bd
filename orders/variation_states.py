"""Variations (devis complémentaires): states, their wording for each side, their table. Pure."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, machine
from orders.states import step

L, C, T, S = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT, Side.SYSTEM


class VariationState(models.TextChoices):
    """Stored states of a variation. Only `asked` holds its order up."""

    DRAFT = "draft", _("Brouillon")
    ASKED = "asked", _("En attente d’accord")
    GRANTED = "granted", _("Accordé")
    PARTLY_GRANTED = "partly_granted", _("Accordé en partie")
    REJECTED = "rejected", _("Refusé")
    WITHDRAWN = "withdrawn", _("Retiré")
    ACKNOWLEDGED = "acknowledged", _("Réponse lue")


ANSWERED = (VariationState.GRANTED, VariationState.PARTLY_GRANTED, VariationState.REJECTED)

# The landlord never meets a draft, nor what was withdrawn before it was asked.
VARIATION_LABELS: dict[str, dict[Side, Any]] = {
    VariationState.DRAFT: {L: _("Brouillon"), C: _("Brouillon")},
    VariationState.ASKED: {
        L: _("À examiner"),
        C: _("En attente d’accord"),
        T: _("Travaux complémentaires en attente d’accord"),
    },
    VariationState.GRANTED: {
        L: _("Accordé"),
        C: _("Accordé"),
        T: _("Travaux complémentaires acceptés"),
    },
    VariationState.PARTLY_GRANTED: {
        L: _("Accordé en partie"),
        C: _("Accordé en partie"),
        T: _("Travaux complémentaires acceptés en partie"),
    },
    VariationState.REJECTED: {
        L: _("Refusé"),
        C: _("Refusé"),
        T: _("Travaux complémentaires non retenus"),
    },
    VariationState.WITHDRAWN: {
        L: _("Retiré par l’entreprise"),
        C: _("Retiré"),
        T: _("Travaux complémentaires abandonnés"),
    },
    VariationState.ACKNOWLEDGED: {
        L: _("Répondu, lu par l’entreprise"),
        C: _("Réponse lue"),
        T: _("Réponse donnée sur les travaux complémentaires"),
    },
}

_V = VariationState

VARIATION: Machine = machine(
    name="variation",
    labels=VARIATION_LABELS,
    transitions=[
        step(
            "draft_variation",
            [],
            _V.DRAFT,
            {C},
            "commande prise en charge ou réalisée en partie ; aucun autre devis ouvert ; un"
            " technicien, sur ses passages",
        ),
        step("ask", [_V.DRAFT], _V.ASKED, {C}, "photo, lignes de prix et motif codé"),
        step(
            "grant",
            [_V.ASKED],
            _V.GRANTED,
            {L, S},
            "la limite de qui accorde couvre le nouveau montant de la commande, et le plafond du"
            " marché aussi ; d’office dans la tolérance du marché (en % et en euros, cumulés)",
        ),
        step(
            "grant_in_part",
            [_V.ASKED],
            _V.PARTLY_GRANTED,
            {L},
            "comme l’accord ; quantités accordées ligne par ligne, avec une explication",
        ),
        step("reject", [_V.ASKED], _V.REJECTED, {L}, "motif codé"),
        step("withdraw", [_V.DRAFT, _V.ASKED], _V.WITHDRAWN, {C}),
        step("acknowledge", list(ANSWERED), _V.ACKNOWLEDGED, {C}),
    ],
)


class VariationReason(models.TextChoices):
    """Why the order isn't enough."""

    HIDDEN_DEFECT = "hidden_defect", _("Désordre découvert sur place")
    QUANTITY = "quantity", _("Quantité supérieure à la commande")
    MATERIAL = "material", _("Matériel différent de la commande")
    COMPLIANCE = "compliance", _("Mise en conformité ou en sécurité")
    ACCESS = "access", _("Accès difficile (échafaudage, nacelle, protection)")
    EXTRA = "extra", _("Travaux demandés en plus")


class RejectReason(models.TextChoices):
    """Why a variation isn't granted."""

    INCLUDED = "included", _("Déjà compris dans la commande ou le bordereau")
    PRICE = "price", _("Prix à revoir")
    NOT_NEEDED = "not_needed", _("Travaux non nécessaires")
    UNPROVEN = "unproven", _("Photo ou justification insuffisante")
    OTHER_CONTRACT = "other_contract", _("Relève d’un autre marché")
    BUDGET = "budget", _("Budget indisponible")
    SEPARATE_ORDER = "separate_order", _("Fera l’objet d’une autre commande")
