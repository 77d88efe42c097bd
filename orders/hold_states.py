"""Holds: why an order waits, in the words of each side, and their table. Pure."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, machine
from orders.states import step

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


class HoldState(models.TextChoices):
    """States of a hold."""

    OPEN = "open", _("En attente")
    LIFTED = "lifted", _("Attente levée")


class HoldReason(models.TextChoices):
    """What an order waits for."""

    MATERIAL = "material", _("pièce ou matériel")
    AGREEMENT = "agreement", _("accord du bailleur")
    INSURER = "insurer", _("assureur ou expert")
    ASBESTOS = "asbestos", _("amiante")
    SHUT_OFF = "shut_off", _("coupure d’un fluide")
    COMMON_PARTS = "common_parts", _("parties communes ou syndic")
    SECOND_TRADE = "second_trade", _("autre corps d’état")
    WEATHER = "weather", _("météo")
    KEYS = "keys", _("clés ou gardien")
    SAFETY = "safety", _("sécurité")


TENANT_SENTENCES: dict[str, Any] = {
    HoldReason.MATERIAL: _("Une pièce est commandée : l’intervention reprend dès qu’elle arrive."),
    HoldReason.AGREEMENT: _("Votre bailleur doit donner un accord avant la suite."),
    HoldReason.INSURER: _("L’assurance ou un expert doit passer avant la réparation."),
    HoldReason.ASBESTOS: _("Un contrôle amiante a lieu avant les travaux, par précaution."),
    HoldReason.SHUT_OFF: _("L’eau, le gaz ou l’électricité doit être coupé avant les travaux."),
    HoldReason.COMMON_PARTS: _("Une partie commune de l’immeuble doit être traitée d’abord."),
    HoldReason.SECOND_TRADE: _("Une autre entreprise doit intervenir d’abord."),
    HoldReason.WEATHER: _("Le temps ne permet pas les travaux : ils reprennent dès que possible."),
    HoldReason.KEYS: _("Un accès à l’immeuble doit d’abord être obtenu."),
    HoldReason.SAFETY: _("Les travaux attendent que tout soit sûr, pour vous et l’entreprise."),
}
HELD_BY_LANDLORD = (
    HoldReason.AGREEMENT,
    HoldReason.INSURER,
    HoldReason.ASBESTOS,
    HoldReason.COMMON_PARTS,
    HoldReason.KEYS,
)
"""Reasons that the landlord has to clear; the others are the contractor's to follow."""

HOLD_LABELS: dict[str, dict[Side, Any]] = {
    HoldState.OPEN: {L: _("En attente"), C: _("En attente"), T: _("En attente")},
    HoldState.LIFTED: {L: _("Attente levée"), C: _("Attente levée"), T: _("L’attente est finie")},
}

HOLD: Machine = machine(
    name="hold",
    labels=HOLD_LABELS,
    transitions=[
        step(
            "hold",
            [],
            HoldState.OPEN,
            {C, L},
            "commande prise en charge ou réalisée en partie ; motif codé ; fin prévue à venir ;"
            " une attente à la fois",
        ),
        step("postpone", [HoldState.OPEN], HoldState.OPEN, {C, L}, "nouvelle fin prévue, à venir"),
        step("lift", [HoldState.OPEN], HoldState.LIFTED, {C, L}),
    ],
)
