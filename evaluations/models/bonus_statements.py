"""Bonus and malus: statements of periods, line by line, what is contested of them, what follows.

Statements and lines are the clock's; the company contests, the landlord answers, both may close.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.models import Invoice
from evaluations.bonus_terms import BonusFact, ContestOutcome, Neutral, Outcome
from evaluations.models.bonus import BonusRules
from evaluations.models.walls import BOTH, BY_COMPANY, CLOSED_BY_BOTH, CONTESTS
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel, User
from orders.models import Contract, Order

explain("one_bonus_contest", "reason", _("Cette ligne est déjà contestée."))
explain("one_bonus_document_number", "number", _("Le numéro du document est déjà noté."))


class BonusStatement(ScopedModel):
    """What a period came to, as sums; its lines stand apart. Nothing changes once it is closed.

    base: works invoiced in the period. regularised: what earlier ones give back, outside of the
    caps of this one. total = bonus − malus + perception + cap + regularised. mean, quarter: what
    was published of tenants' opinions, and of when. closed_by: null when the clock closed it.
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
    rules = models.ForeignKey(
        BonusRules, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    reference = models.CharField(_("référence"), max_length=60)
    first = models.DateField(_("du"))
    last = models.DateField(_("au"))
    made_at = models.DateTimeField(_("établi le"))
    contest_until = models.DateTimeField(_("contestable jusqu’au"))
    base = models.DecimalField(_("travaux facturés HT"), max_digits=12, decimal_places=2)
    bonus = models.DecimalField(_("bonus"), max_digits=12, decimal_places=2)
    malus = models.DecimalField(_("malus"), max_digits=12, decimal_places=2)
    perception = models.DecimalField(_("perception"), max_digits=12, decimal_places=2)
    cap = models.DecimalField(_("effet du plafond"), max_digits=12, decimal_places=2)
    regularised = models.DecimalField(
        _("régularisations"), max_digits=12, decimal_places=2, default=0, db_default=0
    )
    total = models.DecimalField(_("résultat"), max_digits=12, decimal_places=2)
    mean = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    quarter = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    closed_side = models.CharField(max_length=12, blank=True)

    scope_rule = CLOSED_BY_BOTH

    class Meta:
        verbose_name = _("relevé de bonus et malus")
        verbose_name_plural = _("relevés de bonus et malus")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="bonus_statement_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "first"], name="one_bonus_statement_of_a_period"
            ),
            models.CheckConstraint(
                condition=Q(bonus__gte=0, malus__gte=0, perception__gte=0)
                & Q(regularised__gte=0)
                & Q(total=F("bonus") - F("malus") + F("perception") + F("cap") + F("regularised")),
                name="bonus_statement_adds_all_up",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_side="")
                | Q(closed_at__isnull=False) & ~Q(closed_side=""),
                name="bonus_statement_closed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "-first", "-id"], name="bonus_statement_landlord"),
            models.Index(fields=["contractor", "-first", "-id"], name="bonus_statement_contractor"),
            models.Index(
                fields=["contest_until"],
                condition=Q(closed_at__isnull=True),
                name="bonus_statement_to_close",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BonusLine(ScopedModel):
    """A measured unit of a statement. full: what it would come to if it weren't neutral."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    statement = models.ForeignKey(
        BonusStatement,
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
        db_constraint=False,
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    rank = models.PositiveIntegerField()
    fact = models.CharField(max_length=12, choices=BonusFact)
    on = models.DateField()
    value = models.DecimalField(max_digits=9, decimal_places=0, null=True, blank=True)
    failed = models.BooleanField(default=False)
    limit = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    neutral = models.CharField(max_length=12, choices=Neutral, blank=True)
    full = models.DecimalField(max_digits=12, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    scope_rule = BOTH

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="bonus_line_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "statement", "rank"], name="one_bonus_line_of_rank"
            ),
            models.CheckConstraint(
                condition=Q(neutral="") | Q(amount__gte=0), name="bonus_neutral_line_costs_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.amount}"


class BonusRegularisation(ScopedModel):
    """A line of an earlier, closed statement whose malus is given back, since its order turned out
    neutral afterwards. Each line once; amount: what its statement would have come to more, which a
    cap may make less than the malus.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    statement = models.ForeignKey(
        BonusStatement,
        on_delete=models.PROTECT,
        related_name="regularisations",
        db_index=False,
        db_constraint=False,
    )
    line = models.ForeignKey(
        BonusLine,
        on_delete=models.PROTECT,
        related_name="regularisations",
        db_index=False,
        db_constraint=False,
    )
    neutral = models.CharField(max_length=12, choices=Neutral)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    scope_rule = BOTH

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="bonus_regularisation_of"),
            models.UniqueConstraint(fields=["landlord", "line"], name="one_bonus_regularisation"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & ~Q(neutral=""),
                name="bonus_regularisation_gives_back",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "statement"], name="bonus_regularisation_in"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.amount}"


class BonusContest(ScopedModel):
    """A line that the company contests, and what the landlord answered. At the end silence is for
    the company."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(
        BonusStatement,
        on_delete=models.PROTECT,
        related_name="contests",
        db_index=False,
        db_constraint=False,
    )
    line = models.ForeignKey(
        BonusLine,
        on_delete=models.PROTECT,
        related_name="contests",
        db_index=False,
        db_constraint=False,
    )
    reason = models.CharField(_("motif"), max_length=500)
    contested_at = models.DateTimeField()
    contested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=ContestOutcome, blank=True)
    answer = models.CharField(_("réponse"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    scope_rule = CONTESTS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="bonus_contest_of_landlord"),
            models.UniqueConstraint(fields=["landlord", "line"], name="one_bonus_contest"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True)
                | ~Q(outcome="") & Q(answered_at__isnull=False),
                name="bonus_contest_answered_exactly_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "statement"], name="bonus_contest_of_statement"),
        ]

    def __str__(self) -> str:
        return self.reason


class BonusDocument(ScopedModel):
    """The credit note or invoice by which the company settles a closed statement.

    invoice: null of a number that was noted before documents had to be among those of the two. One
    that was given up, or thrown away before it was filed, leaves the statement open to another.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(
        BonusStatement,
        on_delete=models.PROTECT,
        related_name="documents",
        db_index=False,
        db_constraint=False,
    )
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    number = models.CharField(_("numéro du document"), max_length=40)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    scope_rule = BY_COMPANY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "statement", "number"], name="one_bonus_document_number"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="bonus_document_has_a_number"),
        ]

    def __str__(self) -> str:
        return self.number
