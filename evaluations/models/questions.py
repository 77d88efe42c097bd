"""The questionnaires: platform data, versioned. A wording that changes is a new version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.axes import SUBJECTS, Direction, Use
from nexxio.core.models import KernelModel


class Question(KernelModel):
    """One sentence to be marked from 1 to 5, in one version of one direction's questionnaire.

    starts_on: from when on the version is asked. Evaluations keep the version that they were
    asked with, so that nobody's answer ever stands under another sentence.
    """

    direction = models.CharField(_("sens"), max_length=20, choices=Direction)
    version = models.PositiveSmallIntegerField(_("version"))
    subject = models.CharField(_("axe ou critère"), max_length=20, choices=SUBJECTS)
    use = models.CharField(_("posée"), max_length=10, choices=Use)
    position = models.PositiveSmallIntegerField(_("rang"))
    text = models.CharField(_("phrase"), max_length=200)
    starts_on = models.DateField(_("à partir du"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questionnaires")
        ordering = ["direction", "-version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["direction", "version", "subject"], name="one_question_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values, use__in=Use.values),
                name="question_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.text
