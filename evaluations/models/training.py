"""Cards at the moment of need: who has read which one, and how far a service or a house has come.

The first is read by the person alone; the second is counted by the clock, from three persons on.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import CARD_READINGS, TRAINING
from nexxio.core.models import Organisation, ScopedModel, User


class CardReading(ScopedModel):
    """That somebody saw a version of a card, on how many days, and that he put it away."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField(default=0)
    seen_on = models.DateField(null=True, blank=True)
    understood_at = models.DateTimeField(null=True, blank=True)

    scope_rule = CARD_READINGS

    class Meta:
        verbose_name = _("fiche lue")
        verbose_name_plural = _("fiches lues")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "code", "version"], name="one_reading_of_a_card"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "user"], name="reading_of_house")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class TrainingTally(ScopedModel):
    """How far a landlord's service, or a company, has come: numbers, never of fewer than three.

    department: "" of a company, "*" of a landlord's services that are told together. wanted: cards
    of each person's role, added up; done: those that were read.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.CharField(max_length=20, blank=True)
    persons = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    on = models.DateField()

    scope_rule = TRAINING

    class Meta:
        verbose_name = _("avancement de la formation")
        verbose_name_plural = _("avancements de la formation")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "department"], name="one_training_tally"
            ),
            models.CheckConstraint(
                condition=Q(persons__gte=3, done__lte=F("wanted")), name="training_names_nobody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.department}"
