"""What is reported of tenants' words, and what the platform decided of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.answers import Voice
from evaluations.models.walls import REPORTED
from evaluations.voice_terms import ReportGround, ReportOutcome
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel

explain("one_voice_report", "ground", _("Ce commentaire est déjà signalé à la plateforme."))


class VoiceReport(ScopedModel):
    """One of the two houses asks the platform to look at a tenant's words: once for each voice.

    side: which of the two. outcome: empty until the platform has decided, with a reason.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    voice = models.ForeignKey(
        Voice,
        on_delete=models.PROTECT,
        related_name="reports",
        db_index=False,
        db_constraint=False,
    )
    side = models.CharField(_("signalé par"), max_length=12)
    ground = models.CharField(_("motif"), max_length=12, choices=ReportGround)
    note = models.CharField(_("précision"), max_length=300, blank=True)
    reported_at = models.DateTimeField(_("signalé le"))
    outcome = models.CharField(
        _("décision"), max_length=10, choices=ReportOutcome, blank=True, default=""
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    decision_reason = models.CharField(_("motif de la décision"), max_length=300, blank=True)

    scope_rule = REPORTED

    class Meta:
        verbose_name = _("commentaire signalé")
        verbose_name_plural = _("commentaires signalés")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "voice"], name="one_voice_report"),
            models.CheckConstraint(
                condition=Q(side__in=["landlord", "contractor"], ground__in=ReportGround.values),
                name="voice_report_by_a_house",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True, decision_reason="")
                | Q(outcome__in=ReportOutcome.values, decided_at__isnull=False)
                & ~Q(decision_reason=""),
                name="voice_report_decided_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "-reported_at"], name="voice_report_of_contractor"),
        ]

    def __str__(self) -> str:
        return self.get_ground_display()
