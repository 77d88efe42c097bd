"""The eleven axes, the classical criteria beside them, and who evaluates whom. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Who evaluates whom."""

    LANDLORD_CONTRACTOR = "landlord_contractor", _("Bailleur → prestataire")
    CONTRACTOR_LANDLORD = "contractor_landlord", _("Prestataire → bailleur")
    TENANT_REPAIR = "tenant_repair", _("Locataire → réparation")
    STAFF = "staff_organisation", _("Équipes → leur organisation")


class Axis(models.TextChoices):
    """The axes of reciprocal evaluation. Nobody removes one, so that results compare."""

    AUTONOMY = "autonomy", _("Autonomie et initiative")
    COMPETENCE = "competence", _("Compétence et soutien")
    CONDUCT = "conduct", _("Comportement et savoir-vivre")
    CONSIDERATION = "consideration", _("Considération")
    COOPERATION = "cooperation", _("Coopération")
    LISTENING = "listening", _("Écoute et feedback")
    ENVIRONMENT = "environment", _("Engagement pour l’environnement")
    ADAPTABILITY = "adaptability", _("Facilitation et adaptabilité")
    EXPERIENCE = "experience", _("Harmonie des expériences humaines et numériques")
    TRUST = "trust", _("Relation de confiance")
    VALUES = "values", _("Valeurs")


class Criterion(models.TextChoices):
    """What stands beside the axes: the classical criteria, and one question about the landlord."""

    QUALITY = "quality", _("Qualité")
    CLEANLINESS = "cleanliness", _("Propreté")
    DELAYS = "delays", _("Délais")
    INFORMED = "informed", _("Information par le bailleur")


class Use(models.TextChoices):
    """When a question is asked: every time, in turn, or once a quarter."""

    FIXED = "fixed", _("À chaque fois")
    ROTATING = "rotating", _("À tour de rôle")
    CAMPAIGN = "campaign", _("Chaque trimestre")


SUBJECTS = [*Axis.choices, *Criterion.choices]
"""All that a question may be about."""
LABELS = dict(SUBJECTS)
LOWEST, HIGHEST = 1, 5
DISSATISFIED = 2
"""A tenant who gives this mark, or less, to « Le problème est réglé » is dissatisfied."""
NAMED = (Direction.LANDLORD_CONTRACTOR, Direction.TENANT_REPAIR)
"""Directions that are shown as they are, with a right of reply."""


OWN = "own_"
"""So begins what stands for a landlord's own question; the rest is drawn."""
OWN_DIRECTIONS = (
    Direction.LANDLORD_CONTRACTOR,
    Direction.CONTRACTOR_LANDLORD,
    Direction.TENANT_REPAIR,
)
MOST_OWN = 3
"""So many questions of its own a landlord asks at a time, by direction: the axes stay the most."""


def new_subject() -> str:
    """Return what stands for a new own question in marks and results: nothing that tells of it."""
    return OWN + secrets.token_hex(8)


def is_own(subject: str) -> bool:
    """Tell whether a subject is a landlord's own question, not one of ours."""
    return subject.startswith(OWN)


def label_of(subject: str, own: Mapping[str, str] | None = None) -> str:
    """Return the name of an axis or a criterion. own: sentences of the landlord's questions."""
    if is_own(subject):
        return (own or {}).get(subject) or str(_("Question du bailleur"))
    return str(LABELS[subject])
