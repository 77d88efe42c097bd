"""That a claim letter was sent: what its company says of it, and both sides read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contractors.models import ClaimLetter
from evaluations.models.walls import SENT
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel

SENDING_NOTED = _("L’envoi de cette lettre est déjà noté.")
explain("one_sending_per_letter", "__all__", SENDING_NOTED)


class ClaimSending(ScopedModel):
    """On which day a company sent a claim letter to its landlord, outside of here.

    The letter itself stays its company's own; this is all that the landlord reads of it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(
        ClaimLetter, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sent_on = models.DateField(_("envoyée le"))

    scope_rule = SENT

    class Meta:
        verbose_name = _("envoi d’une réclamation")
        verbose_name_plural = _("envois de réclamations")
        constraints = [
            models.UniqueConstraint(fields=["letter"], name="one_sending_per_letter"),
        ]
        indexes = [
            models.Index(fields=["landlord", "contractor", "-sent_on"], name="sendings_of_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.contractor_id} {self.sent_on:%d/%m/%Y}"
