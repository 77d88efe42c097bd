"""The clause annex of a contract for a call for tenders, as PDF: asked for, printed by a worker."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.reports import ReportState
from evaluations.models.walls import OWN_ROWS
from nexxio.core.models import Organisation, ScopedModel, StoredFile
from orders.models import Contract


class ClauseAnnex(ScopedModel):
    """An annex of a contract's clauses as they stood when it was printed.

    The landlord's alone: candidates get it from the landlord, with no word of who holds the
    contract today or of what was measured.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
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

    scope_rule = OWN_ROWS

    class Meta:
        verbose_name = _("annexe des clauses")
        verbose_name_plural = _("annexes des clauses")
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state="ready"),
                name="annex_ready_exactly_when_it_is_there",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="annex_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "contract", "-asked_at"], name="annex_of_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.asked_at:%d/%m/%Y}"
