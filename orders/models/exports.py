"""A whole list of orders as a file, made by a worker for the person who asked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel, StoredFile, User


class ExportState(models.TextChoices):
    """Where an export stands."""

    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prêt")
    FAILED = "failed", _("Échec")


class ExportFormat(models.TextChoices):
    """How a spreadsheet takes it."""

    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("CSV")


class OrderExport(ScopedModel):
    """What a person asked for: the query string of a list, and how.

    organisation: whose orders they are, and whose file. rows: how many are written, of about
    `total`. is_cut: there were more than a file may hold.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.PREPARING)
    file_format = models.CharField(_("format"), max_length=4, choices=ExportFormat)
    query = models.CharField(max_length=600, blank=True)
    asked_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    is_cut = models.BooleanField(default=False)
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
        verbose_name = _("export de commandes")
        verbose_name_plural = _("exports de commandes")
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state="ready"),
                name="order_export_ready_exactly_when_it_is_there",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="order_export_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(file_format__in=ExportFormat.values),
                name="order_export_format_is_known",
            ),
            models.CheckConstraint(
                condition=Q(rows__lte=F("total")), name="order_export_writes_no_more_than_all"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "user", "-asked_at", "-id"], name="order_export_of_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_format} {self.asked_at:%d/%m/%Y}"

    @property
    def percent(self) -> int:
        """Progress from 0 to 100."""
        return 100 * self.rows // self.total if self.total else 0
