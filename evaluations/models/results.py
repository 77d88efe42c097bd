"""What is published of a closed quarter: computed once, never again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.axes import SUBJECTS, Direction
from evaluations.models.walls import RESULTS
from evaluations.wording import FactCode
from nexxio.core.models import Organisation, ScopedModel


class Dimension(models.TextChoices):
    """By what a result may be looked at; one at a time."""

    OVERALL = "overall", _("Ensemble")
    TRADE = "trade", _("Corps d’état")
    AGENCY = "agency", _("Agence")
    CONTRACTOR = "contractor", _("Entreprise")
    RESIDENCE = "residence", _("Résidence")


class Level(models.TextChoices):
    """How far a result may be told."""

    PUBLISHED = "published", _("Publié")
    INSIDE = "inside", _("Entre les parties")
    FEW = "few", _("Pas encore assez de réponses")


class Result(ScopedModel):
    """One axis in one cell of the lattice, as it is told. No mean where too few answered.

    contractor: of which company the cell is; null of what is landlord-wide. key, label: the trade,
    agency or company, and its name then. n: valid answers; asked, answered: of the cell, so that
    the rate can be said; needed: what `n` would have to be. prior: toward which view a small
    sample was drawn. Of what companies say, asked and answered are those of all, and parties the
    least that there are: more would tell a landlord who answered.
    fact, more_fact: what was counted beside the opinion, of the company or of all of them.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True
    )
    direction = models.CharField(_("sens"), max_length=20, choices=Direction)
    quarter = models.DateField(_("trimestre"))
    dimension = models.CharField(_("vue"), max_length=12, choices=Dimension)
    key = models.CharField(max_length=40, blank=True)
    label = models.CharField(max_length=120, blank=True)
    subject = models.CharField(_("axe"), max_length=20, choices=SUBJECTS)
    level = models.CharField(max_length=10, choices=Level)
    n = models.PositiveIntegerField(default=0)
    needed = models.PositiveSmallIntegerField(default=0)
    parties = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    mean = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    low = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    high = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    shrunk = models.BooleanField(default=False)
    prior = models.CharField(max_length=12, choices=Dimension, blank=True, db_default="")
    edge = models.CharField(max_length=4, blank=True)
    dissatisfied = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    fact = models.CharField(max_length=12, choices=FactCode, blank=True)
    fact_value = models.DecimalField(max_digits=9, decimal_places=1, null=True)
    more_fact = models.CharField(
        max_length=12, choices=FactCode, blank=True, default="", db_default=""
    )
    more_value = models.DecimalField(max_digits=9, decimal_places=1, null=True)

    scope_rule = RESULTS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "quarter", "direction", "dimension", "key", "subject"],
                name="one_result_per_cell",
            ),
            models.CheckConstraint(
                condition=Q(level="few", mean__isnull=True)
                | (~Q(level="few") & Q(mean__isnull=False)),
                name="result_without_a_mean_below_the_threshold",
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "quarter"], name="result_of_contractor"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.quarter} {self.dimension} {self.key} {self.subject}"
