"""What a company gave of its landlord, for itself: its own to show; and how readily it answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import GIVEN, STANDINGS
from nexxio.core.models import Organisation, ScopedModel, User


class GivenAnswers(ScopedModel):
    """A company's own answers of a published quarter: mean and number by axis, and no person.

    Put by the clock when the quarter is published, and read by the company until it shows them.
    lines: subject, n, mean of each axis that may be shown. asked_at: its manager wishes to show
    them, and the clock looks whether the others stay hidden; then shown_at or refused_at. shown_at
    stays when they are withdrawn: what was read once is known (docs/adr/0062).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField(_("trimestre"))
    lines = models.JSONField(default=list)
    asked_at = models.DateTimeField(_("demandé le"), null=True, blank=True)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    shown_at = models.DateTimeField(_("montrées le"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refusé le"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retirées le"), null=True, blank=True)

    scope_rule = GIVEN

    class Meta:
        verbose_name = _("réponses données")
        verbose_name_plural = _("réponses données")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "quarter", "contractor"], name="given_answers_once"
            ),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | Q(refused_at__isnull=True),
                name="given_answers_shown_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(shown_at__isnull=False),
                name="given_answers_shown_before_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contractor_id} {self.landlord_id} {self.quarter}"

    @property
    def is_shown(self) -> bool:
        """Whether the landlord reads them now."""
        return self.shown_at is not None and self.withdrawn_at is None

    @property
    def is_looked_at(self) -> bool:
        """Whether the company waits for the clock's word."""
        return self.asked_at is not None and self.shown_at is None and self.refused_at is None


class AnswerStanding(ScopedModel):
    """In which third of a landlord's companies one is by its answer rate; its own to read.

    companies: how many were asked. third: 1 to 3, null where they are too few to say it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField(_("trimestre"))
    companies = models.PositiveIntegerField()
    third = models.PositiveSmallIntegerField(null=True)

    scope_rule = STANDINGS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "quarter", "contractor"], name="one_standing_per_quarter"
            ),
            models.CheckConstraint(
                condition=Q(third__isnull=True) | Q(third__range=(1, 3), companies__gte=6),
                name="standing_among_enough",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contractor_id} {self.landlord_id} {self.quarter}"
