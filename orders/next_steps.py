"""What follows works that are done in part: coded, and whose turn it makes it. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NextStep(models.TextChoices):
    """What has to happen before works that are done in part can be finished."""

    RETURN = "return", _("Un autre passage de l’entreprise")
    MATERIALS = "materials", _("Des fournitures à commander")
    OTHER_TRADE = "other_trade", _("Un autre corps d’état doit intervenir")
    LANDLORD = "landlord", _("Le bailleur doit décider")
    TENANT = "tenant", _("Le locataire doit faire quelque chose")


NEXT_BY_LANDLORD = (NextStep.OTHER_TRADE, NextStep.LANDLORD)
"""Steps that wait for the landlord: until he has acted it is his turn."""

# What the company reads that it has to do next, by the step.
OWN_TURN: dict[str, str] = {
    NextStep.MATERIALS: "recevoir les fournitures, puis revenir",
    NextStep.TENANT: "voir avec le locataire, puis revenir",
}
LANDLORD_TURN: dict[str, str] = {
    NextStep.OTHER_TRADE: "commander l’autre corps d’état",
    NextStep.LANDLORD: "décider de la suite",
}
