"""Words of what is reported of tenants' comments. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportGround(models.TextChoices):
    """Why the platform should look at a comment. That it displeases is none of them."""

    PERSON = "person", _("On y reconnaît une personne ou un logement")
    INSULT = "insult", _("Propos injurieux ou discriminatoires")
    OFF_TOPIC = "off_topic", _("Sans rapport avec une intervention de cette entreprise")
    OTHER = "other", _("Autre motif, précisé ci-dessous")


class ReportOutcome(models.TextChoices):
    """What the platform decided."""

    KEPT = "kept", _("Maintenu")
    WITHDRAWN = "withdrawn", _("Retiré")
