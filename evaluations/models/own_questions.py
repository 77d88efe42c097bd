"""A landlord's own questions, beside the eleven axes that nobody removes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.axes import MOST_OWN, OWN, OWN_DIRECTIONS, Direction, new_subject
from evaluations.models.walls import OWN_QUESTIONS
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel

explain(
    "one_own_question_per_place",
    "direction",
    _("Quelqu’un vient d’ajouter une question dans ce sens : vérifiez la liste, puis recommencez."),
)


class OwnQuestion(ScopedModel):
    """One sentence that a landlord asks beside the axes, in one direction.

    It is never changed: other words are the next version, with a subject of its own, so that
    nobody's answer stands under another sentence. starts_on, ends_on: the first quarter that asks
    it, and the first that doesn't any more. position: its place among those that are asked.
    translations: the same sentence by language, of a question to tenants.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    direction = models.CharField(_("sens"), max_length=20, choices=Direction)
    subject = models.CharField(max_length=20, default=new_subject, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    position = models.PositiveSmallIntegerField(_("rang"))
    text = models.CharField(_("phrase"), max_length=200)
    translations = models.JSONField(_("traductions"), default=dict, blank=True)
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)

    scope_rule = OWN_QUESTIONS

    class Meta:
        verbose_name = _("question d’un bailleur")
        verbose_name_plural = _("questions des bailleurs")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "subject"], name="one_own_question"),
            models.UniqueConstraint(
                fields=["landlord", "direction", "position"],
                condition=Q(ends_on__isnull=True),
                name="one_own_question_per_place",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=OWN_DIRECTIONS, position__range=(1, MOST_OWN))
                & Q(subject__startswith=OWN),
                name="own_question_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="own_question_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.text
