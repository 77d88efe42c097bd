"""What a contract may say, as codes. Pure."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.dated import figure_of


class InvoicePiece(models.TextChoices):
    """A piece that an invoice will need."""

    PHOTOS_BEFORE = "photos_before", _("Photos avant travaux")
    PHOTOS_AFTER = "photos_after", _("Photos après travaux")
    SIGN_OFF = "sign_off", _("Bon d’intervention signé par le locataire")
    REPORT = "report", _("Compte rendu d’intervention")
    MEASUREMENTS = "measurements", _("Attachement signé (heures et matériel)")
    CERTIFICATE = "certificate", _("Constat de service fait")
    COMPLIANCE = "compliance", _("Certificat de conformité ou attestation")
    WASTE = "waste", _("Bordereau de suivi des déchets")


UPLOADED = (InvoicePiece.MEASUREMENTS, InvoicePiece.COMPLIANCE, InvoicePiece.WASTE)
"""Pieces that nothing else of an order proves: the contractor gives a file."""


class Attribution(models.TextChoices):
    """How a contract's rule gives it its orders. Leaving the rule needs a reason."""

    SINGLE = "single", _("Titulaire unique")
    CASCADE = "cascade", _("En cascade, par rang")
    ROTATION = "rotation", _("À tour de rôle")
    PERIMETER = "perimeter", _("Par périmètre (agence ou secteur)")


class AttributionReason(models.TextChoices):
    """Why an order goes to another contract than the one whose turn it is."""

    RESERVES = "reserves", _("Réserves du titulaire")
    NO_CAPACITY = "no_capacity", _("Défaut de capacité du titulaire")
    NO_ANSWER = "no_answer", _("Titulaire sans réponse")
    LATE = "late", _("Délai dépassé")
    URGENT = "urgent", _("Urgence que le titulaire ne peut pas tenir")
    OTHER_CONTRACT = "other_contract", _("Relève d’un autre marché")
    DEFAULT = "default", _("Défaillance du titulaire")
    FOLLOW_UP = "follow_up", _("Suite ou reprise de travaux de cette entreprise")
    SKILL = "skill", _("Technicité ou agrément particulier")


REGULARISATION_DAYS = ((date(2026, 1, 1), 5),)
"""Working days that a landlord has to settle a regularisation where its contract says nothing, by
the day from which they hold; the oldest first."""
MOST_REGULARISATION_DAYS = 30


def regularisation_days(of_contract: int | None, on: date) -> int:
    """Return how many working days a landlord has: its contract's, else the default of the day."""
    return figure_of(REGULARISATION_DAYS, on) if of_contract is None else of_contract


def piece_labels(codes: list[str]) -> list[str]:
    """Return pieces in words, in the order of the list above."""
    return [str(label) for code, label in InvoicePiece.choices if code in codes]
