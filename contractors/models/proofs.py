"""All that is known of an order in one document, for an auditor: of whoever asked for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel, StoredFile


class ProofState(models.TextChoices):
    """Where a proof file stands."""

    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prêt")
    FAILED = "failed", _("Échec")


class ProofFile(ScopedModel):
    """The proof file of an order, as one of its organisations may read it; a worker prints it.

    organisation: whose it is, and nobody else's. order_id: of an order that it reads. Each is of
    its moment and stays: a later one is another row.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    order_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=ProofState, default=ProofState.PREPARING)
    asked_at = models.DateTimeField()
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
    )

    scope_rule = Rule(landlord="organisation_id", contractor="organisation_id")

    class Meta:
        verbose_name = _("dossier de preuve")
        verbose_name_plural = _("dossiers de preuve")
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state=ProofState.READY),
                name="proof_file_ready_exactly_when_it_is_there",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProofState.values), name="proof_file_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "order_id", "-asked_at", "-id"], name="proof_file_of_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.asked_at:%d/%m/%Y}"
