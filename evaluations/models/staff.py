"""The third side of symmetry: what the members of a house say of it, unlinked from them at once.

Who answered is one table, what was answered another; no key, no time and no order ties a row of
the one to a row of the other, and neither is there any more once the quarter is published.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.axes import SUBJECTS
from evaluations.models.walls import STAFF_BALLOTS, STAFF_RECEIPTS, STAFF_SURVEYS
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel, User

STAFF_GIVEN = _("Vous avez déjà répondu ce trimestre. Une réponse ne se modifie pas.")
explain("one_staff_answer_per_member", "__all__", STAFF_GIVEN)


class StaffSurvey(ScopedModel):
    """A few axes, asked of a house's members about one quarter. asked: how many they were then."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    quarter = models.DateField(_("trimestre"))
    version = models.PositiveSmallIntegerField(_("version du questionnaire"))
    subjects = ArrayField(models.CharField(max_length=20, choices=SUBJECTS))
    asked = models.PositiveIntegerField(_("membres interrogés"))
    opened_at = models.DateTimeField(_("ouverte le"))
    closes_at = models.DateTimeField(_("close le"))
    published_at = models.DateTimeField(null=True, blank=True)

    scope_rule = STAFF_SURVEYS

    class Meta:
        verbose_name = _("enquête auprès des équipes")
        verbose_name_plural = _("enquêtes auprès des équipes")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "quarter"], name="one_staff_survey_per_quarter"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="staff_survey_has_a_duration"
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_at"],
                condition=Q(published_at__isnull=True),
                name="staff_survey_to_publish",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.quarter}"


class _Unlinked(ScopedModel):
    """A random key, and the time of the survey's opening. Gone when the quarter is published."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    created_at = models.DateTimeField(editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    quarter = models.DateField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.quarter}"


class StaffReceipt(_Unlinked):
    """That somebody answered, so that nobody does twice. Read by himself; not what he said."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    scope_rule = STAFF_RECEIPTS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "quarter", "user"], name="one_staff_answer_per_member"
            ),
        ]


class StaffBallot(_Unlinked):
    """What was answered, by nobody: marks of one member. Put in, and read by the clock alone."""

    marks = models.JSONField(default=dict)

    scope_rule = STAFF_BALLOTS

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "quarter"], name="staff_ballot_of_quarter"),
        ]
