"""Words of money as lists: what is held back, given in its place, paid, given back. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MoneyCode(models.TextChoices):
    """Figures of law or custom that are dated rows."""

    RETENTION_MAX = "retention-max", _("Retenue de garantie, plafond en %")
    RETENTION_MAX_SMALL = (
        "retention-max-small",
        _("Retenue de garantie, plafond en % des petites entreprises"),
    )
    RETENTION_MONTHS = "retention-months", _("Retenue de garantie, mois avant libération")
    RECOVER_FROM = "recover-from", _("Avance : début de la reprise, en % du marché")
    RECOVER_UNTIL = "recover-until", _("Avance : fin de la reprise, en % du marché")
    DIRECT_PAYMENT = "direct-payment", _("Paiement direct du sous-traitant, dès (€ TTC)")
    TACIT_DAYS = "tacit-days", _("Sous-traitant accepté par le silence, après (jours)")
    PRIVATE_RATE_MIN = (
        "private-rate-min",
        _("Pénalités convenues entre entreprises, minimum en % (trois fois l’intérêt légal)"),
    )


class Security(models.TextChoices):
    """What may stand in for a retention."""

    BOND = "bond", _("Caution personnelle et solidaire")
    ON_DEMAND = "on_demand", _("Garantie à première demande")


class PaymentPurpose(models.TextChoices):
    """What a payment is for."""

    INVOICE = "invoice", _("Facture")
    RETENTION = "retention", _("Retenue de garantie libérée")
    INTEREST = "interest", _("Intérêts de retard")
    INDEMNITY = "indemnity", _("Indemnité forfaitaire")


OF_LATENESS = (PaymentPurpose.INTEREST, PaymentPurpose.INDEMNITY)
"""What late payment costs: no part of what an invoice comes to."""


class RefundHow(models.TextChoices):
    """How what was paid too much came back."""

    REFUNDED = "refunded", _("Remboursé par l’entreprise")
    DEDUCTED = "deducted", _("Déduit d’un autre paiement")
