"""A contract's revision formula, and the revisions that were made by it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import Organisation, ScopedModel
from orders.models.contracts import Contract, PriceSchedule

MOST_INDEXES = 3
MOST_LAG = 12
MOST_PERIOD = 36
"""Months."""


class CoefficientRounding(models.TextChoices):
    """How a contract rounds its coefficient."""

    UP_3 = "up_3", _("au millième supérieur (CCAG)")
    NEAREST_3 = "nearest_3", _("au millième le plus proche")
    NEAREST_4 = "nearest_4", _("au dix-millième le plus proche")


class RevisionClause(ScopedModel):
    """A contract's formula: fixed part + share × index / index of the reference month.

    fixed_part and shares: parts of one, which make one together; shares stand in the order of
    `indexes`. reference_month: its first day (the contract's month zero). lag_months: the index is
    read so many months before the month of effect. period_months: from one revision to the next.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="revision_clauses",
        db_constraint=False,
        db_index=False,
    )
    fixed_part = models.DecimalField(_("partie fixe"), max_digits=5, decimal_places=4)
    indexes = ArrayField(models.CharField(max_length=20), verbose_name=_("indices"))
    shares = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=4), verbose_name=_("parts")
    )
    reference_month = models.DateField(_("mois de référence"))
    lag_months = models.PositiveSmallIntegerField(_("décalage de lecture en mois"), default=3)
    period_months = models.PositiveSmallIntegerField(_("période en mois"), default=12)
    rounding = models.CharField(
        _("arrondi du coefficient"),
        max_length=12,
        choices=CoefficientRounding,
        default=CoefficientRounding.UP_3,
    )

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        read_only=frozenset({"contractor"}),
    )

    class Meta:
        verbose_name = _("formule de révision")
        verbose_name_plural = _("formules de révision")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "contract"], name="one_revision_clause"),
            models.CheckConstraint(
                condition=Q(fixed_part__gte=0, fixed_part__lt=1), name="revision_fixed_part_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(indexes__len__range=(1, MOST_INDEXES), shares__len=F("indexes__len")),
                name="revision_share_per_index",
            ),
            models.CheckConstraint(
                condition=Q(reference_month__day=1), name="revision_month_is_a_first_day"
            ),
            models.CheckConstraint(
                condition=Q(lag_months__lte=MOST_LAG, period_months__range=(1, MOST_PERIOD)),
                name="revision_delays_are_sane",
            ),
            models.CheckConstraint(
                condition=Q(rounding__in=CoefficientRounding.values),
                name="revision_rounding_is_known",
            ),
        ]

    def __str__(self) -> str:
        return " + ".join([str(self.fixed_part), *(f"{s} × {code}" for code, s in self.terms)])

    @property
    def terms(self) -> list[tuple[str, Decimal]]:
        """Return each index with its share."""
        return list(zip(self.indexes, self.shares, strict=True))


class ScheduleRevision(ScopedModel):
    """How the prices of a version were computed: copied, so that it stays what it was.

    The contractor reads it with the version, once that is published. parts: for each index its
    code, share, months, values, sources and whether a value was provisional (see
    `orders.services.revisions`).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="revisions",
        db_constraint=False,
        db_index=False,
    )
    schedule = models.ForeignKey(
        PriceSchedule,
        on_delete=models.PROTECT,
        related_name="revisions",
        db_constraint=False,
        db_index=False,
    )
    fixed_part = models.DecimalField(_("partie fixe"), max_digits=5, decimal_places=4)
    parts = models.JSONField(_("indices lus"))
    coefficient = models.DecimalField(_("coefficient"), max_digits=7, decimal_places=4)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"contractor_id = {setting('contractor')} AND EXISTS (SELECT 1 FROM"
            " orders_priceschedule s WHERE s.id = orders_schedulerevision.schedule_id"
            " AND s.published_at IS NOT NULL)",
            lambda scope: Q(
                contractor_id=scope.contractor_id, schedule__published_at__isnull=False
            ),
        ),
        read_only=frozenset({"contractor"}),
    )

    class Meta:
        verbose_name = _("révision de bordereau")
        verbose_name_plural = _("révisions de bordereau")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "contract", "schedule"], name="one_revision_of_a_version"
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gt=0), name="revision_coefficient_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coefficient}"
