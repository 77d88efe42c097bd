"""Monthly documents, minutes, statements: asked for by the clock, printed by a worker as PDF."""

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
    STATEMENT = "statement", _("Relevé de bonus et malus")


class ReportState(models.TextChoices):
    """Where a document stands."""

    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prêt")
    FAILED = "failed", _("Échec")


class Report(ScopedModel):
    """A document of a month, of a review or of a statement. Both sides read the same file.

    contractor: null for a landlord's own, of all its companies together. A company's balance is of
    its own house: it is landlord and contractor there, as of events. review_id: of which review
    the minutes are. statement_id: of which statement of bonus and malus; is_final: printed once it
    was closed, else as it stood when it was made.
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
    statement_id = models.UUIDField(null=True, blank=True)
    is_final = models.BooleanField(default=False, db_default=False)
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
                condition=Q(review_id__isnull=True, statement_id__isnull=True),
                nulls_distinct=False,
                name="one_report_of_a_month",
            ),
            models.UniqueConstraint(
                fields=["landlord", "review_id"],
                condition=Q(review_id__isnull=False),
                name="one_report_of_a_review",
            ),
            models.UniqueConstraint(
                fields=["landlord", "statement_id", "is_final"],
                condition=Q(statement_id__isnull=False),
                name="one_report_of_a_statement",
            ),
            models.CheckConstraint(
                condition=Q(kind="review", review_id__isnull=False, contractor__isnull=False)
                | Q(kind="scorecard", review_id__isnull=True)
                | Q(kind="balance", review_id__isnull=True, contractor__isnull=False)
                | Q(kind="statement", review_id__isnull=True, contractor__isnull=False),
                name="report_is_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="statement") ^ Q(statement_id__isnull=True),
                name="report_of_a_statement_names_it",
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
