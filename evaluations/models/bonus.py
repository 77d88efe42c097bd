"""Bonus and malus: a contract's rules, and what the company answered to them.

Each side writes its own: the landlord the rules, the company its signature.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.bonus_terms import (
    MOST_CAP_BONUS,
    MOST_CAP_MALUS,
    MOST_PERCEPTION,
    BonusFact,
    BonusPer,
    Rhythm,
)
from evaluations.models.walls import BONUS_RULES, BONUS_TERMS, BY_COMPANY
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel, User
from orders.models import Contract
from orders.terms import InvoicePiece

explain(
    "one_bonus_draft",
    "__all__",
    _("Une version est déjà en préparation sur ce marché : proposez-la ou retirez-la d’abord."),
)


class BonusRules(ScopedModel):
    """A version of a contract's rules. Prepared until it is proposed, then it never changes.

    starts_on: from when on it is wanted; from when it applies is said by the answer. pieces: of
    the closing pack, copied from the contract. sha256: of the terms that both sides sign.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("version"))
    rhythm = models.CharField(_("période"), max_length=8, choices=Rhythm)
    starts_on = models.DateField(_("à partir du"))
    onboarding_until = models.DateField(_("sans malus jusqu’au"), null=True, blank=True)
    cap_bonus = models.DecimalField(_("plafond du bonus en %"), max_digits=4, decimal_places=2)
    cap_malus = models.DecimalField(_("plafond du malus en %"), max_digits=4, decimal_places=2)
    perception_weight = models.PositiveSmallIntegerField(_("poids de la perception en %"))
    perception_from = models.DecimalField(
        _("perception à partir de"), max_digits=2, decimal_places=1, null=True, blank=True
    )
    pieces = ArrayField(models.CharField(max_length=20, choices=InvoicePiece), default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    scope_rule = BONUS_RULES

    class Meta:
        verbose_name = _("règles de bonus et malus")
        verbose_name_plural = _("règles de bonus et malus")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="bonus_rules_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "number"], name="one_bonus_rules_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "contract"],
                condition=Q(proposed_at__isnull=True, withdrawn_at__isnull=True),
                name="one_bonus_draft",
            ),
            models.CheckConstraint(
                condition=Q(rhythm="month", starts_on__day=1)
                | Q(rhythm="quarter", starts_on__day=1, starts_on__month__in=[1, 4, 7, 10]),
                name="bonus_rules_start_with_a_period",
            ),
            models.CheckConstraint(
                condition=Q(
                    cap_bonus__range=(0, MOST_CAP_BONUS), cap_malus__range=(0, MOST_CAP_MALUS)
                ),
                name="bonus_caps_are_sane",
            ),
            models.CheckConstraint(
                condition=Q(perception_weight=0, perception_from__isnull=True)
                | Q(perception_weight__range=(1, MOST_PERCEPTION), perception_from__range=(1, 5)),
                name="bonus_perception_weighs_little_above_its_threshold",
            ),
            models.CheckConstraint(
                condition=Q(proposed_at__isnull=True, sha256="")
                | Q(proposed_at__isnull=False, proposed_by__isnull=False) & ~Q(sha256=""),
                name="bonus_rules_proposed_with_name_and_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class BonusTerm(ScopedModel):
    """What one fact brings and costs in a version of the rules."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    rules = models.ForeignKey(
        BonusRules,
        on_delete=models.PROTECT,
        related_name="terms",
        db_index=False,
        db_constraint=False,
    )
    fact = models.CharField(_("fait"), max_length=12, choices=BonusFact)
    limit = models.PositiveSmallIntegerField(_("seuil"), default=0)
    per = models.CharField(max_length=8, choices=BonusPer, default=BonusPer.EUROS)
    bonus = models.DecimalField(_("bonus"), max_digits=7, decimal_places=2)
    malus = models.DecimalField(_("malus"), max_digits=7, decimal_places=2)

    scope_rule = BONUS_TERMS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "rules", "fact"], name="one_bonus_term_per_fact"
            ),
            models.CheckConstraint(
                condition=Q(fact__in=BonusFact.values)
                & Q(bonus__gte=0, malus__gte=0)
                & (Q(per="euros") | Q(per="percent", bonus__lte=100, malus__lte=100)),
                name="bonus_term_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.fact


class BonusAnswer(ScopedModel):
    """The company's signature under a version, or its refusal. sha256: of what it read.

    applies_from: the first day of the rules, never before the day of the answer.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    rules = models.OneToOneField(
        BonusRules, on_delete=models.PROTECT, related_name="answer", db_constraint=False
    )
    accepted = models.BooleanField()
    reason = models.CharField(_("motif du refus"), max_length=500, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    answered_on = models.DateField()
    applies_from = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)

    scope_rule = BY_COMPANY

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted=False, applies_from__isnull=True) & ~Q(reason="")
                | Q(accepted=True, applies_from__day=1, applies_from__gte=F("answered_on")),
                name="bonus_rules_never_apply_backwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rules_id} {self.accepted}"
