"""Long work, as rows with a state: a killed worker's job is taken again by the sweep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.organisations import Organisation


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("En attente")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Terminé")
    FAILED = "failed", _("Échec")


class Job(ScopedModel):
    """A piece of long work asked by a person, done by a worker.

    landlord: for whom; of what a company asks for itself that company, as of its events.
    leased_until: the worker renews it while it lives; past it, another one may take the job.
    is_awaited: somebody looks at its progress, so that it comes before what events ask for.
    was_refused: it failed on what a person gave (a broken file), who reads why; nothing of ours.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    asked_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(_("état"), max_length=8, choices=JobState, default=JobState.QUEUED)
    payload = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    done_steps = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("erreur"), blank=True)
    was_refused = models.BooleanField(_("refusé"), default=False, db_default=False)
    is_awaited = models.BooleanField(_("attendu"), default=False, db_default=False)

    scope_rule = Rule(landlord="landlord_id", contractor="landlord_id")

    class Meta:
        verbose_name = _("travail long")
        verbose_name_plural = _("travaux longs")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="job_of_landlord"),
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="job_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) ^ Q(state__in=["done", "failed"]),
                name="job_finished_exactly_when_it_is_over",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "kind", "-created_at"]),
            models.Index(
                fields=["-is_awaited", "created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="job_to_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    @property
    def percent(self) -> int:
        """Progress from 0 to 100."""
        return 100 * self.done_steps // self.total_steps if self.total_steps else 0
