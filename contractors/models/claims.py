"""The letter by which a company claims what is late: its own, nobody else reads it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel, StoredFile


class ClaimState(models.TextChoices):
    """Where a letter stands."""

    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prête")
    FAILED = "failed", _("Échec")


class ClaimLetter(ScopedModel):
    """A claim letter to a landlord, as its company asked for it; a worker prints it.

    It is never sent from here. organisation: the company; its file is of that one alone too.
    debtor: the landlord. as_of: the day up to which interest is computed. invoice_ids: what it is
    about, late on that day.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    invoice_ids = ArrayField(models.UUIDField())
    as_of = models.DateField(_("intérêts arrêtés au"))
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.PREPARING)
    asked_at = models.DateTimeField()
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
    )

    scope_rule = Rule(contractor="organisation_id")

    class Meta:
        verbose_name = _("lettre de réclamation")
        verbose_name_plural = _("lettres de réclamation")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state=ClaimState.READY),
                name="claim_letter_ready_exactly_when_it_is_there",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ClaimState.values), name="claim_letter_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(invoice_ids__len__gt=0), name="claim_letter_is_about_something"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-asked_at", "-id"], name="claim_letter_list")
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} {self.as_of:%d/%m/%Y}"
