"""Bonus and malus as codes: facts, rhythm, why an order costs nothing. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.terms import InvoicePiece

MOST_PERCEPTION = 20
"""Most, in percent of the bonus, that what people think may weigh."""
MOST_CAP_BONUS, MOST_CAP_MALUS = 20, 10
"""Most that a contract may agree on, in percent of invoiced works (a malus counts in the cap of
penalties, which is 10 %)."""
CONTEST_DAYS = 15
"""For so long the company may contest lines of a statement."""
ANSWER_DAYS = 15
"""For so long, after that, the landlord may answer; its silence is for the company."""
REGULARISED_DAYS = 190
"""For so long after a period its closed statement is looked at again: a certificate may take a
month to sign, and the legal delay of payment runs after the invoice."""
MAKING_DAYS = 5
"""A statement is made so long after its period: facts of telephones that were off line are in."""


class BonusFact(models.TextChoices):
    """What is measured, order by order; never of one technician."""

    APPOINTMENT = "appointment", _("Rendez-vous tenu")
    STATUS = "status", _("Statuts transmis à temps")
    PACK = "pack", _("Dossier de fin de travaux complet")
    FIRST_TIME = "first_time", _("Réparé du premier coup")


TIMED = (BonusFact.APPOINTMENT, BonusFact.STATUS)
"""Measured in minutes, so that their threshold is chosen."""
LATEST_ARRIVAL_HOURS = 2
"""An arrival that is told later proves no appointment kept: the company dates it itself."""
PACK_PIECES = (InvoicePiece.PHOTOS_BEFORE, InvoicePiece.PHOTOS_AFTER, InvoicePiece.SIGN_OFF)
"""What a closing pack may hold: those of them that the contract asks for."""


class BonusPer(models.TextChoices):
    """Of what a line is so much."""

    EUROS = "euros", _("€ par unité")
    PERCENT = "percent", _("% du montant HT de la commande")


class Rhythm(models.TextChoices):
    """How long a period is."""

    MONTH = "month", _("Chaque mois")
    QUARTER = "quarter", _("Chaque trimestre")


class Outcome(models.TextChoices):
    """How a unit came out against its threshold."""

    MET = "met", _("Atteint")
    MISSED = "missed", _("Manqué")
    UNKNOWN = "unknown", _("Non mesuré")


class Neutral(models.TextChoices):
    """Why a unit costs nothing. It still counts for the bonus."""

    ONBOARDING = "onboarding", _("Période d’accueil : pas encore de malus")
    RETURNED = "returned", _("Commande incomplète : renvoyée à compléter au bailleur")
    SIGNATURE = "signature", _("Constat signé après le délai du marché")
    PAYMENT = "payment", _("Facture payée après l’échéance")


class ContestOutcome(models.TextChoices):
    """What became of a contested line. Empty: the landlord hasn't answered."""

    KEPT = "kept", _("Maintenue")
    NEUTRALISED = "neutralised", _("Neutralisée")
    SILENT = "silent", _("Neutralisée, faute de réponse du bailleur")


WAIVED = (ContestOutcome.NEUTRALISED, ContestOutcome.SILENT)
"""The line costs nothing any more."""
