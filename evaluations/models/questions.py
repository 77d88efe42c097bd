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


class Wording(KernelModel):
    """One sentence or phrase of a version of a questionnaire, in one language.

    code: the subject of a question, or what the page around it says (languages.PHRASES). A version
    goes with its languages: new words are a new version here too, in each of them. Marks are kept
    by subject, so that they compare whatever the language.
    """

    direction = models.CharField(_("sens"), max_length=20, choices=Direction)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("langue"), max_length=5)
    code = models.CharField(_("sujet ou élément de la page"), max_length=20)
    text = models.CharField(_("phrase"), max_length=300)

    class Meta:
        verbose_name = _("phrase traduite")
        verbose_name_plural = _("phrases traduites")
        ordering = ["direction", "-version", "language", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["direction", "version", "language", "code"], name="one_wording_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.text
