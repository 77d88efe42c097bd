"""One evaluation: who is asked about whom, and where it stands. Its marks are a table apart."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.axes import NAMED, SUBJECTS, Direction
from evaluations.models.campaigns import Campaign
from evaluations.models.walls import EVALUATIONS
from evaluations.states import EvaluationState
from nexxio.core.models import Agency, Case, Group, Organisation, ScopedModel, Tenant
from orders.models import Order


class Evaluation(ScopedModel):
    """An evaluation that is asked for, or given. It says nothing of the person who gave it.

    order: of an order's tenant, or of the one question after a notable order; campaign: of the
    quarter's eleven axes. residence: of the order's unit. language: in which its tenant reads the
    questions; it goes with the row and is in no ballot. is_shared: both sides read it; a
    company's of its landlord never is.
    Once what it says is counted it is unlinked: a tenant's, and a company's, are deleted then.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(_("sens"), max_length=20, choices=Direction)
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="evaluations",
        null=True,
        blank=True,
        db_constraint=False,
    )
    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    reader_case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False
    )
    trade_code = models.CharField(_("corps d’état"), max_length=20, blank=True)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    residence = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    language = models.CharField(_("langue"), max_length=5, default="fr", db_default="fr")
    quarter = models.DateField(_("trimestre"))
    version = models.PositiveSmallIntegerField(_("version du questionnaire"))
    subjects = ArrayField(models.CharField(max_length=20, choices=SUBJECTS))
    state = models.CharField(
        _("état"), max_length=12, choices=EvaluationState, default=EvaluationState.INVITED
    )
    opened_at = models.DateTimeField(_("demandée le"))
    closes_at = models.DateTimeField(_("visible le"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    is_shared = models.BooleanField(default=False)
    reply = models.CharField(_("réponse"), max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    contest_reason = models.CharField(_("motif de la contestation"), max_length=300, blank=True)
    contested_at = models.DateTimeField(_("contestée le"), null=True, blank=True)
    decided_at = models.DateTimeField(_("tranchée le"), null=True, blank=True)
    decision_reason = models.CharField(
        _("motif de la décision"), max_length=300, blank=True, default="", db_default=""
    )
    counted_at = models.DateTimeField(null=True, blank=True)

    scope_rule = EVALUATIONS

    class Meta:
        verbose_name = _("évaluation")
        verbose_name_plural = _("évaluations")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="evaluation_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "direction"],
                condition=Q(order__isnull=False),
                name="one_evaluation_per_order_and_side",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EvaluationState.values), name="evaluation_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_shared=False) | Q(direction__in=NAMED),
                name="evaluation_of_a_landlord_is_never_shared",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=True) ^ Q(campaign__isnull=True),
                name="evaluation_is_of_an_order_or_a_campaign",
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.TENANT_REPAIR) | Q(reader_case__isnull=True),
                name="evaluation_of_a_case_is_its_tenants",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "state", "closes_at"], name="evaluation_landlord"),
            models.Index(fields=["contractor", "state", "closes_at"], name="evaluation_contractor"),
            models.Index(
                fields=["closes_at"],
                condition=Q(state__in=["invited", "answered"]),
                name="evaluation_running",
            ),
            models.Index(
                fields=["revealed_at"],
                condition=Q(counted_at__isnull=True),
                name="evaluation_to_count",
            ),
            models.Index(
                fields=["landlord", "quarter"],
                condition=Q(counted_at__isnull=True),
                name="evaluation_uncounted",
            ),
            models.Index(
                fields=["reader_case"],
                condition=Q(reader_case__isnull=False),
                name="evaluation_of_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}, {self.get_state_display()}"
