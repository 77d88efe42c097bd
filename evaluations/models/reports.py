"""Monthly documents and minutes, as PDF: asked for by the clock, printed by a worker."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import BOTH
from nexxio.core.models import Organisation, ScopedModel, StoredFile


class ReportKind(models.TextChoices):
    """What a document is."""

    SCORECARD = "scorecard", _("Fiche d’évaluation")
    BALANCE = "balance", _("Balance de la transparence")
    REVIEW = "review", _("Compte rendu de revue")


class ReportState(models.TextChoices):
    """Where a document stands."""

    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prêt")
    FAILED = "failed", _("Échec")


class Report(ScopedModel):
    """A document of a month, or of a review. Both sides read the same file.

    contractor: null for a landlord's own, of all its companies together. A company's balance is of
    its own house: it is landlord and contractor there, as of events. review_id: of which review
    the minutes are.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    kind = models.CharField(_("document"), max_length=10, choices=ReportKind)
    month = models.DateField(_("mois"))
    review_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.PREPARING)
    asked_at = models.DateTimeField()
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
    )

    scope_rule = BOTH

    class Meta:
        verbose_name = _("document d’évaluation")
        verbose_name_plural = _("documents d’évaluation")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "kind", "month", "contractor"],
                condition=Q(review_id__isnull=True),
                nulls_distinct=False,
                name="one_report_of_a_month",
            ),
            models.UniqueConstraint(
                fields=["landlord", "review_id"],
                condition=Q(review_id__isnull=False),
                name="one_report_of_a_review",
            ),
            models.CheckConstraint(
                condition=Q(kind="review", review_id__isnull=False, contractor__isnull=False)
                | Q(kind="scorecard", review_id__isnull=True)
                | Q(kind="balance", review_id__isnull=True, contractor__isnull=False),
                name="report_is_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state="ready"),
                name="report_ready_exactly_when_it_is_there",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="report_of_a_month"),
        ]
        indexes = [
            models.Index(fields=["landlord", "-month", "-id"], name="report_of_landlord"),
            models.Index(fields=["contractor", "-month", "-id"], name="report_of_contractor"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"
