"""Marks: first beside their evaluation, behind a wall; then as ballots that nobody's name is on."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.axes import Direction
from evaluations.models.campaigns import Campaign
from evaluations.models.evaluations import Evaluation
from evaluations.models.walls import ANSWERS, BOTH
from nexxio.core.db.rls import Rule
from nexxio.core.models import Agency, Case, Group, Organisation, ScopedModel, Tenant, User


class Answer(ScopedModel):
    """The marks of one evaluation, by subject: 1 to 5, or null for "je ne sais pas".

    user, tenant, reader_case: whoever gave them, and reads them alone until they are shared. They
    are emptied when it is revealed or counted.
    contact: the tenant wants to be called back, and so lets both sides see which repair it is.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, related_name="answer", db_constraint=False
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    direction = models.CharField(max_length=20, choices=Direction)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    reader_case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    marks = models.JSONField(default=dict)
    text = models.CharField(_("commentaire"), max_length=500, blank=True)
    contact = models.BooleanField(_("me recontacter"), default=False)

    scope_rule = ANSWERS

    class Meta:
        constraints = [
            # One record per respondent, campaign and direction.
            models.UniqueConstraint(
                fields=["landlord", "campaign", "direction", "user"],
                condition=Q(campaign__isnull=False, user__isnull=False),
                name="one_answer_per_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.evaluation_id}"


class Ballot(ScopedModel):
    """What counts in results, cut off from person, order and day; no event names it.

    Its key is random and its time is its quarter's first, so that neither tells when it was made.
    Empty marks: somebody was asked and gave none. Nobody reads it, but the clock that publishes.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    created_at = models.DateTimeField(editable=False)
    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=20, choices=Direction)
    quarter = models.DateField()
    month = models.DateField()
    trade_code = models.CharField(max_length=20, blank=True)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
    )
    residence = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
    )
    marks = models.JSONField(default=dict)
    text = models.CharField(max_length=500, blank=True)

    scope_rule = Rule()

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "quarter", "direction"], name="ballot_of_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.quarter}"


class Voice(ScopedModel):
    """What a tenant wrote of a repair: no name, no address, no day, no order, no mark.

    Both sides read it, because enough others gave an opinion on that company in that month.
    withdrawn_at: the platform took it back; its words are gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    created_at = models.DateTimeField(editable=False)
    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(_("mois"))
    text = models.CharField(_("commentaire"), max_length=500)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    scope_rule = BOTH

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="voice_once_of_landlord"),
        ]
        indexes = [models.Index(fields=["landlord", "-month"], name="voice_of_landlord")]

    def __str__(self) -> str:
        return self.text
