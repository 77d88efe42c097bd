"""The contract review: the quarterly meeting of a landlord and a company, as an object.

Both sides add points and write the minutes; the minutes are closed with their agenda, then each
side signs. Decisions are followed at the next review.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import OF_OWN_SIDE, REVIEWS
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel, User
from orders.models import Contract

explain("one_review_per_quarter", "quarter", _("Ce trimestre a déjà sa revue sur ce marché."))


class ReviewSide(models.TextChoices):
    """Whose point, decision or signature it is."""

    LANDLORD = "landlord", _("Bailleur")
    CONTRACTOR = "contractor", _("Entreprise")


class DecisionOutcome(models.TextChoices):
    """What became of a decision."""

    DONE = "done", _("Faite")
    DROPPED = "dropped", _("Abandonnée")


class Review(ScopedModel):
    """A review of one contract about one quarter.

    agenda: what the meeting is about, in words; kept when the minutes are closed, and counted anew
    each time until then. sha256: of all that both sides sign. version: of the minutes, so that
    nobody writes over what somebody else has written.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    quarter = models.DateField(_("trimestre"))
    meets_on = models.DateField(_("date de la réunion"))
    minutes = models.TextField(_("compte rendu"), blank=True)
    version = models.PositiveIntegerField(default=1)
    agenda = models.JSONField(default=list, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_side = models.CharField(max_length=10, choices=ReviewSide, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    scope_rule = REVIEWS

    class Meta:
        verbose_name = _("revue de contrat")
        verbose_name_plural = _("revues de contrat")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="review_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "quarter"], name="one_review_per_quarter"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, sha256="", closed_side="")
                | Q(closed_at__isnull=False) & ~Q(sha256="") & ~Q(closed_side=""),
                name="review_closed_with_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="review_of_a_quarter",
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "-meets_on"], name="review_of_contractor"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.quarter}"


class ReviewPoint(ScopedModel):
    """What one side wants to talk about."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    review = models.ForeignKey(
        Review,
        on_delete=models.PROTECT,
        related_name="points",
        db_index=False,
        db_constraint=False,
    )
    side = models.CharField(_("de la part de"), max_length=10, choices=ReviewSide)
    text = models.CharField(_("point"), max_length=300)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    scope_rule = OF_OWN_SIDE

    class Meta:
        verbose_name = _("point de revue")
        verbose_name_plural = _("points de revue")
        indexes = [
            models.Index(fields=["landlord", "review"], name="point_of_review"),
            models.Index(fields=["contractor", "review"], name="point_of_contractor"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.side}"


class ReviewDecision(ScopedModel):
    """What was decided, who does it, until when. Settled at a later review, or before."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    review = models.ForeignKey(
        Review,
        on_delete=models.PROTECT,
        related_name="decisions",
        db_index=False,
        db_constraint=False,
    )
    text = models.CharField(_("décision"), max_length=300)
    side = models.CharField(_("à la charge de"), max_length=10, choices=ReviewSide)
    owner = models.CharField(_("service ou fonction"), max_length=80)
    due_on = models.DateField(_("échéance"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=DecisionOutcome, blank=True)
    outcome_note = models.CharField(_("suite donnée"), max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_side = models.CharField(max_length=10, choices=ReviewSide, blank=True)

    scope_rule = REVIEWS

    class Meta:
        verbose_name = _("décision de revue")
        verbose_name_plural = _("décisions de revue")
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, outcome="", settled_side="")
                | Q(settled_at__isnull=False) & ~Q(outcome="") & ~Q(settled_side=""),
                name="decision_settled_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(settled_at__isnull=True),
                name="decision_withdrawn_or_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "review"], name="decision_of_review"),
            models.Index(
                fields=["contractor", "due_on"],
                condition=Q(settled_at__isnull=True, withdrawn_at__isnull=True),
                name="decision_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.due_on}"


class ReviewSignature(ScopedModel):
    """One side's signature: who, when, and the hash of what he read."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    review = models.ForeignKey(
        Review,
        on_delete=models.PROTECT,
        related_name="signatures",
        db_index=False,
        db_constraint=False,
    )
    side = models.CharField(max_length=10, choices=ReviewSide)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    scope_rule = OF_OWN_SIDE

    class Meta:
        verbose_name = _("signature de revue")
        verbose_name_plural = _("signatures de revue")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "review", "side"], name="one_review_signature_per_side"
            ),
            models.CheckConstraint(
                condition=~Q(sha256=""),
                name="review_signed_with_hash",
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "review"], name="signature_of_contractor"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.side}"
