"""What a landlord's own satisfaction survey says, beside what is measured here and never in it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import OWN_ROWS
from nexxio.core.models import Agency, Organisation, ScopedModel

WHOLE = _("Ensemble du patrimoine")
MOST_SOURCE = 120


class TenantSurvey(ScopedModel):
    """One figure of a survey that the landlord had made: of an agency, or of all where it is null.

    held_on: the survey's date; with the perimeter it is what a later file replaces. share: of
    dissatisfied respondents, in percent. source: who asked, as the landlord says it. Its members
    alone read it; no result, score or comparison is made of it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    held_on = models.DateField(_("date de l’enquête"))
    respondents = models.PositiveIntegerField(
        _("nombre de répondants"), validators=[MinValueValidator(1)]
    )
    share = models.DecimalField(
        _("part d’insatisfaits"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    source = models.CharField(_("source"), max_length=MOST_SOURCE)

    scope_rule = OWN_ROWS

    class Meta:
        verbose_name = _("enquête de satisfaction")
        verbose_name_plural = _("enquêtes de satisfaction")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "held_on", "agency"],
                name="one_tenant_survey_figure",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(respondents__gte=1, share__range=(0, 100)),
                name="tenant_survey_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.perimeter}, {self.held_on:%d/%m/%Y}"

    @property
    def perimeter(self) -> str:
        """The agency's name, or that it is about all of the landlord's tenants."""
        return self.agency.name if self.agency else str(WHOLE)
